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
    case candles(token: String, interval: String)
    case fullProfile
    case holdingsView(HoldingsView)
    /// The page on which a person lets shares out of the demat account, and the one it ends on.
    case authorisation(apiKey: String, requestID: String, isFinished: Bool)
    case calculator(Calculator)
    case funds(FundEndpoint)
    case gtts
    case gtt(String)
    case alerts
    case alert(String)
    case alertHistory(String)

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
        case ("instruments", 4) where parts[1] == "historical": self = .candles(token: parts[2], interval: parts[3])
        case ("gtt", 3) where parts[1] == "triggers": self = .gtt(parts[2])
        case ("alerts", 1): self = .alerts
        case ("alerts", 2): self = .alert(parts[1])
        case ("alerts", 3) where parts[2] == "history": self = .alertHistory(parts[1])
        case ("user", 3) where parts[1] == "margins": self = .margins(segment: parts[2])
        case ("mf", _):
            guard let endpoint = FundEndpoint(parts.dropFirst()) else { return nil }
            self = .funds(endpoint)
        case ("connect", 6...7) where parts[1...3] == ["portfolio", "authorise", "holdings"]:
            guard parts.count == 6 || parts[6] == "finish" else { return nil }
            self = .authorisation(apiKey: parts[4], requestID: parts[5], isFinished: parts.count == 7)
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
        case "user/profile/full": self = .fullProfile
        case "user/margins": self = .margins(segment: nil)
        case "portfolio/positions": self = .positions
        case "portfolio/holdings": self = .holdings
        case "portfolio/holdings/compact": self = .holdingsView(.compact)
        case "portfolio/holdings/summary": self = .holdingsView(.summary)
        case "portfolio/holdings/auctions": self = .holdingsView(.auctions)
        case "portfolio/holdings/authorise": self = .holdingsView(.authorise)
        case "margins/orders": self = .calculator(.orderMargins)
        case "margins/basket": self = .calculator(.basketMargins)
        case "charges/orders": self = .calculator(.charges)
        case "quote/ohlc": self = .quotes(.dayRange)
        case "quote/ltp": self = .quotes(.lastPrice)
        case "gtt/triggers": self = .gtts
        default: return nil
        }
    }

    /// The methods that mean something here.
    var methods: [HTTPRequest.Method] {
        switch self {
        case .root, .profile, .margins, .orders, .orderTrades, .trades, .holdings, .quotes, .instruments, .candles,
            .fullProfile, .triggerRange:
            [.get]
        case .positions: [.get, .put]
        case .login: [.get, .post]
        case .landing: [.get]
        case .passwordSignIn, .secondFactor: [.post]
        case .holdingsView(let view): view == .authorise ? [.post] : [.get]
        case .authorisation(_, _, let isFinished): isFinished ? [.get] : [.get, .post]
        case .calculator: [.post]
        case .funds(let endpoint): endpoint.methods
        case .session: [.post, .delete]
        case .refresh: [.post]
        case .order: [.get, .post]
        case .variety: [.put, .delete]
        case .gtts: [.get, .post]
        case .gtt: [.get, .put, .delete]
        case .alerts: [.get, .post, .delete]
        case .alert: [.get, .put]
        case .alertHistory: [.get]
        }
    }
}

/// What is told about holdings besides the full rows, and the call that lets them be sold.
enum HoldingsView: Equatable {
    case compact
    case summary
    case auctions
    case authorise
}

/// The three calls that take orders as JSON.
enum Calculator: Equatable {
    case orderMargins
    case basketMargins
    case charges
}

extension Endpoint {
    /// Whether the body is JSON rather than a form.
    var takesJSON: Bool {
        if case .calculator = self { true } else { false }
    }
}
