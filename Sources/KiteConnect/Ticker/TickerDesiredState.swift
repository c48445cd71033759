import Synchronization

/// What one connection shall be subscribed to; changed from anywhere at any time, carried out by the connection.
final class TickerDesiredState: Sendable {
    private struct State {
        var subscriptions = TickerSubscriptions()
        var subscribedSince: Duration?
        var signal: AsyncStream<Void>.Continuation?
    }

    private let state = Mutex(State())
    /// Whether the connection is needed even without instruments, for the order messages.
    private let isAlwaysWanted: Bool

    init(isAlwaysWanted: Bool) {
        self.isAlwaysWanted = isAlwaysWanted
    }

    /// Whether there shall be a connection at all.
    var isWanted: Bool { isAlwaysWanted || state.withLock { !$0.subscriptions.desired.isEmpty } }

    var desired: [UInt32: KiteTickerMode] { state.withLock { $0.subscriptions.desired } }

    /// Since when there are instruments; nil when there are none.
    var subscribedSince: Duration? { state.withLock { $0.subscribedSince } }

    /// Changes the desired subscriptions in one step and wakes the connection.
    func change(at time: Duration, _ body: (inout TickerSubscriptions) -> Void) {
        state.withLock { state in
            body(&state.subscriptions)
            if state.subscriptions.desired.isEmpty {
                state.subscribedSince = nil
            } else if state.subscribedSince == nil {
                state.subscribedSince = time
            }
            state.signal?.yield()
        }
    }

    /// Wakes the connection, because something other than the subscriptions has changed.
    func wake() {
        state.withLock { _ = $0.signal?.yield() }
    }

    /// One signal at once and one after every change; ends earlier sequences of signals.
    func signals() -> AsyncStream<Void> {
        let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        signal.yield()
        let old = state.withLock { state in
            defer { state.signal = signal }
            return state.signal
        }
        old?.finish()
        return signals
    }

    func connectionWasLost() {
        state.withLock { $0.subscriptions.connectionWasLost() }
    }

    func takeMessages(batchSize: Int) -> [String] {
        state.withLock { $0.subscriptions.takeMessages(batchSize: batchSize) }
    }
}
