/// When a failed call is made again by the client itself.
///
/// Reads are asked again where another answer can be hoped for. What changes something is sent again only where it
/// certainly never left, or was turned away for want of room (HTTP 429). Every attempt keeps the rate limits.
public struct KiteRetryPolicy: Sendable, Hashable {
    /// Most attempts of a read; 1 for no second one.
    public var readAttempts: Int
    /// Most attempts of a call that changes something.
    public var writeAttempts: Int
    /// The delay before the second attempt is spread from zero to this; it doubles with each further one.
    public var firstDelay: Duration
    /// Longest delay before an attempt.
    public var longestDelay: Duration
    /// No attempt begins later than this after the call began.
    public var patience: Duration

    /// A policy; the defaults are cautious.
    public init(
        readAttempts: Int = 3, writeAttempts: Int = 2, firstDelay: Duration = .milliseconds(200),
        longestDelay: Duration = .seconds(2), patience: Duration = .seconds(5)
    ) {
        self.readAttempts = readAttempts
        self.writeAttempts = writeAttempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
        self.patience = patience
    }

    /// Three attempts of a read, two of a call that never left.
    public static let standard = KiteRetryPolicy()
    /// One attempt, whatever becomes of it.
    public static let never = KiteRetryPolicy(readAttempts: 1, writeAttempts: 1)

    /// The time to the next attempt; nil when there is none.
    ///
    /// - Parameters:
    ///   - attempt: the number of the attempt that failed, from 1.
    ///   - elapsed: time since the call began.
    ///   - chance: from 0 to below 1.
    func delay(
        after error: KiteError, intent: Intent, attempt: Int, elapsed: Duration, chance: Double
    ) -> Duration? {
        guard attempt < (intent == .read ? readAttempts : writeAttempts) else { return nil }
        guard error.isRetryable, intent == .read || Self.neverTookEffect(error) else { return nil }
        let ceiling = min(longestDelay, firstDelay * (1 << min(attempt - 1, 16)))
        var delay = ceiling * chance
        // Without a pacer nothing else keeps the next attempt out of the second that is full.
        if error.code == .rateLimited { delay += .seconds(1) }
        return elapsed + delay <= patience ? delay : nil
    }

    /// Whether a write failed before a byte of it could be acted on, or was turned away at the door.
    private static func neverTookEffect(_ error: KiteError) -> Bool {
        error.effect == .none && (error.httpStatus == nil || error.httpStatus == 429)
    }
}
