/// Where a ticker stands.
public enum KiteTickerState: Sendable, Hashable {
    /// `run()` was not called yet.
    case idle
    /// An attempt is under way.
    case connecting
    /// The handshake was accepted.
    case connected
    /// The connection was lost; another attempt follows.
    case waiting
    /// A connection of a pool has no instruments and needs none; it connects again once it has.
    case resting
    /// `run()` has ended.
    case stopped
}

/// Something worth knowing that happened to a ticker; more cases may be added.
public enum KiteTickerEvent: Sendable, Hashable {
    /// The handshake was accepted; the desired subscriptions are being sent.
    case connected
    /// The connection was lost or not made; the next attempt follows after a time.
    case disconnected(KiteTickerLoss, retryIn: Duration)
    /// Kite reports an error, such as instruments above the limit.
    case serverError(String)
    /// Kite has something to say to the user.
    case message(String)
    /// A text message could not be read; when it was an order's, the order book is read if there is one to read.
    case unreadable(KiteError)
    /// Part of a binary message could not be read; the connection stays, the other packets count.
    case malformed(TickMessageDefect)
    /// Instruments are subscribed and ticks expected, but only signs of life have come for a time.
    case stalled(Duration)
    /// Ticks come again after a stall.
    case flowing
    /// The last instrument of a pool's connection was dropped, so the connection was closed.
    case rested
    /// The order book was read; as many rows as `news` differed from what was told and were put among the updates.
    case orderBookRead(orders: Int, news: Int)
    /// The order book could not be read; the next attempt follows after a time if still connected.
    case orderBookFailed(KiteError, retryIn: Duration)
    /// The order book lacks orders that messages told of, or shows them as they were; it was read several times.
    case orderBookBehind(orders: Int)
}

/// An event of a pool with the connection that it happened to.
public struct KiteTickerPoolEvent: Sendable, Hashable {
    /// The connection, 0 to 2; nil for what concerns the pool as a whole, such as the order book.
    public let connection: Int?
    /// What happened.
    public let event: KiteTickerEvent

    /// Pairs an event with its connection.
    public init(connection: Int?, event: KiteTickerEvent) {
        self.connection = connection
        self.event = event
    }
}

/// Why a ticker has no connection.
public enum KiteTickerLoss: Sendable, Hashable {
    /// Kite refused the handshake with an HTTP status; 403 means the session or the plan.
    case refused(status: Int)
    /// No connection could be made.
    case connectFailed(String)
    /// The connection ended; 1006 when nobody said goodbye.
    case closed(code: UInt16, reason: String)
    /// No frame came for a time, so the connection was given up.
    case silent(Duration)
    /// No tick came for a time although ticks were expected; only with `KiteTickerOptions.replacesStalled`.
    case stalled(Duration)
    /// A pool's connection has no instruments left.
    case unneeded
    /// A new session was given, so the connection was made anew.
    case renewed
}
