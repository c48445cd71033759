import Synchronization

/// Keeps calls within Kite's limits: each leaves when its kind has room, in the order of arrival.
///
/// One pacer serves any number of clients; it counts by address, API key and client account
/// (`KiteConfiguration.userID`), so let all clients of a process share one. A call that would have to wait longer than
/// it may is refused before it is sent, with code `.rateLimited` and effect `.none`; one over the day's number of
/// orders or an order's number of changes with `.orderLimit`. A call that is cancelled while it waits leaves its line.
/// What other processes and platforms send is not known here: when Kite says that there were too many calls, their
/// kind pauses for a moment (`KiteLimits.pause`).
public final class KitePacer: Sendable {
    /// The pacer of all clients that are made without one.
    public static let shared = KitePacer()

    /// Longest time that a call waits for its turn.
    public let queueLimit: Duration
    private let timing: KiteCallTiming
    private let state: Mutex<State>

    /// What a waiting call is told.
    private enum Signal: Sendable {
        case isFirst
        case tooLate
        case cancelled
    }

    private struct State {
        var book: PaceBook
        /// The calls inside `admit`; signals to others are dropped.
        var live: Set<UInt64> = []
        var waiters: [UInt64: CheckedContinuation<Signal, Never>] = [:]
        /// Signals to calls that are not listening yet.
        var signals: [UInt64: Signal] = [:]
    }

    /// A pacer with limits of its own.
    ///
    /// - Parameters:
    ///   - limits: Kite's own unless given.
    ///   - queueLimit: longest time that a call waits for its turn.
    ///   - queueLength: most calls that wait in one line.
    ///   - timing: the clocks; the system's unless given.
    public init(
        limits: KiteLimits = KiteLimits(), queueLimit: Duration = .seconds(5), queueLength: Int = 1000,
        timing: KiteCallTiming = .system
    ) {
        self.queueLimit = queueLimit
        self.timing = timing
        state = Mutex(State(book: PaceBook(rules: limits, queueLength: queueLength)))
    }

    /// How many calls wait for their turn.
    public var waiting: Int { state.withLock { $0.book.waiting } }

    /// Returns when a call may leave, or throws that it may not; the permit must be settled.
    ///
    /// - Parameter elapsed: what the call has used up of the time that it may wait.
    func admit(_ request: PaceRequest, elapsed: Duration = .zero) async throws(KiteError) -> PacePermit {
        let entry = state.withLock { state in
            let now = timing.uptime()
            let entry = state.book.enter(
                request, at: now, deadline: now + queueLimit - elapsed, day: timing.day)
            state.live.insert(entry.id)
            return entry
        }
        defer { forget(entry.id) }
        var turn = entry.turn
        while true {
            switch turn {
            case .leave(let next):
                if let next { signal(.isFirst, to: next) }
                return PacePermit(pacer: self, id: entry.id)
            case .refused(let refusal, let next):
                if let next { signal(.isFirst, to: next) }
                throw error(refusal)
            case .ask(let moment):
                guard (try? await timing.sleep(moment - timing.uptime())) != nil, !Task.isCancelled else {
                    withdraw(entry.id, from: request.line)
                    throw Self.cancelled
                }
            case .wait:
                switch await listen(entry.id, request.line) {
                case .isFirst: break
                case .tooLate: throw error(.tooLate)
                case .cancelled: throw Self.cancelled
                }
            }
            turn = state.withLock {
                $0.book.turn(of: entry.id, in: request.line, at: timing.uptime(), day: timing.day)
            }
        }
    }

    /// Counts orders that Kite made beyond those that were asked for, such as slices.
    func addOrders(_ number: Int, account: String) {
        state.withLock { $0.book.addOrders(number, account: account, day: timing.day) }
    }

    fileprivate func correct(_ id: UInt64) {
        state.withLock { $0.book.correct(id, at: timing.uptime()) }
    }

    fileprivate func settle(_ id: UInt64, _ error: KiteError?) {
        let late = state.withLock { state in
            let late = error?.httpStatus == 429 ? state.book.pause(id, at: timing.uptime()) : []
            state.book.settle(id, hadEffect: error?.effect != KiteError.Effect.none)
            return late
        }
        for id in late { signal(.tooLate, to: id) }
    }

    // MARK: Waiting

    private func listen(_ id: UInt64, _ line: PaceRequest.Line) async -> Signal {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let signal = state.withLock { state -> Signal? in
                    if let signal = state.signals.removeValue(forKey: id) { return signal }
                    state.waiters[id] = continuation
                    return nil
                }
                if let signal { continuation.resume(returning: signal) }
            }
        } onCancel: {
            withdraw(id, from: line)
            signal(.cancelled, to: id)
        }
    }

    private func signal(_ signal: Signal, to id: UInt64) {
        let waiter = state.withLock { state in
            let waiter = state.waiters.removeValue(forKey: id)
            if waiter == nil, state.live.contains(id) { state.signals[id] = signal }
            return waiter
        }
        waiter?.resume(returning: signal)
    }

    private func forget(_ id: UInt64) {
        state.withLock { state in
            state.live.remove(id)
            state.signals[id] = nil
        }
    }

    private func withdraw(_ id: UInt64, from line: PaceRequest.Line) {
        if let next = state.withLock({ $0.book.withdraw(id, from: line) }) { signal(.isFirst, to: next) }
    }

    // MARK: Errors

    private static let cancelled = KiteError(
        .cancelled, effect: .none, message: "the call was cancelled while it waited its turn; nothing was sent")

    private func error(_ refusal: PaceRefusal) -> KiteError {
        switch refusal {
        case .tooLate:
            KiteError(
                .rateLimited, effect: .none,
                message: "within Kite's rate limits the call would have waited longer than \(queueLimit); "
                    + "nothing was sent")
        case .queueFull:
            KiteError(
                .rateLimited, effect: .none, message: "too many calls wait for Kite's rate limits; nothing was sent")
        case .dayExhausted:
            KiteError(
                .orderLimit, effect: .none, message: "the account's orders of the day are used up; nothing was sent")
        case .changesExhausted:
            KiteError(
                .orderLimit, effect: .none,
                message: "the order was changed as often as Kite allows, cancel it and place it again; "
                    + "nothing was sent")
        }
    }
}

extension KitePacer: CustomStringConvertible, CustomReflectable {
    /// How long calls may wait and how many do; never whose they are.
    public var description: String { "KitePacer(queueLimit: \(queueLimit), waiting: \(waiting))" }

    /// Shows nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

/// Leave to make one call.
struct PacePermit: Sendable {
    fileprivate let pacer: KitePacer
    fileprivate let id: UInt64

    /// The call is only now on its way.
    func isOnItsWay() { pacer.correct(id) }

    /// The call has ended, well or with an error.
    func settle(_ error: KiteError?) { pacer.settle(id, error) }
}
