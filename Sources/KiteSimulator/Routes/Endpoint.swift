import HTTPTypes

/// The addresses that Kite serves; what an address means for a method is decided where it is answered.
enum Endpoint: Equatable {
    case root
    case login
    /// The first step of the web's sign-in: user id and password.
    case passwordSignIn
    /// The second step: the one-time code.
    case secondFactor
    /// Where the browser of an app without an address of its own ends.
    case landing
    case session
    case refresh
    case profile
    case margins(segment: String?)
    case orders
    /// An order's history, or a variety to place under.
    case order(String)
    /// An order under its variety.
    case variety(String, orderID: String)
    case orderTrades(String)
    case trades
    case positions
    case holdings
    case quotes(QuoteDetail)
    case instruments(exchange: String?)
    case triggerRange(side: String)

    /// Reads a path; nil where nothing is served there.
    init?(path: String) {
        let parts = path.split(separator: "/").map { Fields.pathSegment($0) }
        switch (parts.first, parts.count) {
        case (nil, _): self = .root
        case ("orders", 1): self = .orders
        case ("orders", 2): self = .order(parts[1])
        case ("orders", 3): self = parts[2] == "trades" ? .orderTrades(parts[1]) : .variety(parts[1], orderID: parts[2])
        case ("trades", 1): self = .trades
        case ("quote", 1): self = .quotes(.everything)
        case ("instruments", 1): self = .instruments(exchange: nil)
        case ("instruments", 2): self = .instruments(exchange: parts[1])
        case ("instruments", 3) where parts[1] == "trigger_range": self = .triggerRange(side: parts[2])
        case ("user", 3) where parts[1] == "margins": self = .margins(segment: parts[2])
        default: self.init(fixed: parts.joined(separator: "/"))
        }
    }

    private init?(fixed path: String) {
        switch path {
        case "connect/login", "connect/finish": self = .login
        case LoginPage.landingPath: self = .landing
        case "api/login": self = .passwordSignIn
        case "api/twofa": self = .secondFactor
        case "session/token": self = .session
        case "session/refresh_token": self = .refresh
        case "user/profile": self = .profile
        case "user/margins": self = .margins(segment: nil)
        case "portfolio/positions": self = .positions
        case "portfolio/holdings": self = .holdings
        case "quote/ohlc": self = .quotes(.dayRange)
        case "quote/ltp": self = .quotes(.lastPrice)
        default: return nil
        }
    }

    /// The methods that mean something here.
    var methods: [HTTPRequest.Method] {
        switch self {
        case .root, .profile, .margins, .orders, .orderTrades, .trades, .positions, .holdings, .quotes, .instruments,
            .triggerRange:
            [.get]
        case .login: [.get, .post]
        case .landing: [.get]
        case .passwordSignIn, .secondFactor: [.post]
        case .session: [.post, .delete]
        case .refresh: [.post]
        case .order: [.get, .post]
        case .variety: [.put, .delete]
        }
    }
}
