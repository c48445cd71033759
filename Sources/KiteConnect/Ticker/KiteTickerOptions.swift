/// How much an instrument's packets carry.
public enum KiteTickerMode: String, Sendable, Hashable, CaseIterable {
    /// Last price only.
    case ltp
    /// Prices and quantities without depth.
    case quote
    /// Everything, five levels of depth included.
    case full
}

/// Limits and delays of a ticker.
public struct KiteTickerOptions: Sendable, Hashable {
    /// Longest time without any frame before the connection is given up; Kite sends a sign of life every second or two.
    public var silenceLimit: Duration = .seconds(5)
    /// Longest time from connecting to the accepted handshake.
    public var connectTimeout: Duration = .seconds(7)
    /// Delay before the first new attempt; doubles with each further one.
    public var firstDelay: Duration = .seconds(1)
    /// Longest delay before a new attempt.
    public var longestDelay: Duration = .seconds(60)
    /// Delay after a refusal for want of a valid session or plan (HTTP 401, 403); doubles with each further one.
    public var firstDelayAfterRefusal: Duration = .seconds(30)
    /// Longest delay after such refusals.
    public var longestDelayAfterRefusal: Duration = .seconds(300)
    /// How long a connection must have stood for the delays to begin anew.
    public var stableAfter: Duration = .seconds(10)
    /// Most instruments on one connection, a rule of Kite's.
    public var instrumentLimit = 3000
    /// Most instruments named in one message to Kite.
    public var batchSize = 500

    /// Kite's limits and cautious delays.
    public init() {}
}

/// The clock and the chance that a ticker works with.
public struct KiteTickerTiming: Sendable {
    /// Time since some fixed moment; never goes back.
    public var now: @Sendable () -> Duration
    /// Returns after a time; throws when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// A number from 0 to below 1, for spreading reconnections.
    public var random: @Sendable () -> Double

    /// A clock and a source of chance.
    public init(
        now: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async throws -> Void,
        random: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.sleep = sleep
        self.random = random
    }

    /// The system's monotonic clock and random numbers.
    public static let system: KiteTickerTiming = {
        let origin = ContinuousClock.now
        return KiteTickerTiming(
            now: { origin.duration(to: .now) },
            sleep: { try await Task.sleep(for: $0, clock: .continuous) },
            random: { Double.random(in: 0..<1) })
    }()
}

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
    /// A message could not be read; when it was an order's, fetch the order book.
    case unreadable(KiteError)
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
    /// A new session was given, so the connection was made anew.
    case renewed
}
