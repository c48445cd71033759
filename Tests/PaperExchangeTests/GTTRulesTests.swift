import Testing
import Trading

@testable import PaperExchange

struct GTTRulesTests {
    static let share = PaperFloor.share
    static let future = PaperFloor.future

    /// A wrong request made out of a floor, and the refusal it meets.
    struct Wrong: Sendable, CustomStringConvertible {
        let description: String
        let make: @Sendable (PaperFloor) throws -> (GTTRequest, GTTRefusal)
    }

    static func wrong(
        _ name: String, _ make: @escaping @Sendable (PaperFloor) throws -> (GTTRequest, GTTRefusal)
    ) -> Wrong {
        Wrong(description: name, make: make)
    }

    static func twoLeg(
        _ floor: PaperFloor, _ side: Side, of id: InstrumentID = share, product: Product? = nil,
        by distances: (Int64, Int64) = (-100, 100)
    ) throws -> GTTRequest {
        let lower = try floor.last(id, moved: distances.0)
        let upper = try floor.last(id, moved: distances.1)
        return GTTRequest(
            instrument: id, lastPrice: try #require(floor.quote(id)).lastPrice,
            legs: .twoLeg(
                lower: floor.leg(side, at: lower, of: id, product: product),
                upper: floor.leg(side, at: upper, of: id, product: product)))
    }

    static func changed(
        _ floor: PaperFloor, _ change: (inout OrderRequest) -> Void
    ) throws -> GTTRequest {
        var leg = floor.leg(.buy, at: try floor.last(share, moved: 50))
        change(&leg.order)
        return try floor.single(leg)
    }

    static let wrongs: [Wrong] = [
        wrong("an instrument that does not exist") { floor in
            let id = InstrumentID(exchange: .nse, symbol: "NOTHING")
            var request = try Self.changed(floor) { $0.instrument = id }
            request.instrument = id
            return (request, .instrument(.unknownInstrument(id)))
        },
        wrong("an index") { floor in
            let id = InstrumentID(exchange: .nse, symbol: "NIFTY 50")
            var request = try Self.changed(floor) { $0.instrument = id }
            request.instrument = id
            return (request, .instrument(.notTradable(id)))
        },
        wrong("an order for something else") { floor in
            (try Self.changed(floor) { $0.instrument = Self.future }, .instrumentDiffers(leg: 0))
        },
        wrong("a stop order") { floor in
            (try Self.changed(floor) { $0.type = .stopLimit }, .orderTypeNotOffered(leg: 0, .stopLimit))
        },
        wrong("an intraday order") { floor in
            (try Self.changed(floor) { $0.product = .intraday }, .productNotOffered(leg: 0, .intraday))
        },
        wrong("a product of another market") { floor in
            (
                try Self.changed(floor) { $0.product = .carryForward },
                .order(leg: 0, .productNotAllowed(.nse, .carryForward))
            )
        },
        wrong("two-leg delivery of an index derivative") { floor in
            (
                try Self.twoLeg(floor, .sell, of: Self.future, product: .delivery),
                .order(leg: 0, .productNotAllowed(.nfo, .delivery))
            )
        },
        wrong("a two-leg buy of shares") { floor in (try Self.twoLeg(floor, .buy), .buyTwoLegOutsideDerivatives) },
        wrong("no quantity") { floor in
            (try Self.changed(floor) { $0.quantity = 0 }, .order(leg: 0, .quantityNotPositive))
        },
        wrong("a quantity that money cannot count") { floor in
            (try Self.changed(floor) { $0.quantity = Quantity(.max) }, .order(leg: 0, .orderTooLarge))
        },
        wrong("a limit order without a price") { floor in
            (try Self.changed(floor) { $0.price = nil }, .order(leg: 0, .priceMissing))
        },
        wrong("a market order without protection") { floor in
            (try Self.changed(floor) { $0.type = .market }, .order(leg: 0, .protectionMissing))
        },
        wrong("a value of zero") { floor in
            (try floor.single(floor.leg(.buy, at: .zero, price: Price(rupees: 1_000))), .triggerNotPositive(leg: 0))
        },
        wrong("the higher value first") { floor in
            (try Self.twoLeg(floor, .sell, by: (100, -100)), .triggersOutOfOrder)
        },
        wrong("a value too near above") { floor in
            let leg = floor.leg(.buy, at: try floor.last(Self.share, moved: 24))
            return (try floor.single(leg), .triggerTooClose(leg: 0, least: .basisPoints(25)))
        },
        wrong("a second value too near below") { floor in
            (
                try Self.twoLeg(floor, .sell, by: (-100, -24)),
                .triggerTooClose(leg: 1, least: .basisPoints(25))
            )
        },
        wrong("two values on one side") { floor in
            let last = try #require(floor.quote(Self.share)).lastPrice
            return (
                try Self.twoLeg(floor, .sell, by: (100, 200)), .triggerAlreadyMet(leg: 0, lastPrice: last)
            )
        },
        wrong("a value that the price passed since the sender looked") { floor in
            let last = try #require(floor.quote(Self.share)).lastPrice
            var request = try Self.changed(floor) { _ in }
            request.lastPrice = last + last
            return (request, .triggerAlreadyMet(leg: 0, lastPrice: last))
        },
    ]

