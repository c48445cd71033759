import Trading

/// Why the venue does not do what it was asked. Thrown where a broker refuses at once; the freeze quantity and the
/// price range are the exchange's own checks and come back as a rejected order with the same sentence.
package enum VenueRefusal: Error, Sendable, Hashable {
    case unknownAccount(String)
    case unknownInstrument(InstrumentID)
    case notTradable(InstrumentID)
    case expired(InstrumentID)
    case varietyNotOffered(String)
    /// A term, by its name on the broker's form, that does not go with the variety.
    case termNotAllowed(String, variety: Variety)
    case icebergLegsOutOfRange
    case icebergQuantityMismatch
    case unknownAuction(String)
    case disclosedQuantityNotAllowed
    case tagTooLong
    case timeInForceNotOffered
    case productNotAllowed(Exchange, Product)
    case quantityNotPositive
    case offLot(lot: Quantity)
    case orderTooLarge
    case overFreezeQuantity(limit: Quantity)
    case priceMissing
    case priceOffTick(tick: Price)
    case triggerMissing
    case triggerOffTick(tick: Price)
    case triggerOnWrongSide(Side, lastPrice: Price)
    case triggerBeyondPrice(Side)
    case triggerBeyondCircuit(Side, limit: Price)
    /// The stop loss of a cover order, by its own side, does not lie beyond the order's price.
    case coverTriggerBeyondPrice(Side, price: Price)
    case belowCircuit(limit: Price)
    case aboveCircuit(limit: Price)
    case protectionMissing
    case protectionOutOfRange
    case insufficientFunds(required: Money, available: Money)
    case insufficientHoldings(asked: Quantity, held: Quantity)
    case authorisationNeeded(Quantity)
    case marketClosed
    case unknownOrder(String)
    case notModifiable(VenueOrderStatus)
    case notCancellable(VenueOrderStatus)
    case quantityBelowFilled(filled: Quantity)
    case tooManyModifications

    /// The class of a refusal, as a broker's interface tells them apart.
    package enum Kind: Sendable, Hashable {
        /// Something in the request is wrong.
        case input
        /// The order cannot be dealt with as it stands.
        case order
        /// There is not enough money.
        case margin
        /// There are not enough shares.
        case holding
        /// The shares' owner has to authorise their sale first.
        case authorisation
        /// A limit on the number of requests.
        case limit
        /// The account is not known here.
        case account
    }

    /// The class it belongs to.
    package var kind: Kind {
        switch self {
        case .unknownAccount: .account
        case .notModifiable, .notCancellable: .order
        case .insufficientFunds: .margin
        case .insufficientHoldings: .holding
        case .authorisationNeeded: .authorisation
        case .tooManyModifications: .limit
        default: .input
        }
    }
}

extension VenueRefusal: CustomStringConvertible {
    /// A sentence for the person who asked. Source of the meaning: Kite Connect, observed error messages.
    package var description: String {
        switch self {
        case .overFreezeQuantity, .belowCircuit, .aboveCircuit, .triggerBeyondCircuit, .marketClosed: exchangeSentence
        case .priceMissing, .priceOffTick, .triggerMissing, .triggerOffTick, .triggerOnWrongSide, .triggerBeyondPrice,
            .coverTriggerBeyondPrice, .protectionMissing, .protectionOutOfRange:
            priceSentence
        case .unknownOrder, .notModifiable, .notCancellable, .quantityBelowFilled, .tooManyModifications:
            changeSentence
        case .varietyNotOffered, .termNotAllowed, .icebergLegsOutOfRange, .icebergQuantityMismatch, .unknownAuction,
            .disclosedQuantityNotAllowed:
            varietySentence
        default: termsSentence
        }
    }

    private var termsSentence: String {
        switch self {
        case .unknownAccount(let account): "The account \(account) is not known at this exchange."
        case .unknownInstrument(let id):
            "The instrument \(id) does not exist or has expired. Check the instrument list."
        case .notTradable(let id): "\(id) is an index and cannot be traded."
        case .expired(let id): "The contract \(id) has expired."
        case .tagTooLong: "The tag is longer than 20 characters."
        case .timeInForceNotOffered: "Validity in minutes has to lie between 1 and 1440."
        case .productNotAllowed(let exchange, let product):
            "Trading in \(exchange.rawValue) is not allowed using \(product.rawValue) product type."
        case .quantityNotPositive: "Quantity has to be more than zero."
        case .offLot(let lot): "Order quantity should be in multiples of the lot size \(lot)."
        case .orderTooLarge: "The order's quantity or value is above what one order may have."
        case .insufficientFunds(let required, let available):
            "Insufficient funds. Required margin is \(required.roundedUpToPaise.paiseText) but available margin is "
                + "\((.zero - (.zero - available).roundedUpToPaise).paiseText). Check the orderbook for open orders."
        case .insufficientHoldings(let asked, let held):
            "Insufficient stock holding. \(asked) shares are to be sold but only \(held) are held."
        case .authorisationNeeded(let quantity): "\(quantity) quantity needs authorisation at depository."
        default: ""
        }
    }

