import Testing
import Trading

@testable import PaperExchange

extension VenueOrderRequest {
    /// The same order under another variety, with a trigger price where one is given.
    func under(_ variety: Variety, trigger: Price? = nil) -> VenueOrderRequest {
        var other = self
        other.variety = variety
        if let trigger { other.terms.triggerPrice = trigger }
        return other
    }
}

struct AfterMarketTests {
    static let sent: [VenueOrderStatus] = [.afterMarketReceived, .validationPending, .openPending]

    /// A floor with hours, an hour before its session.
    private func earlyFloor() -> PaperFloor {
        let floor = PaperFloor(alwaysOpen: false)
        floor.now = Timestamp(indianDate: PaperFloor.date, secondOfDay: 8 * 3_600)
        return floor
    }

    private func open(_ floor: PaperFloor) {
        floor.now = Timestamp(indianDate: PaperFloor.date, secondOfDay: 9 * 3_600 + 15 * 60)
        floor.market.advance(at: floor.now)
    }

    @Test func `an order placed before the session goes to the book with its first step`() throws {
        let floor = earlyFloor()
        let id = try floor.place(PaperFloor.request(.buy, price: floor.price(100)).under(.afterMarket))
        #expect(floor.order(id)?.status == .afterMarketReceived && floor.order(id)?.exchangeOrderID == nil)
        floor.advance(20)
        #expect(floor.order(id)?.status == .afterMarketReceived && floor.market.updates.isEmpty)
        #expect(try #require(floor.purse()).utilised.span > .zero)
        open(floor)
        #expect(floor.order(id)?.status == .complete && floor.order(id)?.exchangeOrderID != nil)
        #expect(floor.order(id)?.variety == .afterMarket)
        #expect(floor.market.history(of: id, account: "A")?.map(\.status) == Self.sent + [.open, .complete])
        #expect(floor.market.history(of: id, account: "A")?.prefix(3).allSatisfy { $0.exchangeTime == nil } == true)
        #expect(floor.market.updates.map(\.event) == [.filled])
    }

    @Test func `an order placed during the session goes to the book with the next step`() throws {
        let floor = PaperFloor()
        let price = floor.price(-50)
        let id = try floor.place(PaperFloor.request(.buy, price: price).under(.afterMarket))
        #expect(
            floor.order(id)?.status == .afterMarketReceived
                && floor.quote()?.bids.contains { $0.price == price } == false)
        floor.advance()
        #expect(floor.order(id)?.status == .open)
        floor.advance()
        #expect(floor.market.history(of: id, account: "A")?.map(\.status) == Self.sent + [.open])
    }

    @Test func `a waiting order is changed and cancelled as it waits`() throws {
        let floor = earlyFloor()
        let id = try floor.place(PaperFloor.request(.buy, price: floor.price(-50)).under(.afterMarket))
        let price = floor.price(-60)
        try floor.modify(id, OrderChange(quantity: 130, price: price))
        #expect(floor.order(id)?.status == .afterMarketReceived && floor.order(id)?.isModified == true)
        #expect(floor.order(id)?.price == price && floor.order(id)?.quantity == 130)
        #expect(throws: VenueRefusal.protectionMissing) { try floor.modify(id, OrderChange(type: .market)) }
        try floor.cancel(id)
        open(floor)
        #expect(floor.order(id)?.status == .cancelled && floor.order(id)?.cancelledQuantity == 130)
        #expect(
            floor.market.history(of: id, account: "A")?.map(\.status) == [
                .afterMarketReceived, .modifyValidationPending, .modifyPending, .modified, .afterMarketReceived,
                .cancelPending, .cancelled,
            ])
        #expect(floor.market.updates.map(\.event) == [.modified, .cancelled])
        #expect(floor.purse()?.utilised.debits == .zero)
    }

    @Test func `a market order is protected from the price at which it is sent`() throws {
        let floor = earlyFloor()
        let request = PaperFloor.request(.buy, .market, protection: .automatic).under(.afterMarket)
        let id = try floor.place(request)
        #expect(floor.order(id)?.type == .market && floor.order(id)?.price == nil)
        try floor.modify(id, OrderChange(quantity: 130))
        #expect(floor.order(id)?.type == .market && floor.order(id)?.price == nil)
        open(floor)
        #expect(floor.order(id)?.type == .limit && floor.order(id)?.filledQuantity == 130)
        #expect(try #require(floor.order(id)?.price) > .zero)
    }

    @Test func `a stop waits twice, and minutes count from the opening`() throws {
        let floor = earlyFloor()
        let stop = try floor.place(
            PaperFloor.request(.buy, .stopLimit, price: floor.price(400), trigger: floor.price(300)).under(.afterMarket)
        )
        let timed = try floor.place(
            PaperFloor.request(.buy, price: floor.price(-2_000), validity: .minutes(1)).under(.afterMarket))
        open(floor)
        #expect(floor.market.history(of: stop, account: "A")?.map(\.status) == Self.sent + [.triggerPending])
        floor.advance(239)
        #expect(floor.order(timed)?.status == .open)
        floor.advance()
        #expect(floor.order(timed)?.status == .cancelled)
    }

    @Test func `what the exchange refuses is refused at the opening and frees its margin`() throws {
        let floor = earlyFloor()
        let id = try floor.place(
            PaperFloor.request(.buy, quantity: 1_820, price: Price(rupees: 24_000)).under(.afterMarket))
        #expect(floor.order(id)?.status == .afterMarketReceived)
        open(floor)
        #expect(floor.order(id)?.status == .rejected && floor.order(id)?.pendingQuantity == 0)
        #expect(
            floor.market.history(of: id, account: "A")?.map(\.status) == [
                .afterMarketReceived, .validationPending, .rejected,
            ])
        #expect(floor.purse()?.utilised.debits == .zero)
        #expect(floor.market.updates.map(\.event) == [.rejected])
    }

    @Test func `it is checked like any order, and is no cover order`() {
        let floor = earlyFloor()
        #expect(throws: VenueRefusal.priceOffTick(tick: Price(paise: 10))) {
            try floor.place(PaperFloor.request(.buy, price: Price(paise: 2_400_001)).under(.afterMarket))
        }
        #expect(throws: VenueRefusal.productNotAllowed(.nfo, .cover)) {
            try floor.place(
                PaperFloor.request(.buy, price: Price(rupees: 24_000), product: .cover).under(.afterMarket))
        }
        #expect(throws: VenueRefusal.marketClosed) {
            try floor.place(PaperFloor.request(.buy, price: Price(rupees: 24_000)))
        }
    }
}
