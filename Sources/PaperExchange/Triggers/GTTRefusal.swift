import Trading

/// Why a trigger is not made, changed or deleted. Legs count from zero.
package enum GTTRefusal: Error, Sendable, Hashable {
    case unknownAccount(String)
    case instrument(VenueRefusal)
    case triggerNotPositive(leg: Int)
    case triggersOutOfOrder
    case triggerTooClose(leg: Int, least: GTTRules.Distance)
    case triggerAlreadyMet(leg: Int, lastPrice: Price)
    case instrumentDiffers(leg: Int)
    case orderTypeNotOffered(leg: Int, OrderType)
    case productNotOffered(leg: Int, Product)
    case buyTwoLegOutsideDerivatives
    case order(leg: Int, VenueRefusal)
    case tooManyActive(limit: Int)
    case unknownTrigger
    case notActive(GTT.Status)
}

extension GTTRefusal: CustomStringConvertible {
    /// A sentence for the person who asked, with the part of the request that is wrong.
    package var description: String {
        switch self {
        case .unknownAccount(let account): "The account \(account) is not known at this exchange."
        case .instrument(let refusal): refusal.description
        case .triggerNotPositive(let leg): "Invalid `condition.trigger_values[\(leg)]`: it has to be more than zero."
        case .triggersOutOfOrder:
            "Invalid `condition.trigger_values`: the lower value comes first, then the higher one."
        case .triggerTooClose(_, .basisPoints(let points)):
            "Trigger price was too close to the last price. (difference should be more than "
                + "\(Price(tenThousandths: points * 100))%)"
        case .triggerTooClose(_, .amount(let amount)):
            "Trigger price was too close to the last price. (difference should be more than \(amount))"
        case .triggerAlreadyMet(let leg, let last):
            "Trigger already met. `condition.trigger_values[\(leg)]` lies behind the last price of \(last.paiseText)."
        case .instrumentDiffers(let leg):
            "Invalid `orders[\(leg)].tradingsymbol`: it has to be the instrument of the condition."
        case .orderTypeNotOffered(let leg, let type):
            "Invalid `orders[\(leg)].order_type`: \(type.rawValue) is not offered; use LIMIT or MARKET."
        case .productNotOffered(let leg, let product):
            "Invalid `orders[\(leg)].product`: \(product.rawValue) is not offered; use CNC, NRML or MTF."
        case .buyTwoLegOutsideDerivatives:
            "Invalid `orders[0].transaction_type`: two-leg buy triggers are offered for derivatives only."
        case .order(let leg, let refusal): "Invalid `orders[\(leg)]`: \(refusal.description)"
        case .tooManyActive(let limit): "At most \(limit) active triggers are allowed."
        case .unknownTrigger: "Couldn't find that `trigger_id`."
        case .notActive(let status): "The trigger is not active any more: it is \(status)."
        }
    }
}
