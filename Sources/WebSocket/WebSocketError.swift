/// Why a message could not be sent.
public enum WebSocketError: Error, Sendable, Equatable {
    /// The connection is closed or closing; nothing was sent.
    case closed
    /// The message alone exceeds the send buffer; nothing was sent.
    case tooLarge(bytes: Int, limit: Int)
    /// The task was cancelled while it waited for room; nothing was sent.
    case cancelled
}

/// Why a connection could not be opened.
public enum WebSocketConnectError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The address is not a `ws` or `wss` URL; the reason never repeats the query, which may carry a token.
    case invalidURL(String)
    /// The name did not resolve or nothing listens there.
    case connectFailed(String)
    /// The certificate or the TLS negotiation was refused.
    case tlsFailed(String)
    /// The server answered with an HTTP status instead of upgrading; the body is cut after 4 KiB.
    case refused(status: Int, body: String)
    /// The server agreed to upgrade with a wrong or missing handshake header, or ended before it answered.
    case badHandshake(String)
    /// Name lookup, connection, TLS and handshake together took longer than allowed.
    case timedOut
    /// The task was cancelled.
    case cancelled

    /// One sentence without addresses, headers or bodies.
    public var description: String {
        switch self {
        case .invalidURL(let reason): "Not a WebSocket URL: \(reason)."
        case .connectFailed(let reason): "The connection could not be opened: \(reason)."
        case .tlsFailed(let reason): "TLS was refused: \(reason)."
        case .refused(let status, _): "The server refused the WebSocket with HTTP status \(status)."
        case .badHandshake(let reason): "The server's WebSocket handshake is wrong: \(reason)."
        case .timedOut: "The WebSocket was not open in time."
        case .cancelled: "The attempt was cancelled."
        }
    }
}
