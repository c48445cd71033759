import Testing
import Trading

@testable import PaperExchange

struct OrderRulesTests {
    typealias Request = @Sendable (PaperFloor) -> VenueOrderRequest

    struct Refused: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let isExpected: @Sendable (VenueRefusal) -> Bool
        let request: Request

        init(_ name: String, _ isExpected: @escaping @Sendable (VenueRefusal) -> Bool, _ request: @escaping Request) {
            testDescription = name
            self.isExpected = isExpected
            self.request = request
        }
    }

    static let refusals: [Refused] = [
        Refused("unknown symbol", { $0 == .unknownInstrument(InstrumentID(exchange: .nfo, symbol: "NOPE")) }) { _ in
            PaperFloor.request(.buy, of: InstrumentID(exchange: .nfo, symbol: "NOPE"), price: Price(rupees: 1))
        },
        Refused("index", { if case .notTradable = $0 { true } else { false } }) { _ in
            PaperFloor.request(.buy, of: InstrumentID(exchange: .nse, symbol: "NIFTY 50"), price: Price(rupees: 1))
        },
        Refused("more than one order may be worth", { $0 == .orderTooLarge }) { _ in
            PaperFloor.request(
                .buy, of: PaperFloor.share, quantity: .max / 2, price: Price(rupees: 1_500), product: .delivery)
        },
        Refused("more units of a derivative than there are", { $0 == .orderTooLarge }) { _ in
            PaperFloor.request(.buy, of: PaperFloor.call, quantity: 65 * 20_000, price: Price(paise: 10))
        },
        Refused("a price beyond all bounds", { $0 == .orderTooLarge }) { _ in
            PaperFloor.request(.buy, price: Price(tenThousandths: .max / 1_000 * 1_000))
        },
        Refused("disclosed units of a future", { $0 == .disclosedQuantityNotAllowed }) { _ in
            var request = PaperFloor.request(.buy, price: Price(rupees: 24_000))
            request.terms.disclosedQuantity = 65
            return request
        },
        Refused("more disclosed than asked for", { $0 == .disclosedQuantityNotAllowed }) { floor in
            var request = PaperFloor.request(
                .buy, of: PaperFloor.share, quantity: 5, price: floor.price(-5, from: PaperFloor.share))
            request.terms.disclosedQuantity = 6
            return request
        },
        Refused("a cover order's product", { $0 == .productNotAllowed(.nfo, .cover) }) { _ in
            PaperFloor.request(.buy, price: Price(rupees: 24_000), product: .cover)
        },
        Refused("tag", { $0 == .tagTooLong }) { _ in
            var request = PaperFloor.request(.buy, price: Price(rupees: 24_000))
            request.tag = String(repeating: "x", count: 21)
            return request
        },
        Refused("delivery of a future", { $0 == .productNotAllowed(.nfo, .delivery) }) { _ in
            PaperFloor.request(.buy, price: Price(rupees: 24_000), product: .delivery)
        },
        Refused("carrying a share forward", { $0 == .productNotAllowed(.nse, .carryForward) }) { _ in
            PaperFloor.request(.buy, of: PaperFloor.share, price: Price(rupees: 1_500), product: .carryForward)
        },
        Refused("quantity 0", { $0 == .quantityNotPositive }) { _ in
            PaperFloor.request(.buy, quantity: 0, price: Price(rupees: 24_000))
        },
        Refused("off lot", { $0 == .offLot(lot: 65) }) { _ in
            PaperFloor.request(.buy, quantity: 66, price: Price(rupees: 24_000))
        },
        Refused("no price", { $0 == .priceMissing }) { _ in PaperFloor.request(.buy) },
        Refused("off tick", { $0 == .priceOffTick(tick: Price(paise: 10)) }) { _ in
            PaperFloor.request(.buy, price: Price(paise: 2_400_005))
        },
        Refused("no protection", { $0 == .protectionMissing }) { _ in PaperFloor.request(.buy, .market) },
        Refused("zero protection", { $0 == .protectionMissing }) { _ in
            PaperFloor.request(.buy, .market, protection: .basisPoints(0))
        },
        Refused("protection over 100 %", { $0 == .protectionOutOfRange }) { _ in
            PaperFloor.request(.buy, .market, protection: .basisPoints(10_001))
        },
        Refused("no trigger", { $0 == .triggerMissing }) { _ in
            PaperFloor.request(.buy, .stopLimit, price: Price(rupees: 24_000))
        },
        Refused("trigger off tick", { $0 == .triggerOffTick(tick: Price(paise: 10)) }) { _ in
            PaperFloor.request(.buy, .stopLimit, price: Price(rupees: 25_000), trigger: Price(paise: 2_490_003))
        },
        Refused("buy trigger below", { if case .triggerOnWrongSide(.buy, _) = $0 { true } else { false } }) { floor in
            PaperFloor.request(.buy, .stopLimit, price: floor.price(5), trigger: floor.price(-50))
        },
        Refused("sell trigger above", { if case .triggerOnWrongSide(.sell, _) = $0 { true } else { false } }) { floor in
            PaperFloor.request(.sell, .stopLimit, price: floor.price(-5), trigger: floor.price(50))
        },
        Refused("trigger past price", { $0 == .triggerBeyondPrice(.buy) }) { floor in
            PaperFloor.request(.buy, .stopLimit, price: floor.price(50), trigger: floor.price(60))
        },
        Refused("trigger past circuit", { if case .triggerBeyondCircuit(.buy, _) = $0 { true } else { false } }) { _ in
            PaperFloor.request(
                .buy, .stopMarket, trigger: Price(rupees: 30_000), protection: .automatic)
        },
        Refused("shares that are not there", { $0 == .insufficientHoldings(asked: 5, held: 0) }) { floor in
            PaperFloor.request(
                .sell, of: PaperFloor.share, quantity: 5, price: floor.price(5, from: PaperFloor.share),
                product: .delivery)
        },
        Refused("minutes", { $0 == .timeInForceNotOffered }) { _ in
            PaperFloor.request(.buy, price: Price(rupees: 24_000), validity: .minutes(0))
        },
    ]

    @Test(arguments: refusals) func `what is wrong with an order is refused at once and leaves no order`(case: Refused)
    {
        let floor = PaperFloor()
        let request = `case`.request(floor)
        do {
            _ = try floor.place(request)
            Issue.record("\(`case`.testDescription) was taken")
        } catch {
            #expect(`case`.isExpected(error), "\(error)")
            #expect(!error.description.isEmpty)
        }
        #expect(floor.market.orders.isEmpty && floor.market.updates.isEmpty)
    }

    @Test func `the money that is missing is named`() throws {
        let floor = PaperFloor(cash: 100_000)
        let price = try #require(floor.quote()).lastPrice
        // 24,512 x 65 at 9.3 % + 2 %.
        let notional = price * Quantity(65)
        let required = notional.basisPoints(930) + notional.basisPoints(200)
        let refusal = VenueRefusal.insufficientFunds(required: required, available: Money(rupees: 100_000))
        #expect(throws: refusal) { try floor.place(PaperFloor.request(.buy, .market, protection: .automatic)) }
        #expect(refusal.kind == .margin)
        #expect(refusal.description.hasPrefix("Insufficient funds. Required margin is 180"))
        #expect(
            refusal.description.hasSuffix(
                "but available margin is 100000.00. Check the orderbook for open orders."))
    }

    @Test func `money that is missing is told in paise, never in the asker's favour`() {
        let refusal = VenueRefusal.insufficientFunds(
            required: Money(tenThousandths: 4_860_918_7965), available: Money(tenThousandths: 969_604_0199))
        #expect(
            refusal.description
                == "Insufficient funds. Required margin is 4860918.80 but available margin is 969604.01. "
                + "Check the orderbook for open orders.")
        let debt = VenueRefusal.insufficientFunds(
            required: Money(rupees: 1), available: Money(tenThousandths: -5_0001))
        #expect(debt.description.contains("Required margin is 1.00 but available margin is -5.01."))
    }

    @Test func `the exchange's own refusals come back as a rejected order`() throws {
        let floor = PaperFloor()
        let tooBig = try floor.place(PaperFloor.request(.buy, quantity: 1_820, price: Price(rupees: 24_000)))
        #expect(floor.order(tooBig)?.status == .rejected)
        #expect(floor.order(tooBig)?.statusMessage?.contains("1800") == true)
        #expect(floor.order(tooBig)?.exchangeOrderID == nil)
        #expect(floor.order(tooBig)?.pendingQuantity == 0)
        let tooLow = try floor.place(PaperFloor.request(.buy, price: Price(rupees: 20_000)))
        #expect(
            floor.order(tooLow)?.statusMessage
                == "Your order price is lower than the current lower circuit limit of 22060.80. "
                + "Place an order within the daily range.")
        #expect(floor.market.updates.map(\.event) == [.rejected, .rejected])
        let steps = floor.market.history(of: tooLow, account: "A")?.map(\.status)
        #expect(steps == [.putReceived, .validationPending, .rejected])
        #expect(floor.purse(of: "A")?.utilised.debits == .zero)
    }

    @Test func `sentences keep the broker's meaning and two decimals`() {
        #expect(
            VenueRefusal.priceOffTick(tick: Price(paise: 10)).description
                == "Tick size for this script is 0.10. "
                + "Kindly enter price in the multiple of tick size for this script.")
        #expect(VenueRefusal.unknownOrder("1").description == "Couldn't find that `order_id`.")
        #expect(
            VenueRefusal.productNotAllowed(.nse, .carryForward).description
                == "Trading in NSE is not allowed using NRML product type.")
        #expect(VenueRefusal.priceOffTick(tick: Price(tenThousandths: 25)).description.contains("0.0025"))
        #expect(VenueRefusal.tooManyModifications.kind == .limit)
        #expect(VenueRefusal.insufficientHoldings(asked: 2, held: 1).kind == .holding)
    }

    @Test(arguments: [
        ("2026-11-20", 9 * 3_600 + 900, Exchange.nfo, true), ("2026-11-20", 9 * 3_600 + 899, .nfo, false),
        ("2026-11-20", 15 * 3_600 + 39 * 60, .nfo, true), ("2026-11-20", 15 * 3_600 + 40 * 60, .nfo, false),
        ("2026-11-20", 15 * 3_600 + 20 * 60, .nse, false), ("2026-11-21", 11 * 3_600, .nfo, false),
        ("2026-11-20", 20 * 3_600, .mcx, true),
    ])
    func `a market with hours takes orders only within them`(
        date: String, second: Int, exchange: Exchange, isOpen: Bool
    ) throws {
        let day = try #require(CalendarDate(date))
        let hours = TradingHours(tradingDate: PaperFloor.date, isAlwaysOpen: false)
        #expect(hours.isOpen(exchange, at: Timestamp(indianDate: day, secondOfDay: second)) == isOpen)
    }

    @Test func `outside hours orders are refused and prices stand still`() throws {
        let floor = PaperFloor(alwaysOpen: false)
        floor.now = Timestamp(indianDate: PaperFloor.date, secondOfDay: 16 * 3_600)
        let before = try #require(floor.quote())
        floor.advance(50)
        #expect(floor.quote() == before)
        #expect(throws: VenueRefusal.marketClosed) {
            try floor.place(PaperFloor.request(.buy, price: Price(rupees: 24_000)))
        }
    }

    // Kite Connect's automatic bands.
    @Test(arguments: [
        (false, 99, 200), (false, 100, 100), (false, 500, 100), (false, 501, 50), (true, 9, 500), (true, 10, 300),
        (true, 100, 200), (true, 500, 200), (true, 501, 100),
    ])
    func `automatic protection follows price and kind`(isOption: Bool, rupees: Int64, basisPoints: Int64) {
        #expect(Protection.automaticBasisPoints(isOption: isOption, lastPrice: rupees * 10_000) == basisPoints)
    }
}
