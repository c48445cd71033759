import Trading

/// Chooses order terms and events from a seed. Source of the generator: Vigna, SplitMix64.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func chance() -> Bool { Bool.random(using: &self) }

    private mutating func one<Value>(of values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &self)]
    }

    private mutating func price() -> Price? {
        chance() ? Price(tenThousandths: Int64.random(in: .min ... .max, using: &self)) : nil
    }

    private mutating func quantity() -> Quantity { Quantity(Int64.random(in: 0 ... .max, using: &self)) }

    mutating func request() -> OrderRequest {
        var request = OrderRequest(
            instrument: InstrumentID(exchange: one(of: Exchange.allCases), symbol: one(of: ["M&M", "NIFTY 50", "É'"])),
            side: one(of: Side.allCases), type: one(of: OrderType.allCases), quantity: quantity(),
            product: one(of: Product.allCases), price: price(), triggerPrice: price(),
            timeInForce: one(of: [.day, .immediateOrCancel, .minutes(1), .minutes(375)]))
        request.disclosedQuantity = chance() ? quantity() : nil
        request.marketProtection = one(of: [nil, .automatic, .basisPoints(1), .basisPoints(10_000)])
        return request
    }

    mutating func event() -> OrderEvent {
        let reason = one(of: ["", "RMS: margin exceeds, short by ₹12.50", "line\nbreak"])
        return switch Int.random(in: 0..<6, using: &self) {
        case 0: .denied(reason: reason)
        case 1: .notSent(reason: reason)
        case 2: .acknowledged(brokerOrderID: reason)
        case 3: .rejected(reason: reason)
        case 4: .outcomeUnknown(reason: reason)
        default: .reported(report(reason))
        }
    }

    private mutating func report(_ text: String) -> OrderReport {
        var report = OrderReport(
            brokerOrderID: text, status: one(of: OrderStatus.allCases), quantity: quantity(),
            filledQuantity: quantity(), cancelledQuantity: quantity(), averagePrice: price())
        report.exchangeOrderID = chance() ? text : nil
        report.price = price()
        report.triggerPrice = price()
        report.message = chance() ? text : nil
        report.exchangeTime = chance() ? Timestamp(microseconds: Int64.random(in: .min ... .max, using: &self)) : nil
        return report
    }
}
