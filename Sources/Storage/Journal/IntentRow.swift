import GRDB
import Gateway
import Trading

/// An intent as a row of `order_intents`.
enum IntentRow {
    static let insert = """
        INSERT INTO order_intents (
            order_id, account_id, idempotency_key, fingerprint, client_order_id, principal, placed_time, label,
            exchange, symbol, side, type, time_in_force, validity_minutes, product, quantity, price, trigger_price,
            disclosed_quantity, market_protection, market_protection_basis_points)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """

    static func arguments(_ intent: OrderIntent) -> [(any DatabaseValueConvertible)?] {
        let request = intent.request
        let (force, minutes) = timeInForce(request.timeInForce)
        let (protection, basisPoints) = marketProtection(request.marketProtection)
        return [
            intent.orderID.rawValue, intent.account.rawValue, intent.idempotencyKey, intent.fingerprint,
            intent.clientOrderID, intent.principal, intent.placedTime.microseconds, intent.label,
            request.instrument.exchange.rawValue, request.instrument.symbol, request.side.rawValue,
            request.type.rawValue, force, minutes, request.product.rawValue, request.quantity.units,
            request.price?.tenThousandths, request.triggerPrice?.tenThousandths, request.disclosedQuantity?.units,
            protection, basisPoints,
        ]
    }

    static func intent(_ row: StoredRow) throws -> OrderIntent {
        OrderIntent(
            orderID: OrderID(try row.int("order_id")), account: TradingAccountID(try row.int("account_id")),
            idempotencyKey: try row.text("idempotency_key"), fingerprint: try row.text("fingerprint"),
            clientOrderID: try row.text("client_order_id"), request: try request(row),
            label: try row.optionalText("label"), principal: try row.int("principal"),
            placedTime: try row.time("placed_time"))
    }

    private static func request(_ row: StoredRow) throws -> OrderRequest {
        let instrument = InstrumentID(
            exchange: try row.value("exchange", as: Exchange.self), symbol: try row.text("symbol"))
        var request = OrderRequest(
            instrument: instrument, side: try row.value("side", as: Side.self),
            type: try row.value("type", as: OrderType.self), quantity: Quantity(try row.int("quantity")),
            product: try row.value("product", as: Product.self), price: try row.optionalPrice("price"),
            triggerPrice: try row.optionalPrice("trigger_price"), timeInForce: try timeInForce(row))
        request.disclosedQuantity = try row.optionalInt("disclosed_quantity").map(Quantity.init(_:))
        request.marketProtection = try marketProtection(row)
        return request
    }

    private static func timeInForce(_ force: TimeInForce) -> (String, Int64?) {
        switch force {
        case .day: ("DAY", nil)
        case .immediateOrCancel: ("IOC", nil)
        case .minutes(let minutes): ("TTL", Int64(minutes))
        }
    }

    private static func timeInForce(_ row: StoredRow) throws -> TimeInForce {
        switch (try row.text("time_in_force"), try row.optionalInt("validity_minutes")) {
        case ("DAY", nil): return .day
        case ("IOC", nil): return .immediateOrCancel
        case ("TTL", let minutes?): return .minutes(Int(minutes))
        default: throw StoredValueFault(column: "time_in_force")
        }
    }

    private static func marketProtection(_ protection: MarketProtection?) -> (String?, Int64?) {
        switch protection {
        case nil: (nil, nil)
        case .automatic: ("AUTOMATIC", nil)
        case .basisPoints(let points): ("BASIS_POINTS", points)
        }
    }

    private static func marketProtection(_ row: StoredRow) throws -> MarketProtection? {
        let points = try row.optionalInt("market_protection_basis_points")
        switch (try row.optionalText("market_protection"), points) {
        case (nil, nil): return nil
        case ("AUTOMATIC", nil): return .automatic
        case ("BASIS_POINTS", let points?): return .basisPoints(points)
        default: throw StoredValueFault(column: "market_protection")
        }
    }
}
