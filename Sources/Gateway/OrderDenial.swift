import Trading

/// Why we refuse an order before it leaves. The order of the cases is the order of the checks.
package enum OrderDenial: Error, Sendable, Hashable {
    case unknownInstrument(InstrumentID)
    case notTradable(InstrumentID)
    case productNotAllowed(Product, Exchange)
    case quantityNotPositive
    case quantityOffLot(lot: Quantity)
    case quantityOverFreeze(limit: Quantity)
    case priceMissing(OrderType)
    case priceNotPositive
    case priceOffTick(tick: Price)
    case triggerMissing(OrderType)
    case triggerNotPositive
    case triggerOffTick(tick: Price)
    case triggerBeyondPrice(Side)
    case disclosedQuantityOutOfRange
    case validityNotAllowed

    /// A stable word for programs.
    package var code: String {
        switch self {
        case .unknownInstrument: "unknown_instrument"
        case .notTradable: "not_tradable"
        case .productNotAllowed: "product_not_allowed"
        case .quantityNotPositive: "quantity_not_positive"
        case .quantityOffLot: "quantity_off_lot"
        case .quantityOverFreeze: "quantity_over_freeze"
        case .priceMissing: "price_missing"
        case .priceNotPositive: "price_not_positive"
        case .priceOffTick: "price_off_tick"
        case .triggerMissing: "trigger_missing"
        case .triggerNotPositive: "trigger_not_positive"
        case .triggerOffTick: "trigger_off_tick"
        case .triggerBeyondPrice: "trigger_beyond_price"
        case .disclosedQuantityOutOfRange: "disclosed_quantity_out_of_range"
        case .validityNotAllowed: "validity_not_allowed"
        }
    }

    /// A sentence that says what to do.
    package var sentence: String {
        switch self {
        case .unknownInstrument(let id):
            "\(id) is not listed. Check the exchange and the trading symbol."
        case .notTradable(let id):
            "\(id) is an index and cannot be traded. Trade its futures or options."
        case .productNotAllowed(let product, let exchange):
            "Product \(product.rawValue) is not allowed on \(exchange.rawValue). "
                + (exchange.isCash ? "Use CNC, MIS or MTF." : "Use NRML or MIS.")
        case .quantityNotPositive: "The quantity must be at least 1."
        case .quantityOffLot(let lot): "The quantity must be a multiple of the lot size, \(lot)."
        case .quantityOverFreeze(let limit):
            "One order may carry at most \(limit) units of this contract. Split the order."
        case .priceMissing(let type): "A price is required for \(type.rawValue) orders."
        case .priceNotPositive: "The price must be more than 0."
        case .priceOffTick(let tick): "The price must be a multiple of the tick size, \(tick)."
        case .triggerMissing(let type): "A trigger price is required for \(type.rawValue) orders."
        case .triggerNotPositive: "The trigger price must be more than 0."
        case .triggerOffTick(let tick): "The trigger price must be a multiple of the tick size, \(tick)."
        case .triggerBeyondPrice(.buy): "The trigger price of a stop buy must not be above its price."
        case .triggerBeyondPrice(.sell): "The trigger price of a stop sell must not be below its price."
        case .disclosedQuantityOutOfRange:
            "The disclosed quantity must lie between 1 and the quantity, and needs a cash market."
        case .validityNotAllowed: "A validity in minutes must lie between 1 and 359."
        }
    }
}
