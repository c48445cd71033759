import Trading

/// A new order as the body of a request states it.
struct NewOrderFields: Sendable, Hashable {
    static let names = [
        "tradingsymbol", "exchange", "transaction_type", "quantity", "order_type", "product", "price", "trigger_price",
        "validity", "disclosed_quantity", "tag",
    ]
    static let exchanges: [Exchange] = [.nse, .nfo, .bse, .bfo, .mcx]
    static let products: [Product] = [.delivery, .intraday, .carryForward]
    static let quantities: ClosedRange<Int64> = 1...10_000

    let request: OrderRequest
    let label: String?

    /// Checks the fields in the sequence of `names`; what an instrument demands is the gateway's to check.
    init(_ fields: BodyFields) throws(Refusal) {
        let symbol = try fields.required("tradingsymbol", fields.text("tradingsymbol", 1...50))
        let exchange = try fields.required("exchange", fields.word("exchange", among: Self.exchanges))
        let side = try fields.required("transaction_type", fields.word("transaction_type", among: Side.allCases))
        let quantity = try fields.required("quantity", fields.integer("quantity", in: Self.quantities))
        let type = try fields.required("order_type", fields.word("order_type", among: OrderType.allCases))
        let product = try fields.required("product", fields.word("product", among: Self.products))
        let price = try Self.price("price", fields, isNeeded: type.needsPrice, type)
        let trigger = try Self.price("trigger_price", fields, isNeeded: type.needsTrigger, type)
        let validity = try fields.word("validity", among: ValidityWord.allCases) ?? .day
        var request = OrderRequest(
            instrument: InstrumentID(exchange: exchange, symbol: symbol), side: side, type: type,
            quantity: Quantity(quantity), product: product, price: price, triggerPrice: trigger,
            timeInForce: validity.timeInForce)
        request.disclosedQuantity = try fields.integer("disclosed_quantity", in: 0...Self.quantities.upperBound)
            .flatMap { $0 == 0 ? nil : Quantity($0) }
        self.request = request
        label = try fields.text("tag", 0...20).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Zero counts as not given where the type has no such price; anything else there is a mistake worth stopping.
    private static func price(
        _ name: String, _ fields: BodyFields, isNeeded: Bool, _ type: OrderType
    ) throws(Refusal) -> Price? {
        let price = try fields.price(name)
        if isNeeded {
            guard price != nil else {
                throw Refusal(.missingField, "The field \"\(name)\" is required for \(type.rawValue) orders.")
            }
            return price
        }
        guard price == nil || price == .zero else {
            throw Refusal(.invalidField, "\(type.rawValue) orders have no \"\(name)\"; leave it out.")
        }
        return nil
    }
}

/// A change of an order as the body of a request states it.
struct OrderChangeFields: Sendable, Hashable {
    static let names = ["quantity", "price", "trigger_price", "order_type", "validity"]

    let change: OrderChange

    init(_ fields: BodyFields) throws(Refusal) {
        change = OrderChange(
            quantity: try fields.integer("quantity", in: NewOrderFields.quantities).map { Quantity($0) },
            price: try fields.price("price"), triggerPrice: try fields.price("trigger_price"),
            type: try fields.word("order_type", among: OrderType.allCases),
            timeInForce: try fields.word("validity", among: ValidityWord.allCases)?.timeInForce)
        if change.isEmpty {
            throw Refusal(.nothingToChange, "Give at least one of \(Self.names.joined(separator: ", ")).")
        }
    }
}
