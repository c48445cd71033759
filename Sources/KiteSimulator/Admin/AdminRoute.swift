import HTTPTypes

/// The addresses of the admin API.
enum AdminRoute: Equatable {
    case faults
    case fault(UInt64)
    case ledger
    case counts
    case clock
    case tickers
    case disconnectTickers
    case sessions
    case expireSessions
    case reset

    /// Reads a path; nil where nothing is served there.
    init?(path: String) {
        let parts = path.split(separator: "/").map(String.init)
        switch parts.joined(separator: "/") {
        case "faults": self = .faults
        case "ledger": self = .ledger
        case "counts": self = .counts
        case "clock": self = .clock
        case "tickers": self = .tickers
        case "tickers/disconnect": self = .disconnectTickers
        case "sessions": self = .sessions
        case "sessions/expire": self = .expireSessions
        case "reset": self = .reset
        default:
            guard parts.count == 2, parts[0] == "faults", let number = UInt64(parts[1]) else { return nil }
            self = .fault(number)
        }
    }

    /// The methods that mean something here.
    var methods: [HTTPRequest.Method] {
        switch self {
        case .faults: [.get, .post, .delete]
        case .fault: [.get, .delete]
        case .clock: [.get, .post]
        case .ledger, .counts, .tickers, .sessions: [.get]
        case .disconnectTickers, .expireSessions, .reset: [.post]
        }
    }

    /// The members that a body may have; nil where they are read elsewhere.
    var members: Set<String>? {
        switch self {
        case .faults: nil
        case .clock: ["offset_seconds"]
        case .disconnectTickers: ["connection", "user_id", "abruptly"]
        case .expireSessions: ["user_id", "api_key"]
        default: []
        }
    }
}
