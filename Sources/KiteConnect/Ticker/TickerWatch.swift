/// Tells a feed that is silent from one that only breathes and from one that flows.
///
/// A broken feed looks like a quiet market. Signs of life come every second or two whatever the market does, so their
/// absence is a fault at any hour; the absence of ticks is one only while somebody knows that the market is open.
struct TickerWatch: Sendable {
    /// What a look at a connection found.
    enum Finding: Sendable, Hashable {
        /// Nothing new; look again after a time.
        case fine
        /// No frame came for a time.
        case silent(Duration)
        /// Frames come, but no tick for a time; said once.
        case stalled(Duration)
        /// Ticks come again after a stall.
        case flowing
    }

    /// What a look sees.
    struct View: Sendable {
        var now: Duration
        var lastFrame: Duration
        /// When the last tick came; before the first, when the connection was made.
        var lastTick: Duration
        /// Since when instruments are subscribed without a break; nil when none are.
        var subscribedSince: Duration?
        /// Whether ticks are expected; nil when nobody can tell.
        var expectsTicks: Bool?
    }

    private let silenceLimit: Duration
    private let stallLimit: Duration
    private var expectingSince: Duration?
    private var isStalled = false
    /// How long to wait before the next look.
    private(set) var pause: Duration = .zero

    init(_ options: KiteTickerOptions) {
        silenceLimit = options.silenceLimit
        stallLimit = options.stallLimit
    }

    mutating func look(_ view: View) -> Finding {
        let silence = view.now - view.lastFrame
        if silence >= silenceLimit { return .silent(silence) }
        pause = silenceLimit - silence
        guard let expectsTicks = view.expectsTicks else { return .fine }
        // The market may open at any moment.
        pause = min(pause, .seconds(1))
        expectingSince = expectsTicks ? expectingSince ?? view.now : nil
        guard let expectingSince, let subscribedSince = view.subscribedSince else {
            isStalled = false
            return .fine
        }
        let since = max(view.lastTick, subscribedSince, expectingSince)
        let drought = view.now - since
        if drought < stallLimit {
            pause = min(pause, stallLimit - drought)
            defer { isStalled = false }
            return isStalled ? .flowing : .fine
        }
        defer { isStalled = true }
        return isStalled ? .fine : .stalled(drought)
    }
}
