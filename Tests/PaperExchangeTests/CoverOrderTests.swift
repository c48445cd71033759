import Testing
import Trading

@testable import PaperExchange

struct CoverOrderTests {
    /// A cover order for one lot of the near future, its stop loss some ticks away.
    private func cover(
        _ floor: PaperFloor, _ side: Side = .buy, _ type: OrderType = .market, price: Price? = nil,
        stop ticks: Int64 = 500
    ) -> VenueOrderRequest {
        let trigger = floor.price(side == .buy ? -ticks : ticks)
        var request = PaperFloor.request(side, type, price: price, product: .intraday, protection: .automatic)
        request.tag = "mine"
        return request.under(.cover, trigger: trigger)
    }

    private func exit(_ floor: PaperFloor) -> VenueOrder? {
        floor.market.orders(of: "A").last { $0.parentID != nil }
    }

    @Test(arguments: Side.allCases) func `the stop loss appears with the first leg's fill`(side: Side) throws {
        let floor = PaperFloor()
        let request = cover(floor, side)
        let id = try floor.place(request)
        #expect(floor.order(id)?.status == .complete && floor.order(id)?.parentID == nil)
        let stop = try #require(exit(floor))
        #expect(stop.parentID == id && stop.side == side.opposite && stop.type == .stopLimit)
        #expect(stop.status == .triggerPending && stop.quantity == 65 && stop.variety == .cover)
        #expect(stop.triggerPrice == request.terms.triggerPrice && stop.tag == nil)
        let trigger = try #require(stop.triggerPrice)
        #expect(side == .buy ? try #require(stop.price) < trigger : try #require(stop.price) > trigger)
        #expect(floor.market.orders(of: "A").allSatisfy { $0.product == .cover })
        #expect(floor.market.trades(of: "A").allSatisfy { $0.trade.product == .cover })
        #expect(floor.positions().net.map(\.product) == [.cover])
        #expect(floor.positions().net.first?.quantity == Quantity(65 * side.sign))
        #expect(floor.market.updates.map(\.event) == [.filled])
        #expect(
            floor.market.history(of: stop.id, account: "A")?.map(\.status) == [
                .putReceived, .validationPending, .openPending, .triggerPending,
            ])
    }

    @Test func `cancelling the stop loss closes the position at once`() throws {
        let floor = PaperFloor()
        _ = try floor.place(cover(floor))
        let stop = try #require(exit(floor))
        try floor.cancel(stop.id)
        let closed = try #require(floor.order(stop.id))
        #expect(closed.status == .complete && closed.filledQuantity == 65 && closed.type == .limit)
        #expect(floor.positions().net.first?.quantity == 0)
        #expect(floor.market.updates.map(\.event) == [.filled, .modified, .filled])
        #expect(
            floor.market.history(of: stop.id, account: "A")?.map(\.status).suffix(5) == [
                .modifyValidationPending, .modifyPending, .modified, .open, .complete,
            ])
        #expect(floor.market.states.allSatisfy { $0.stops.isEmpty })
        #expect(throws: VenueRefusal.notCancellable(.complete)) { try floor.cancel(stop.id) }
        #expect(floor.purse()?.utilised.span == .zero)
    }

    @Test func `a stop loss that is reached closes the position`() throws {
        let floor = PaperFloor(seed: 5)
        _ = try floor.place(cover(floor, stop: 40))
        let stop = try #require(exit(floor))
        let isDone = floor.advance { $0.order(stop.id)?.status == .complete }
        try #require(isDone)
        #expect(floor.positions().net.first?.quantity == 0)
        #expect(floor.market.updates.map(\.event).prefix(2) == [.filled, .triggered])
    }

    @Test func `an unfilled first leg has no stop loss, and ends alone`() throws {
        let floor = PaperFloor()
        let id = try floor.place(cover(floor, .buy, .limit, price: floor.price(-100)))
        #expect(floor.order(id)?.status == .open && exit(floor) == nil)
        #expect(floor.order(id)?.triggerPrice != nil)
        try floor.cancel(id)
        floor.advance(20)
        #expect(floor.market.orders(of: "A").map(\.status) == [.cancelled])
    }

    /// A cover order for more shares than are offered, partly filled.
    private func partlyFilled(_ floor: PaperFloor) throws -> String {
        let quote = try #require(floor.quote(PaperFloor.share))
        let request = PaperFloor.request(
            .buy, of: PaperFloor.share, quantity: quote.asks[0].quantity.units + 50_000, price: quote.asks[0].price
        ).under(.cover, trigger: floor.price(-300, from: PaperFloor.share))
        return try floor.place(request)
    }

    @Test func `the stop loss grows with the first leg's fills`() throws {
        let floor = PaperFloor()
        let id = try partlyFilled(floor)
        let filled = try #require(floor.order(id)).filledQuantity
        #expect(exit(floor)?.quantity == filled)
        let hasMore = floor.advance { ($0.order(id)?.filledQuantity ?? 0) > filled }
        try #require(hasMore)
        let stop = try #require(exit(floor))
        #expect(stop.quantity == floor.order(id)?.filledQuantity && stop.status == .triggerPending)
        #expect(floor.market.orders(of: "A").count == 2)
    }

    @Test func `closing takes back what the first leg still waits for`() throws {
        let floor = PaperFloor()
        let id = try partlyFilled(floor)
        let stop = try #require(exit(floor))
        try floor.cancel(stop.id)
        #expect(floor.order(id)?.status == .cancelled)
        let isFlat = floor.advance { $0.positions().net.first?.quantity == 0 }
        #expect(isFlat)
        #expect(floor.order(stop.id)?.filledQuantity == floor.order(id)?.filledQuantity)
    }

    @Test func `cancelling a partly filled first leg keeps its stop loss`() throws {
        let floor = PaperFloor()
        let id = try partlyFilled(floor)
        try floor.cancel(id)
        #expect(exit(floor)?.status == .triggerPending)
        #expect(exit(floor)?.quantity == floor.order(id)?.filledQuantity)
    }

    @Test func `the stop loss's trigger takes its price along, and its price can be set`() throws {
        let floor = PaperFloor()
        _ = try floor.place(cover(floor))
        let stop = try #require(exit(floor))
        let (trigger, price) = (try #require(stop.triggerPrice), try #require(stop.price))
        let higher = trigger + Price(rupees: 10)
        try floor.modify(stop.id, OrderChange(triggerPrice: higher))
        let moved = try #require(floor.order(stop.id))
        #expect(moved.triggerPrice == higher && moved.status == .triggerPending)
        #expect(try #require(moved.price) > price)
        try floor.modify(stop.id, OrderChange(price: price))
        #expect(floor.order(stop.id)?.price == price && floor.order(stop.id)?.triggerPrice == higher)
        #expect(throws: VenueRefusal.termNotAllowed("quantity", variety: .cover)) {
            try floor.modify(stop.id, OrderChange(quantity: 130))
        }
        #expect(throws: VenueRefusal.termNotAllowed("order_type", variety: .cover)) {
            try floor.modify(stop.id, OrderChange(type: .limit))
        }
    }

    @Test func `the first leg's price and trigger move until it is filled`() throws {
        let floor = PaperFloor()
        let id = try floor.place(cover(floor, .buy, .limit, price: floor.price(-100)))
        let trigger = floor.price(-600)
        try floor.modify(id, OrderChange(price: floor.price(-90), triggerPrice: trigger))
        #expect(floor.order(id)?.triggerPrice == trigger && floor.order(id)?.status == .open)
        let wrong = floor.price(-80)
        #expect(throws: VenueRefusal.coverTriggerBeyondPrice(.sell, price: floor.price(-90))) {
            try floor.modify(id, OrderChange(triggerPrice: wrong))
        }
        try floor.modify(id, OrderChange(price: floor.price(20)))
        #expect(floor.order(id)?.status == .complete && exit(floor)?.triggerPrice == trigger)
        let partly = try partlyFilled(floor)
        #expect(throws: VenueRefusal.termNotAllowed("trigger_price", variety: .cover)) {
            try floor.modify(partly, OrderChange(triggerPrice: floor.price(-310, from: PaperFloor.share)))
        }
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let isExpected: @Sendable (VenueRefusal) -> Bool
        let change: @Sendable (inout VenueOrderRequest, PaperFloor) -> Void
    }

    static let refusals: [Refused] = [
        Refused(testDescription: "no trigger", isExpected: { $0 == .triggerMissing }) { request, _ in
            request.terms.triggerPrice = nil
        },
        Refused(testDescription: "trigger off tick", isExpected: { $0 == .triggerOffTick(tick: Price(paise: 10)) }) {
            request, _ in request.terms.triggerPrice = Price(paise: 2_400_001)
        },
        Refused(
            testDescription: "trigger above the last price",
            isExpected: { if case .triggerOnWrongSide(.sell, _) = $0 { true } else { false } }
        ) { request, floor in request.terms.triggerPrice = floor.price(50) },
        Refused(
            testDescription: "trigger out of the price range",
            isExpected: { if case .triggerBeyondCircuit(.sell, _) = $0 { true } else { false } }
        ) { request, _ in request.terms.triggerPrice = Price(rupees: 20_000) },
        Refused(testDescription: "carried forward", isExpected: { $0 == .productNotAllowed(.nfo, .carryForward) }) {
            request, _ in request.terms.product = .carryForward
        },
        Refused(testDescription: "stop", isExpected: { $0 == .termNotAllowed("order_type", variety: .cover) }) {
            request, floor in
            request.terms.type = .stopMarket
            request.terms.triggerPrice = floor.price(50)
        },
        Refused(testDescription: "immediate", isExpected: { $0 == .termNotAllowed("validity", variety: .cover) }) {
            request, _ in request.terms.timeInForce = .immediateOrCancel
        },
    ]

    @Test(arguments: refusals) func `a cover order that cannot be closed is refused`(case: Refused) throws {
        let floor = PaperFloor()
        var request = cover(floor)
        `case`.change(&request, floor)
        do {
            _ = try floor.place(request)
            Issue.record("\(`case`.testDescription) was taken")
        } catch {
            #expect(`case`.isExpected(error), "\(error)")
            #expect(!error.description.isEmpty)
        }
        #expect(floor.market.orders.isEmpty)
    }
}
