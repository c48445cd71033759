/// How much an instrument's packets carry.
public enum KiteTickerMode: String, Sendable, Hashable, CaseIterable {
    /// Last price only.
    case ltp
    /// Prices and quantities without depth.
    case quote
    /// Everything, five levels of depth included.
    case full
}

/// Limits and delays of a ticker or of each connection of a pool.
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
    /// Longest time without a tick, while ticks are expected, before the feed is reported as stalled.
    public var stallLimit: Duration = .seconds(10)
    /// Whether a stalled connection is replaced, not only reported; off, since a set of illiquid instruments may rest.
    public var replacesStalled = false
    /// Delay before a failed reading of the order book is tried again; doubles with each further one.
    public var firstBookDelay: Duration = .seconds(1)
    /// Longest delay between readings of the order book that fail.
    public var longestBookDelay: Duration = .seconds(30)
    /// How often a book that is behind the messages is read again before it is reported and let be.
    public var bookReadingsWhenBehind = 5
    /// Most connections of a pool, a rule of Kite's for one API key.
    public var connectionLimit = 3
    /// Most instruments on one connection, a rule of Kite's.
    public var instrumentLimit = 3000
    /// Most instruments named in one message to Kite.
    public var batchSize = 500

    /// Kite's limits and cautious delays.
    public init() {}
}

/// What a ticker asks its owner.
public struct KiteTickerContext: Sendable {
    /// Reads the day's order book; without it order messages that were missed while disconnected stay unknown.
    public var orderBook: (@Sendable () async throws(KiteError) -> [KiteOrder])?
    /// Whether ticks are to be expected now, the market being open; never, unless told otherwise.
    public var expectsTicks: (@Sendable () -> Bool)?

    /// Nothing to ask, unless given.
    public init(
        orderBook: (@Sendable () async throws(KiteError) -> [KiteOrder])? = nil,
        expectsTicks: (@Sendable () -> Bool)? = nil
    ) {
        self.orderBook = orderBook
        self.expectsTicks = expectsTicks
    }
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
