import NIOCore

/// What became of a request on the wire, before its meaning is judged.
enum WireOutcome: Sendable {
    /// Not one byte that could make a request complete left this process.
    case neverSent(WireFault)
    /// The request may have arrived and no status line came back.
    case noAnswer(WireFault)
    /// A status line came back.
    case answer(WireAnswer)
}

/// What broke on the wire.
enum WireFault: Sendable, Hashable {
    case connectFailed
    case tlsFailed
    case connectTimeout
    case poolTimeout
    case timeout
    case connectionLost
    case cancelled
    case malformed
    case redirected
}

/// A status line with what could be read of the body.
struct WireAnswer: Sendable {
    /// How the body ended.
    enum Body: Sendable, Hashable {
        case complete(ByteBuffer)
        case cut(WireFault)
        case tooLarge(limit: Int)
    }

    var status: Int
    var body: Body
}

/// Carries one request to Kite and back; faults are values.
protocol HTTPTransport: Sendable {
    /// Sends a request to an absolute address within a total time; never follows a redirect.
    func send(_ request: PreparedRequest) async -> WireOutcome
}

/// A request with address, headers and credentials, ready for a transport.
struct PreparedRequest: Sendable {
    var method: WireRequest.Method
    var url: String
    var headers: [(name: String, value: String)]
    var body: ByteBuffer?
    var bodyLimit: Int
    var timeout: Duration
    /// Is told when the body was asked for, which is when the request leaves a connection that stands.
    var leaves: (@Sendable () -> Void)?
}
