import Testing
import Trading

@testable import PaperExchange

struct AlertTests {
    static let share = AlertSubject.instrument(PaperFloor.share)
    static let index = AlertSubject.index("NIFTY 50")

    @Test(arguments: [
        (AlertCondition.Comparison.atMost, [true, true, false]), (.atLeast, [false, true, true]),
        (.below, [true, false, false]), (.above, [false, false, true]), (.equal, [false, true, false]),
    ])
    func `an operator holds below, at and above a price as it says`(
        comparison: AlertCondition.Comparison, holds: [Bool]
    ) {
        let price = Price(rupees: 100)
        #expect([99, 100, 101].map { comparison.holds(Price(rupees: $0), price) } == holds)
    }

    @Test(arguments: AlertCondition.Comparison.allCases)
    func `an alert fires when its condition comes true, once, until it is changed`(
        comparison: AlertCondition.Comparison
    ) throws {
        let floor = PaperFloor()
        let level = try floor.last(PaperFloor.share, moved: 50)
        let (before, then): (Int64, Int64) =
            switch comparison {
            case .atLeast: (-10, 0)
            case .above: (0, 10)
            case .atMost: (10, 0)
            case .below: (0, -10)
            case .equal: (10, 0)
            }
        let tick = Price(paise: 10)
        try floor.trade(PaperFloor.share, at: level + tick * before)
        let condition = AlertCondition(Self.share, comparison, .constant(level))
        _ = try floor.createAlert(condition)
        floor.fire()
        #expect(floor.market.alert("u1", of: "A")?.status == .enabled)
        try floor.trade(PaperFloor.share, at: level + tick * then)
        floor.fire()
        floor.fire()
        let alert = try #require(floor.market.alert("u1", of: "A"))
        #expect(alert.status == .disabled && alert.count == 1 && alert.updatedTime == floor.now)
        let history = try #require(floor.market.alertHistory("u1", of: "A"))
        #expect(history.count == 1)
        #expect(history[0].condition == condition && history[0].time == floor.now && history[0].placements == nil)
        #expect(history[0].snapshots.map(\.subject) == [Self.share])
        #expect(history[0].snapshots[0].quote.lastPrice == level + tick * then)
        try floor.trade(PaperFloor.share, at: level + tick * before)
        floor.fire()
        let changed = try floor.market.modifyAlert("u1", to: alert.request, for: "A", at: floor.now)
        #expect(changed.status == .enabled && changed.count == 1)
        try floor.trade(PaperFloor.share, at: level + tick * then)
        floor.fire()
        #expect(floor.market.alert("u1", of: "A")?.count == 2)
        #expect(floor.market.alertHistory("u1", of: "A")?.count == 2)
    }