    private var varietySentence: String {
        switch self {
        case .varietyNotOffered(let variety): "Orders of variety \(variety) are not offered. Use regular."
        case .termNotAllowed(let term, let variety):
            "Invalid `\(term)` for orders of variety \(variety.name)."
        case .icebergLegsOutOfRange:
            "Iceberg legs have to lie between \(VarietyRules.icebergLegs.lowerBound) and "
                + "\(VarietyRules.icebergLegs.upperBound)."
        case .icebergQuantityMismatch:
            "Iceberg quantity has to be the order's quantity divided by the number of legs, in whole lots."
        case .unknownAuction(let number): "There is no auction \(number) in this instrument today."
        case .disclosedQuantityNotAllowed:
            "Disclosed quantity is allowed for equity only, up to the order's quantity."
        default: ""
        }
    }

    private var priceSentence: String {
        switch self {
        case .priceMissing: "Limit price is required for this order type and has to be more than zero."
        case .triggerMissing: "Trigger price is required for this order type and has to be more than zero."
        case .priceOffTick(let tick): Self.offTick("price", tick)
        case .triggerOffTick(let tick): Self.offTick("trigger price", tick)
        case .triggerOnWrongSide(.buy, let last):
            "Trigger price for stoploss buy orders should be higher than the last traded price (\(last.paiseText))."
        case .triggerOnWrongSide(.sell, let last):
            "Trigger price for stoploss sell orders should be lower than the last traded price (\(last.paiseText))."
        case .triggerBeyondPrice(.buy):
            "Trigger price for stoploss buy orders cannot be above the limit price."
        case .triggerBeyondPrice(.sell):
            "Trigger price for stoploss sell orders cannot be below the limit price."
        case .coverTriggerBeyondPrice(.buy, let price):
            "Trigger price for stoploss buy orders should be higher than the order's price (\(price.paiseText))."
        case .coverTriggerBeyondPrice(.sell, let price):
            "Trigger price for stoploss sell orders should be lower than the order's price (\(price.paiseText))."
        case .protectionMissing:
            "Market orders without market protection are not allowed via API. "
                + "Please set market protection or use a Limit order."
        case .protectionOutOfRange: "Market protection has to be more than 0 and at most 100 percent."
        default: ""
        }
    }

    private var exchangeSentence: String {
        switch self {
        case .overFreezeQuantity(let limit):
            "Order quantity is above the freeze quantity of \(limit). Split the order into smaller ones."
        case .belowCircuit(let limit):
            "Your order price is lower than the current lower circuit limit of \(limit.paiseText). "
                + "Place an order within the daily range."
        case .aboveCircuit(let limit):
            "Your order price is higher than the current upper circuit limit of \(limit.paiseText). "
                + "Place an order within the daily range."
        case .triggerBeyondCircuit(.buy, let limit):
            "Trigger price for stoploss buy orders cannot be above the upper circuit price. "
                + "Please try placing the order with trigger price below \(limit.paiseText)."
        case .triggerBeyondCircuit(.sell, let limit):
            "Trigger price for stoploss sell orders cannot be below the lower circuit price. "
                + "Please try placing the order with trigger price above \(limit.paiseText)."
        case .marketClosed: "Markets are not open for trading today. Try placing an AMO order."
        default: ""
        }
    }

    private var changeSentence: String {
        switch self {
        case .unknownOrder: "Couldn't find that `order_id`."
        case .notModifiable: "Order cannot be modified as it is being processed. Try later."
        case .notCancellable: "Order cannot be cancelled as it is being processed. Try later."
        case .quantityBelowFilled(let filled): "Quantity has to be more than the \(filled) units already traded."
        case .tooManyModifications: "Maximum allowed order modifications exceeded."
        default: ""
        }
    }

    private static func offTick(_ what: String, _ tick: Price) -> String {
        "Tick size for this script is \(tick.paiseText). "
            + "Kindly enter \(what) in the multiple of tick size for this script."
    }
}

extension Price {
    /// The price with two decimals, or with four where two do not tell it.
    var paiseText: String { Money(tenThousandths: tenThousandths).paiseText }
}

extension Money {
    /// The least amount in whole paise that is not below this one.
    fileprivate var roundedUpToPaise: Money {
        let over = tenThousandths % 100
        return over > 0 ? self + Money(tenThousandths: 100 - over) : self - Money(tenThousandths: over)
    }

    /// The amount with two decimals, or with four where two do not tell it.
    var paiseText: String {
        let magnitude = tenThousandths.magnitude
        let fraction = magnitude % 10_000
        let decimals = fraction % 100 == 0 ? String(100 + fraction / 100) : String(10_000 + fraction)
        return (tenThousandths < 0 ? "-" : "") + "\(magnitude / 10_000)." + decimals.dropFirst()
    }
}
