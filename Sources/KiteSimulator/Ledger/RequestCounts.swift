import HTTPTypes
import Synchronization

/// What has happened since the start or the last reset, in numbers.
package final class RequestCounts: Sendable {
    /// Things that are counted one by one.
    package enum Event: String, Sendable, Hashable, CaseIterable {
        case orderMessages = "order_messages"
        case tickerHandshakes = "ticker_handshakes"
        case tickerRefusals = "ticker_refusals"
        case tickerSurplus = "ticker_connections_over_limit"
        case postbacksDelivered = "postbacks_delivered"
        case postbackRetries = "postback_retries"
        case postbacksFailed = "postbacks_failed"
        case postbacksDropped = "postbacks_dropped"
        case signInFailures = "sign_in_failures"
    }

    /// A route and how it was answered.
    struct Key: Hashable {
        let route: String
        /// Nil where no answer was sent.
        let status: Int?
    }

    /// Routes that are told apart; what comes beyond shares one name.
    private static let routeLimit = 400

    private struct State {
        var requests: [Key: Int] = [:]
        var events: [Event: Int] = [:]
    }

    private let state = Mutex(State())

    init() {}

    /// How often something happened.
    package func count(of event: Event) -> Int { state.withLock { $0.events[event] ?? 0 } }

    func add(_ event: Event, _ number: Int = 1) {
        state.withLock { $0.events[event, default: 0] += number }
    }

    func add(_ method: HTTPRequest.Method, _ path: String, status: Int?) {
        let key = Key(route: "\(method.rawValue) \(Self.template(path))", status: status)
        state.withLock { state in
            if state.requests[key] == nil, state.requests.count >= Self.routeLimit {
                state.requests[Key(route: "other", status: status), default: 0] += 1
            } else {
                state.requests[key, default: 0] += 1
            }
        }
    }

    func clear() {
        state.withLock { $0 = State() }
    }

    var requests: [Key: Int] { state.withLock { $0.requests } }

    /// The path with every part that has a digit as `:id`, so that orders share a route.
    static func template(_ path: String) -> String {
        guard path.utf8.contains(where: { (48...57).contains($0) }) else { return path }
        return path.split(separator: "/").reduce(into: "") { text, part in
            text += part.utf8.contains { (48...57).contains($0) } ? "/:id" : "/" + part
        }
    }
}
