import PaperExchange

/// A refusal as Kite words it: HTTP status, exception name and the sentence a client sees.
///
/// Source: Kite Connect, exceptions and errors; texts as clients report them.
package struct KiteRefusal: Error, Sendable, Hashable {
    /// Kite's exception names.
    package enum Kind: String, Sendable, Hashable {
        case token = "TokenException"
        case user = "UserException"
        case secondFactor = "TwoFAException"
        case permission = "PermissionException"
        case input = "InputException"
        case order = "OrderException"
        case margin = "MarginException"
        case holding = "HoldingException"
        case network = "NetworkException"
        case data = "DataException"
        case general = "GeneralException"
    }

    /// The HTTP status, 400...599.
    package let status: Int
    /// The value of `error_type`.
    package let kind: Kind
    /// The value of `message`.
    package let message: String

    /// Puts a refusal together.
    package init(status: Int, kind: Kind, message: String) {
        self.status = status
        self.kind = kind
        self.message = message
    }
}

extension KiteRefusal {
    static let session = KiteRefusal(
        status: 403, kind: .token, message: "Incorrect `api_key` or `access_token`.")
    static let requestToken = KiteRefusal(status: 403, kind: .token, message: "Token is invalid or has expired.")
    static let checksum = KiteRefusal(status: 400, kind: .input, message: "Invalid `checksum`.")
    static let apiKey = KiteRefusal(status: 400, kind: .input, message: "Invalid `api_key`.")
    static let tooManyRequests = KiteRefusal(status: 429, kind: .network, message: "Too many requests")
    static let tooManyOrders = KiteRefusal(
        status: 429, kind: .network, message: "Maximum allowed order requests exceeded.")
    static let unknownOrder = KiteRefusal(status: 400, kind: .input, message: "Couldn't find that `order_id`.")
    static let route = KiteRefusal(status: 404, kind: .general, message: "Route not found")
    static let method = KiteRefusal(status: 405, kind: .general, message: "Method not allowed")
    static let handshake = KiteRefusal(status: 403, kind: .token, message: "Authentication failed.")
    static let tooManyConnections = KiteRefusal(
        status: 403, kind: .permission, message: "Maximum allowed WebSocket connections exceeded.")
    static let refresh = KiteRefusal(
        status: 403, kind: .permission, message: "Refresh tokens are not offered to this app.")
    static let unknownPlan = KiteRefusal(status: 400, kind: .input, message: "Couldn't find that `sip_id`.")
    static let fundOrderNotOpen = KiteRefusal(
        status: 400, kind: .order, message: "Order cannot be cancelled any more.")
    static let planNotOpen = KiteRefusal(status: 400, kind: .input, message: "The SIP has been cancelled already.")
    static let authorisationRequest = KiteRefusal(
        status: 404, kind: .input, message: "The `request_id` is not known, or it has been used or has expired.")
    static let bodyTooLarge = KiteRefusal(status: 413, kind: .input, message: "The request body is too large.")
    static let internalFault = KiteRefusal(
        status: 500, kind: .general, message: "Something went wrong. Please try again later.")

    static func missing(_ field: String) -> KiteRefusal {
        KiteRefusal(status: 400, kind: .input, message: "Missing or empty field `\(field)`")
    }

    static func invalid(_ field: String) -> KiteRefusal {
        KiteRefusal(status: 400, kind: .input, message: "Invalid `\(field)`.")
    }

    /// Words a venue's refusal as the broker would.
    init(_ refusal: VenueRefusal) {
        let (status, kind): (Int, Kind) =
            switch refusal.kind {
            case .input: (400, .input)
            case .order: (400, .order)
            case .margin: (400, .margin)
            case .holding: (400, .holding)
            case .authorisation: (428, .holding)
            case .limit: (429, .network)
            case .account: (403, .permission)
            }
        self.init(status: status, kind: kind, message: refusal.description)
    }

    /// Words the refusal of a conversion as the broker would.
    init(_ refusal: ConversionRefusal) {
        let (status, kind): (Int, Kind) =
            switch refusal {
            case .unknownAccount: (403, .permission)
            case .insufficientFunds: (400, .margin)
            case .insufficientHoldings: (400, .holding)
            default: (400, .input)
            }
        self.init(status: status, kind: kind, message: refusal.description)
    }

    static func input(_ message: String) -> KiteRefusal {
        KiteRefusal(status: 400, kind: .input, message: message)
    }
}
