import NIOCore
import NIOHTTP1

/// Limits and timings of the HTTP connections of one listener.
package struct HTTPConnectionOptions: Sendable {
    /// A connection that waits longer for a request, for the rest of one, or for the client to read, is closed.
    package var idleTimeout: Duration
    /// Most bytes of all header fields of a request; more is answered 431.
    package var maxHeaderBytes: Int
    /// Most header fields of a request; more is answered 431.
    package var maxHeaderFields: Int
    /// Most connections at once; further ones are closed unanswered.
    package var maxConnections: Int
    /// Longest wait for requests in flight and WebSockets when the listener stops; then they are cut and cancelled.
    package var drainTimeout: Duration
    /// Whether a connection's requests run on its own event loop, which saves a thread hop each way.
    ///
    /// A request handler must then never hold its thread for more than a millisecond: every connection of that loop
    /// would wait. Off, handlers run where tasks run otherwise.
    package var runsOnEventLoop: Bool

    /// Limits fit for an API on a small machine.
    package init(
        idleTimeout: Duration = .seconds(60), maxHeaderBytes: Int = 32 << 10, maxHeaderFields: Int = 100,
        maxConnections: Int = 20_000, drainTimeout: Duration = .seconds(5), runsOnEventLoop: Bool = false
    ) {
        self.idleTimeout = idleTimeout
        self.maxHeaderBytes = maxHeaderBytes
        self.maxHeaderFields = maxHeaderFields
        self.maxConnections = maxConnections
        self.drainTimeout = drainTimeout
        self.runsOnEventLoop = runsOnEventLoop
    }

    func makeDecoder() -> ByteToMessageHandler<HTTPRequestDecoder> {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = maxHeaderBytes
        limits.maxHeaderListSize = maxHeaderBytes
        limits.maxHeaderFieldCount = maxHeaderFields
        return ByteToMessageHandler(
            HTTPRequestDecoder(
                leftOverBytesStrategy: .forwardBytes, informationalResponseStrategy: .drop,
                limitConfiguration: limits))
    }
}
