import Brokers
import Gateway
import Testing
import Trading

struct InstrumentRulesTests {
    static let share = Trial.instruments.instrument(Trial.share)
    static let future = Trial.instruments.instrument(Trial.contract)
    static let index = Instrument(
        token: InstrumentToken(256_265), id: InstrumentID(exchange: .nse, symbol: "NIFTY 50"), name: "NIFTY 50",
        kind: .index, tickSize: .zero, lotSize: 0)

    struct Row: CustomTestStringConvertible {
        let instrument: Instrument?
        let request: OrderRequest
        let denial: OrderDenial?
        var testDescription: String { denial?.code ?? "allowed: \(request.type.rawValue) \(request.product.rawValue)" }

        init(_ instrument: Instrument?, _ denial: OrderDenial?, _ change: (inout OrderRequest) -> Void = { _ in }) {
            self.instrument = instrument
            self.denial = denial
            let id = instrument?.id ?? InstrumentID(exchange: .nse, symbol: "NOWHERE")
            var request = OrderRequest(
                instrument: id, side: .buy, type: .limit, quantity: id.exchange == .nfo ? 65 : 10, product: .intraday,
                price: Price(rupees: 800))
            change(&request)
            self.request = request
        }
    }

    /// Every denial, in order of precedence.
    static let denials: [Row] = [
        Row(nil, .unknownInstrument(InstrumentID(exchange: .nse, symbol: "NOWHERE"))),
        Row(index, .notTradable(index.id)),
        Row(share, .productNotAllowed(.carryForward, .nse)) { $0.product = .carryForward },
        Row(future, .productNotAllowed(.delivery, .nfo)) { $0.product = .delivery },
        Row(future, .productNotAllowed(.marginFunded, .nfo)) { $0.product = .marginFunded },
        Row(share, .quantityNotPositive) { $0.quantity = 0 },
        Row(share, .quantityNotPositive) { $0.quantity = -10 },
        Row(future, .quantityOffLot(lot: 65)) { $0.quantity = 64 },
        Row(future, .quantityOffLot(lot: 65)) { $0.quantity = 66 },
        Row(future, .quantityOverFreeze(limit: 1_800)) { $0.quantity = 1_820 },
        Row(share, .priceMissing(.limit)) { $0.price = nil },
        Row(share, .priceMissing(.stopLimit)) {
            $0.type = .stopLimit
            $0.price = nil
        },
        Row(share, .priceNotPositive) { $0.price = .zero },
        Row(share, .priceNotPositive) { $0.price = Price(paise: -5) },
        Row(share, .priceOffTick(tick: Price(paise: 5))) { $0.price = Price(paise: 80_001) },
        Row(share, .priceOffTick(tick: Price(paise: 5))) { $0.price = Price(tenThousandths: 8_000_001) },
        Row(share, .triggerMissing(.stopLimit)) { $0.type = .stopLimit },
        Row(share, .triggerMissing(.stopMarket)) { $0.type = .stopMarket },
        Row(share, .triggerNotPositive) { $0.stop(at: .zero) },
        Row(share, .triggerOffTick(tick: Price(paise: 5))) { $0.stop(at: Price(paise: 79_999)) },
        Row(share, .triggerBeyondPrice(.buy)) { $0.stop(at: Price(paise: 80_005)) },
        Row(share, .triggerBeyondPrice(.sell)) {
            $0.side = .sell
            $0.stop(at: Price(paise: 79_995))
        },
        Row(share, .disclosedQuantityOutOfRange) { $0.disclosedQuantity = 0 },
        Row(share, .disclosedQuantityOutOfRange) { $0.disclosedQuantity = 11 },
        Row(future, .disclosedQuantityOutOfRange) { $0.disclosedQuantity = 65 },
        Row(share, .validityNotAllowed) { $0.timeInForce = .minutes(0) },
        Row(share, .validityNotAllowed) { $0.timeInForce = .minutes(360) },
    ]

    static let allowed: [Row] = [
        Row(share, nil), Row(future, nil), Row(future, nil) { $0.quantity = 1_755 },
        Row(share, nil) { $0.product = .delivery }, Row(share, nil) { $0.product = .marginFunded },
        Row(future, nil) { $0.product = .carryForward },
        Row(share, nil) {
            $0.type = .market
            $0.price = nil
        },
        Row(share, nil) { $0.stop(at: Price(rupees: 800)) }, Row(share, nil) { $0.stop(at: Price(rupees: 799)) },
        Row(share, nil) {
            $0.side = .sell
            $0.stop(at: Price(rupees: 801))
        },
        Row(share, nil) {
            $0.type = .stopMarket
            $0.price = nil
            $0.triggerPrice = Price(rupees: 5_000)
        },
        Row(share, nil) { $0.disclosedQuantity = 1 }, Row(share, nil) { $0.disclosedQuantity = 10 },
        Row(share, nil) { $0.timeInForce = .minutes(1) }, Row(share, nil) { $0.timeInForce = .minutes(359) },
        Row(share, nil) { $0.timeInForce = .immediateOrCancel },
    ]

    @Test(arguments: denials + allowed)
    func `an order is refused for its first fault`(row: Row) {
        #expect(InstrumentRules.denial(of: row.request, for: row.instrument) == row.denial)
    }

    @Test func `every denial is in the table, with a word and a sentence of its own`() {
        let codes = Self.denials.compactMap { $0.denial?.code }
        #expect(Set(codes).count == 15)
        #expect(Set(Self.denials.compactMap { $0.denial?.sentence }).count >= 15)
        #expect(Self.denials.allSatisfy { $0.denial?.sentence.hasSuffix(".") == true })
    }

    /// One order with every fault at once: as each is mended, the next in the documented order shows.
    @Test func `faults show in the documented order`() {
        var request = OrderRequest(
            instrument: Trial.contract, side: .buy, type: .stopLimit, quantity: -1, product: .delivery)
        request.disclosedQuantity = 65
        request.timeInForce = .minutes(0)
        let mends: [(String, (inout OrderRequest) -> Void)] = [
            ("product_not_allowed", { $0.product = .carryForward }), ("quantity_not_positive", { $0.quantity = 1 }),
            ("quantity_off_lot", { $0.quantity = 1_820 }), ("quantity_over_freeze", { $0.quantity = 65 }),
            ("price_missing", { $0.price = .zero }), ("price_not_positive", { $0.price = Price(paise: 1) }),
            ("price_off_tick", { $0.price = Price(rupees: 24_500) }), ("trigger_missing", { $0.triggerPrice = .zero }),
            ("trigger_not_positive", { $0.triggerPrice = Price(paise: 1) }),
            ("trigger_off_tick", { $0.triggerPrice = Price(rupees: 24_501) }),
            ("trigger_beyond_price", { $0.triggerPrice = Price(rupees: 24_500) }),
            ("disclosed_quantity_out_of_range", { $0.disclosedQuantity = nil }),
            ("validity_not_allowed", { $0.timeInForce = .day }),
        ]
        #expect(InstrumentRules.denial(of: request, for: nil)?.code == "unknown_instrument")
        #expect(InstrumentRules.denial(of: request, for: Self.index)?.code == "not_tradable")
        for (code, mend) in mends {
            #expect(InstrumentRules.denial(of: request, for: Self.future)?.code == code)
            mend(&request)
        }
        #expect(InstrumentRules.denial(of: request, for: Self.future) == nil)
    }
}

extension OrderRequest {
    fileprivate mutating func stop(at trigger: Price) {
        type = .stopLimit
        triggerPrice = trigger
    }
}
