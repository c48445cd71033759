/// How long to wait before connecting again: doubling delays with jitter, slower after refusals.
struct TickerBackoff: Sendable {
    private let options: KiteTickerOptions
    private var failures = 0
    private var refusals = 0

    init(_ options: KiteTickerOptions) {
        self.options = options
    }

    /// The delay after a loss; `stoodFor` is how long the connection had stood, nil when it was not made.
    ///
    /// The delay lies between half and all of its ceiling, as `random` (0 to below 1) says.
    mutating func delay(after loss: KiteTickerLoss, stoodFor: Duration?, random: Double) -> Duration {
        if let stoodFor, stoodFor >= options.stableAfter {
            failures = 0
            refusals = 0
        }
        switch loss {
        case .renewed, .unneeded: return .zero
        case .refused(let status) where status == 401 || status == 403:
            refusals += 1
            return Self.delay(
                options.firstDelayAfterRefusal, options.longestDelayAfterRefusal, attempt: refusals, random)
        case .refused, .connectFailed, .closed, .silent, .stalled:
            failures += 1
            return Self.delay(options.firstDelay, options.longestDelay, attempt: failures, random)
        }
    }

    /// Between half and all of `first` doubled with every attempt after the first, `longest` at most.
    static func delay(_ first: Duration, _ longest: Duration, attempt: Int, _ random: Double) -> Duration {
        var ceiling = first
        for _ in 1..<max(min(attempt, 32), 1) where ceiling < longest { ceiling *= 2 }
        return min(ceiling, longest) * (0.5 + 0.5 * random)
    }
}