    @Test(arguments: wrongs)
    func `a request that is wrong is refused with what is wrong`(wrong: Wrong) throws {
        let floor = PaperFloor()
        let (request, refusal) = try wrong.make(floor)
        #expect(throws: refusal) { try floor.placeGTT(request) }
        #expect(throws: refusal) {
            let id = try floor.placeGTT(try Self.changed(floor) { _ in })
            try floor.market.modifyGTT(id, to: request, for: "A", at: floor.now)
        }
        #expect(!refusal.description.isEmpty)
    }

    @Test func `a value may lie anywhere above zero`() throws {
        let floor = PaperFloor()
        let price = try floor.last(Self.share, moved: 50)
        for value in [1, .max] as [Int64] {
            var leg = floor.leg(.buy, at: price)
            leg.triggerValue = Price(tenThousandths: value)
            #expect(throws: Never.self) { try floor.placeGTT(try floor.single(leg)) }
        }
        let leg = try floor.single(floor.leg(.buy, at: price, price: Price(tenThousandths: .max / 1_000 * 1_000)))
        #expect(throws: GTTRefusal.order(leg: 0, .orderTooLarge)) { try floor.placeGTT(leg) }
    }

    @Test func `two-leg buys are offered for derivatives`() throws {
        let floor = PaperFloor()
        #expect(throws: Never.self) { try floor.placeGTT(try Self.twoLeg(floor, .buy, of: Self.future)) }
        #expect(throws: Never.self) { try floor.placeGTT(try Self.twoLeg(floor, .sell)) }
        #expect(throws: GTTRefusal.unknownAccount("X")) {
            try floor.placeGTT(try Self.twoLeg(floor, .sell), for: "X")
        }
    }

    /// Last price and distance in paise: more than a quarter of a percent, or more than nine paise up to ₹50.
    @Test(arguments: [
        (100_000, 250, false), (100_000, 251, true), (5_001, 12, false), (5_001, 13, true), (5_000, 9, false),
        (5_000, 10, true), (100, 9, false), (100, 10, true),
    ])
    func `a value lies further from the last price than the least distance`(last: Int64, by: Int64, isFar: Bool) {
        let least = GTTRules.least(last: last * 100)
        #expect(least.isExceeded(by: by * 100, last: last * 100) == isFar)
    }

    @Test func `the distance is told as the broker tells it`() {
        #expect(
            GTTRefusal.triggerTooClose(leg: 0, least: .basisPoints(25)).description
                == "Trigger price was too close to the last price. (difference should be more than 0.25%)")
        #expect(
            GTTRefusal.triggerTooClose(leg: 0, least: GTTRules.least(last: 10_000)).description
                == "Trigger price was too close to the last price. (difference should be more than 0.09)")
    }
}