    @Test func `an index is watched by its display name`() throws {
        let floor = PaperFloor()
        let token = InstrumentToken(256_265)
        let start = try #require(floor.quote(PaperFloor.index)).lastPrice
        _ = try floor.createAlert(AlertCondition(Self.index, .above, .constant(start + Price(rupees: 5))), uuid: "up")
        _ = try floor.createAlert(AlertCondition(Self.index, .below, .constant(start - Price(rupees: 5))), uuid: "down")
        var steps = 0
        while floor.market.alerts.waiting.count == 2, steps < 20_000 {
            floor.advance()
            floor.fire()
            steps += 1
        }
        let fired = try #require(floor.market.alerts.alerts(of: "A").first { $0.status == .disabled })
        let snapshot = try #require(floor.market.alertHistory(fired.uuid, of: "A")?.first?.snapshots.first)
        #expect(snapshot.quote.token == token && snapshot.quote.lastTradeTime == nil)
        #expect(
            fired.uuid == "up"
                ? snapshot.quote.lastPrice > start + Price(rupees: 5)
                : snapshot.quote.lastPrice < start - Price(rupees: 5))
    }

    @Test func `two last prices are compared and both are kept`() throws {
        let floor = PaperFloor()
        let other = InstrumentID(exchange: .nse, symbol: "TCS")
        let level = try #require(floor.quote(other)).lastPrice
        let own = try #require(floor.quote(PaperFloor.share)).lastPrice
        let comparison: AlertCondition.Comparison = own < level ? .atMost : .above
        let condition = AlertCondition(Self.share, comparison, .subject(.instrument(other)))
        _ = try floor.createAlert(condition)
        floor.advance()
        floor.fire()
        let firing = try #require(floor.market.alertHistory("u1", of: "A")?.first)
        #expect(firing.snapshots.map(\.subject) == [Self.share, .instrument(other)])
        let prices = firing.snapshots.map(\.quote.lastPrice)
        #expect(comparison.holds(prices[0], prices[1]))
    }

    @Test func `the orders of a basket go out, each on its own`() throws {
        let floor = PaperFloor()
        let level = try floor.last(PaperFloor.share, moved: 50)
        var buy = PaperFloor.request(
            .buy, .market, of: PaperFloor.share, quantity: 5, product: .delivery, protection: .automatic)
        buy.tag = "mine"
        let sell = PaperFloor.request(
            .sell, of: PaperFloor.share, quantity: 50, price: level, product: .delivery)
        let basket = [AlertRequest.Item(order: sell), AlertRequest.Item(order: buy, weight: 3)]
        let alert = try floor.createAlert(AlertCondition(Self.share, .atLeast, .constant(level)), basket: basket)
        #expect(Set(alert.itemIDs).count == 2)
        try floor.trade(PaperFloor.share, at: level)
        floor.fire()
        let order = try #require(floor.market.orders(of: "A").first)
        #expect(order.tag == "mine" && order.status == .open && order.quantity == 5)
        let firing = try #require(floor.market.alertHistory("u1", of: "A")?.first)
        #expect(
            firing.placements == [
                Alert.Placement(
                    order: sell,
                    outcome: .failed(
                        orderID: nil,
                        reason: VenueRefusal.insufficientHoldings(asked: 50, held: 0).description)),
                Alert.Placement(order: buy, outcome: .placed(orderID: order.id)),
            ])
        #expect(floor.market.orders(of: "A").count == 1)
    }

    @Test func `one user's basket brings the price that another's trigger waits for`() throws {
        let floor = PaperFloor()
        let quote = try #require(floor.quote(PaperFloor.share))
        let high = try floor.last(PaperFloor.share, moved: 200)
        let between = quote.asks.reduce(Quantity.zero) { $0 + $1.quantity }
        let maker = PaperFloor.request(.sell, of: PaperFloor.share, quantity: 10, price: high)
        _ = try floor.place(maker, for: "B")
        let taker = PaperFloor.request(.buy, of: PaperFloor.share, quantity: between.units + 10, price: high)
        let id = try floor.placeGTT(
            try floor.single(floor.leg(.buy, at: try floor.last(PaperFloor.share, moved: 150))))
        _ = try floor.createAlert(
            AlertCondition(Self.share, .atLeast, .constant(Price(rupees: 1))), basket: [.init(order: taker)], for: "B")
        // The taker is B's own, so that it stops at B's resting order without trading: nothing comes of it.
        floor.advance()
        floor.fire()
        #expect(floor.gtt(id)?.status == .active)
        floor.market.openAccount("C", cash: nil)
        floor.advance(40)
        _ = try floor.createAlert(
            AlertCondition(Self.share, .atLeast, .constant(Price(rupees: 1))),
            basket: [
                .init(order: PaperFloor.request(.buy, of: PaperFloor.share, quantity: 1_000_000, price: high))
            ], uuid: "u2", for: "C")
        floor.advance()
        floor.fire()
        #expect(floor.gtt(id)?.status == .triggered)
    }

    @Test func `a request that is wrong is refused with what is wrong`() throws {
        let floor = PaperFloor()
        let price = AlertCondition.Reference.constant(Price(rupees: 1))
        let good = AlertRequest.Item(order: PaperFloor.request(.buy, price: Price(rupees: 20_000)))
        let bad = AlertRequest.Item(order: PaperFloor.request(.buy, quantity: 1, price: Price(rupees: 20_000)))
        let nothing = AlertSubject.instrument(InstrumentID(exchange: .nse, symbol: "NOTHING"))
        let spot = AlertSubject.instrument(InstrumentID(exchange: .nse, symbol: "NIFTY 50"))
        var labelled = good
        labelled.order.tag = String(repeating: "x", count: 21)
        let cases: [(AlertSubject, AlertCondition.Reference, [AlertRequest.Item]?, AlertRefusal)] = [
            (Self.share, price, [labelled], .item(0, .tagTooLong)),
            (nothing, price, nil, .unknownSubject(nothing)), (spot, price, nil, .unknownSubject(spot)),
            (.index("INFY"), price, nil, .unknownSubject(.index("INFY"))),
            (Self.share, .subject(nothing), nil, .unknownSubject(nothing)),
            (Self.share, .constant(.zero), nil, .constantNotPositive), (Self.share, price, [], .basketEmpty),
            (Self.share, price, [AlertRequest.Item](repeating: good, count: 21), .basketTooLarge(limit: 20)),
            (Self.share, price, [good, bad], .item(1, .offLot(lot: 65))),
        ]
        for (subject, reference, basket, refusal) in cases {
            #expect(throws: refusal) {
                try floor.createAlert(AlertCondition(subject, .above, reference), basket: basket)
            }
            #expect(!refusal.description.isEmpty)
        }
        let condition = AlertCondition(Self.share, .above, price)
        #expect(throws: AlertRefusal.unknownAccount("X")) { try floor.createAlert(condition, for: "X") }
        _ = try floor.createAlert(condition)
        #expect(throws: AlertRefusal.repeatedID) { try floor.createAlert(condition, for: "B") }
        #expect(floor.market.alert("u1", of: "B") == nil)
        #expect(throws: AlertRefusal.unknownAlert) {
            try floor.market.modifyAlert(
                "u1", to: AlertRequest(name: "x", condition: condition), for: "B", at: floor.now)
        }
    }

    @Test func `at most five hundred alerts wait`() throws {
        let floor = PaperFloor()
        let condition = AlertCondition(Self.share, .above, .constant(Price(rupees: 1)))
        for number in 0..<500 { _ = try floor.createAlert(condition, uuid: "a\(number)") }
        #expect(throws: AlertRefusal.tooManyActive(limit: 500)) { try floor.createAlert(condition) }
        floor.advance()
        floor.fire()
        #expect(floor.market.alerts.waiting.isEmpty)
        for number in 0..<500 { _ = try floor.createAlert(condition, uuid: "b\(number)") }
        let request = AlertRequest(name: "again", condition: condition)
        #expect(throws: AlertRefusal.tooManyActive(limit: 500)) {
            try floor.market.modifyAlert("a3", to: request, for: "A", at: floor.now)
        }
        #expect(try floor.market.modifyAlert("b3", to: request, for: "A", at: floor.now).request.name == "again")
    }

    @Test func `alerts are deleted together or not at all, and can still be read`() throws {
        let floor = PaperFloor()
        let condition = AlertCondition(Self.share, .above, .constant(Price(rupees: 1)))
        for number in 0..<3 { _ = try floor.createAlert(condition, uuid: "a\(number)") }
        #expect(throws: AlertRefusal.unknownAlert) {
            try floor.market.deleteAlerts(["a0", "a9"], for: "A", at: floor.now)
        }
        #expect(floor.market.alerts.waiting.count == 3)
        try floor.market.deleteAlerts(["a0", "a2", "a0"], for: "A", at: floor.now)
        #expect(floor.market.alerts.alerts(of: "A").map(\.status) == [.deleted, .enabled, .deleted])
        #expect(floor.market.alerts.enabledCount(of: "A") == 1)
        floor.advance()
        floor.fire()
        #expect(floor.market.alert("a0", of: "A")?.count == 0 && floor.market.alert("a1", of: "A")?.count == 1)
        #expect(throws: AlertRefusal.deleted) {
            try floor.market.modifyAlert(
                "a0", to: AlertRequest(name: "x", condition: condition), for: "A", at: floor.now)
        }
    }
}
