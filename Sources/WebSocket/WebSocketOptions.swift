/// Limits and timings of one connection.
public struct WebSocketOptions: Sendable {
    /// Largest message accepted, in bytes; a larger one closes the connection with 1009.
    public var maxMessageBytes: Int
    /// Most bytes waiting to be sent, frame headers included; `offer` answers `.slow` rather than exceed it.
    public var sendBufferBytes: Int
    /// Bytes of received messages that wait for the reader before reading from the network pauses.
    public var receiveBufferBytes: Int
    /// Time between pings of our own, `nil` for none; a peer silent for a whole interval after one is given up.
    public var pingInterval: Duration?
    /// Spacing of writes while the connection is busy; the first few writes of each interval leave at once.
    public var flushInterval: Duration
    /// Longest wait for the peer's close frame before the connection is cut.
    public var closeTimeout: Duration

    /// Limits fit for a client of one feed or a browser's connection.
    public init(
        maxMessageBytes: Int = 1 << 20, sendBufferBytes: Int = 1 << 20, receiveBufferBytes: Int = 256 << 10,
        pingInterval: Duration? = nil, flushInterval: Duration = .milliseconds(10),
        closeTimeout: Duration = .seconds(2)
    ) {
        self.maxMessageBytes = maxMessageBytes
        self.sendBufferBytes = sendBufferBytes
        self.receiveBufferBytes = receiveBufferBytes
        self.pingInterval = pingInterval
        self.flushInterval = flushInterval
        self.closeTimeout = closeTimeout
    }
}

/// Which end of a connection this process is; clients mask what they send, servers never do.
public enum WebSocketRole: Sendable {
    /// The end that connected.
    case client
    /// The end that accepted.
    case server
}
