import Testing
import Trading

@testable import PaperExchange

struct GTTTests {
    static let share = PaperFloor.share

    @Test(arguments: [
        (true, 99, false), (true, 100, true), (true, 130, true), (false, 101, false), (false, 100, true),
        (false, 70, true),
    ])
    func `a value is reached at it and by going over it`(isRising: Bool, last: Int64, isReached: Bool) {
        let watch = GTTBook.Watch(place: 0, leg: 0, value: 100, isRising: isRising)
        #expect(watch.isReached(by: last) == isReached)
    }

    /// How far from the last price the trigger lies, and by how far the price goes past it, in basis points.
    @Test(arguments: [(50, 0), (50, 200), (-50, 0), (-50, -200)])
    func `an order goes out when the price comes to the value from either side, also by a gap`(
        distance: Int64, beyond: Int64
    ) throws {
        let floor = PaperFloor()
        let value = try floor.last(Self.share, moved: distance)
        let id = try floor.placeGTT(try floor.single(floor.leg(.buy, at: value)))
        floor.fire()
        try floor.trade(Self.share, at: try floor.last(Self.share, moved: distance / 2))
        floor.fire()
        #expect(floor.gtt(id)?.status == .active && floor.market.orders(of: "A").isEmpty)
        let reached = beyond == 0 ? value : try floor.last(Self.share, moved: beyond)
        try floor.trade(Self.share, at: reached)
        floor.fire()
        let gtt = try #require(floor.gtt(id))
        let order = try #require(floor.market.orders(of: "A").first)
        #expect(gtt.status == .triggered && gtt.updatedTime == floor.now)
        #expect(
            gtt.firing
                == GTT.Firing(leg: 0, price: reached, time: floor.now, outcome: .placed(orderID: order.id)))
        // Whatever the request says, what goes out is a regular order for the day.
        #expect(order.variety == .regular && order.timeInForce == .day && order.price == value)
        #expect(order.quantity == 10 && order.product == .delivery)
        for percent: Int64 in [103, 99] {
            let again = Price(tenThousandths: value.tenThousandths / 100 * percent)
            try floor.trade(Self.share, at: again.roundedDown(toTick: Price(paise: 10)))
            floor.fire()
        }
        #expect(floor.market.orders(of: "A").count == 1)
    }

    @Test func `the market's own walk sets a trigger off, once`() throws {
        let floor = PaperFloor()
        let id = PaperFloor.future
        let last = try #require(floor.quote(id)).lastPrice
        let lower = try floor.last(id, moved: -26)
        let upper = try floor.last(id, moved: 26)
        let number = try floor.placeGTT(
            GTTRequest(
                instrument: id, lastPrice: last,
                legs: .twoLeg(lower: floor.leg(.sell, at: lower, of: id), upper: floor.leg(.sell, at: upper, of: id))))
        var steps = 0
        while floor.gtt(number)?.status == .active, steps < 50_000 {
            floor.advance()
            floor.fire()
            steps += 1
        }
        let firing = try #require(floor.gtt(number)?.firing)
        #expect(firing.price == floor.quote(id)?.lastPrice)
        #expect(firing.leg == 0 ? firing.price <= lower : firing.price >= upper)
        floor.advance(1_000)
        floor.fire()
        #expect(floor.market.orders(of: "A").count == 1)
    }

    @Test func `the leg that is reached ends the other`() throws {
        let floor = PaperFloor()
        floor.market.deposit([.shares(100)], for: "A")
        let lower = try floor.last(Self.share, moved: -100)
        let upper = try floor.last(Self.share, moved: 100)
        let id = try floor.placeGTT(
            GTTRequest(
                instrument: Self.share, lastPrice: try #require(floor.quote(Self.share)).lastPrice,
                legs: .twoLeg(lower: floor.leg(.sell, at: lower), upper: floor.leg(.sell, at: upper))))
        try floor.trade(Self.share, at: upper)
        floor.fire()
        #expect(floor.gtt(id)?.firing?.leg == 1)
        try floor.trade(Self.share, at: lower)
        floor.fire()
        #expect(floor.market.orders(of: "A").map(\.price) == [upper])
        #expect(floor.market.gtts.isIdle)
    }

    @Test func `an order that is refused or rejected is told with its reason, and the trigger is spent`() throws {
        let floor = PaperFloor()
        let value = try floor.last(Self.share, moved: 50)
        let far = try floor.placeGTT(try floor.single(floor.leg(.buy, at: value, price: Price(rupees: 1))))
        let empty = try floor.placeGTT(try floor.single(floor.leg(.sell, at: value)))
        let market = try floor.placeGTT(
            try floor.single(floor.leg(.buy, at: value, type: .market, protection: .automatic)))
        try floor.trade(Self.share, at: value)
        floor.fire()
        let orders = floor.market.orders(of: "A")
        #expect(orders.map(\.status) == [.rejected, .open])
        let circuit = try #require(floor.quote(Self.share)).lowerCircuit
        #expect(
            floor.gtt(far)?.firing?.outcome
                == .failed(orderID: orders[0].id, reason: VenueRefusal.belowCircuit(limit: circuit).description))
        #expect(
            floor.gtt(empty)?.firing?.outcome
                == .failed(
                    orderID: nil, reason: VenueRefusal.insufficientHoldings(asked: 10, held: 0).description))
        #expect(floor.gtt(market)?.firing?.outcome == .placed(orderID: orders[1].id))
        #expect([far, empty, market].allSatisfy { floor.gtt($0)?.status == .triggered })
    }

    @Test func `an order beyond the account's count fails and is not placed`() throws {
        let floor = PaperFloor()
        let value = try floor.last(Self.share, moved: 50)
        let id = try floor.placeGTT(try floor.single(floor.leg(.buy, at: value)))
        try floor.trade(Self.share, at: value)
        floor.fire { account, now in account == "A" && now == floor.now ? "no more today" : nil }
        #expect(floor.gtt(id)?.firing?.outcome == .failed(orderID: nil, reason: "no more today"))
        #expect(floor.market.orders(of: "A").isEmpty)
    }

    @Test func `a trigger lives for a year of the calendar and is read for ever`() throws {
        let floor = PaperFloor()
        let value = try floor.last(Self.share, moved: 50)
        let id = try floor.placeGTT(try floor.single(floor.leg(.buy, at: value)))
        let expiry = try #require(floor.gtt(id)).expiryTime
        #expect(expiry.indianText == "2027-11-20 11:00:00")
        floor.now = expiry.advanced(by: .seconds(-1))
        #expect(floor.gtt(id)?.status == .active)
        floor.now = expiry.advanced(by: .seconds(60))
        #expect(floor.gtt(id)?.status == .expired && floor.gtt(id)?.updatedTime == expiry)
        #expect(floor.market.gtts.activeCount(of: "A") == 0)
        try floor.trade(Self.share, at: value)
        floor.fire()
        #expect(floor.market.orders(of: "A").isEmpty)
        floor.now = expiry.advanced(by: .seconds(7 * 86_400))
        #expect(floor.market.listedGTTs(of: "A", at: floor.now).map(\.id) == [id])
        floor.now = floor.now.advanced(by: .seconds(1))
        #expect(floor.market.listedGTTs(of: "A", at: floor.now).isEmpty)
        #expect(floor.gtt(id)?.status == .expired)
        let leapDay = try #require(CalendarDate(year: 2028, month: 2, day: 29))
        #expect(
            GTTRules.expiry(from: Timestamp(indianDate: leapDay, secondOfDay: 5)).indianText
                == "2029-02-28 00:00:05")
    }

    @Test func `a deleted trigger does nothing and can still be read`() throws {
        let floor = PaperFloor()
        let value = try floor.last(Self.share, moved: 50)
        let request = try floor.single(floor.leg(.buy, at: value))
        let id = try floor.placeGTT(request)
        #expect(throws: GTTRefusal.unknownTrigger) { try floor.market.deleteGTT(id, for: "B", at: floor.now) }
        #expect(floor.gtt(id, of: "B") == nil && floor.gtt(.min) == nil && floor.gtt(.max) == nil)
        try floor.market.deleteGTT(id, for: "A", at: floor.now)
        #expect(floor.gtt(id)?.status == .deleted)
        #expect(throws: GTTRefusal.notActive(.deleted)) { try floor.market.deleteGTT(id, for: "A", at: floor.now) }
        #expect(throws: GTTRefusal.notActive(.deleted)) {
            try floor.market.modifyGTT(id, to: request, for: "A", at: floor.now)
        }
        try floor.trade(Self.share, at: value)
        floor.fire()
        #expect(floor.market.orders(of: "A").isEmpty)
    }

    @Test func `a change replaces everything but number and year`() throws {
        let floor = PaperFloor()
        let value = try floor.last(Self.share, moved: 50)
        let id = try floor.placeGTT(try floor.single(floor.leg(.buy, at: value)))
        let made = try #require(floor.gtt(id))
        floor.now = floor.now.advanced(by: .seconds(60))
        let other = PaperFloor.future
        let level = try floor.last(other, moved: -50)
        let new = try floor.single(floor.leg(.buy, at: level, of: other), of: other)
        try floor.market.modifyGTT(id, to: new, for: "A", at: floor.now)
        let changed = try #require(floor.gtt(id))
        #expect(changed.request == new && changed.updatedTime == floor.now)
        #expect(changed.createdTime == made.createdTime && changed.expiryTime == made.expiryTime)
        try floor.trade(Self.share, at: value)
        floor.fire()
        #expect(floor.gtt(id)?.status == .active)
        try floor.trade(other, at: level)
        floor.fire()
        #expect(floor.market.orders(of: "A").map(\.instrument) == [other])
    }

    @Test func `nothing fires while its exchange is closed`() throws {
        let floor = PaperFloor(alwaysOpen: false)
        let value = try floor.last(Self.share, moved: 50)
        let id = try floor.placeGTT(try floor.single(floor.leg(.buy, at: value)))
        let row = try #require(PaperFloor.listing.row(of: Self.share))
        // Derivatives are still traded then.
        floor.now = Timestamp(indianDate: PaperFloor.date, secondOfDay: 15 * 3_600 + 20 * 60)
        floor.advance()
        let slot = floor.market.slot(ofRow: row, at: floor.now)
        floor.market.states[slot].last = value.tenThousandths
        floor.fire()
        #expect(floor.gtt(id)?.status == .active)
    }

    @Test func `numbers grow and at most five hundred are active`() throws {
        let floor = PaperFloor()
        let request = try floor.single(floor.leg(.buy, at: try floor.last(Self.share, moved: 50)))
        var ids: [Int64] = []
        for _ in 0..<500 { ids.append(try floor.placeGTT(request)) }
        #expect(ids == ids.sorted() && Set(ids).count == 500)
        #expect(throws: GTTRefusal.tooManyActive(limit: 500)) { try floor.placeGTT(request) }
        #expect(floor.market.listedGTTs(of: "A", at: floor.now).map(\.id) == ids.reversed())
        let others = try floor.placeGTT(request, for: "B")
        #expect(others > ids[499])
        try floor.market.modifyGTT(ids[7], to: request, for: "A", at: floor.now)
        try floor.market.deleteGTT(ids[8], for: "A", at: floor.now)
        #expect(try floor.placeGTT(request) > others)
    }
}

extension Holding {
    /// Shares of INFY in the demat account.
    static func shares(_ quantity: Quantity) -> Holding {
        var holding = Holding(
            instrument: PaperFloor.share, token: PaperFloor.listing.token(of: PaperFloor.share) ?? InstrumentToken(0))
        holding.quantity = quantity
        return holding
    }
}
