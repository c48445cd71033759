import Trading

/// Why an alert is not made, changed or deleted. Items of a basket count from zero.
package enum AlertRefusal: Error, Sendable, Hashable {
    case unknownAccount(String)
    case unknownSubject(AlertSubject)
    case constantNotPositive
    case basketEmpty
    case basketTooLarge(limit: Int)
    case item(Int, VenueRefusal)
    case tooManyActive(limit: Int)
    case repeatedID
    case unknownAlert
    case deleted
}

extension AlertRefusal: CustomStringConvertible {
    /// A sentence for the person who asked, with the part of the request that is wrong.
    package var description: String {
        switch self {
        case .unknownAccount(let account): "The account \(account) is not known at this exchange."
        case .unknownSubject(.index(let name)): "The index \(name) does not exist. Check the instrument list."
        case .unknownSubject(.instrument(let id)):
            "The instrument \(id) does not exist or has expired. Check the instrument list."
        case .constantNotPositive: "Invalid `rhs_constant`: it has to be more than zero."
        case .basketEmpty: "Invalid `basket.items`: at least one order is needed."
        case .basketTooLarge(let limit): "Invalid `basket.items`: at most \(limit) orders are allowed."
        case .item(let place, let refusal): "Invalid `basket.items[\(place)]`: \(refusal.description)"
        case .tooManyActive(let limit): "At most \(limit) active alerts are allowed."
        case .repeatedID: "An alert with that `uuid` exists already."
        case .unknownAlert: "Couldn't find that `uuid`."
        case .deleted: "The alert has been deleted."
        }
    }
}
