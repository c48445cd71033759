import JSON
import WebSocket

/// What a client of an order WebSocket said.
enum ClientMessage: Sendable, Hashable {
    /// The bare word `ping`.
    case textPing
    /// `{"type":"ping"}`.
    case jsonPing
    case unknown
    case binary

    init(_ message: WebSocketMessage) {
        guard case .text(let text) = message else {
            self = .binary
            return
        }
        if text == "ping" {
            self = .textPing
            return
        }
        let object = try? JSONValue(parsing: text, depthLimit: 8).object
        self = object?["type"]?.string == "ping" ? .jsonPing : .unknown
    }
}

/// How often a client may speak: bursts of ten, ten a second on average.
struct MessageAllowance: Sendable {
    static let perSecond = 10

    private var credit = Duration.seconds(1)
    private var last: Duration

    init(at now: Duration) {
        last = now
    }

    /// Whether one more message is within the allowance.
    mutating func take(at now: Duration) -> Bool {
        credit = min(.seconds(1), credit + (now - last))
        last = now
        let price = Duration.seconds(1) / Self.perSecond
        guard credit >= price else { return false }
        credit -= price
        return true
    }
}
