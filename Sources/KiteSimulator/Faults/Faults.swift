import Synchronization
import Trading

/// Ways to fail that tests switch on: in the same process, by the admin API or at the start.
///
/// A locked box rather than an actor: an answer asks it between two steps of its own without giving way to others.
package final class Faults: Sendable {
    /// Rules that are used up are remembered up to this many, so that their counts can be read.
    private static let remembered = 200

    private struct State {
        var live: [RunningFault] = []
        var spent: [FaultStatus] = []
        var hiddenAge: Duration = .zero
        var isTickerSilent = false
        var areUpdatesLost = false
        var clockOffset: Duration = .zero
        var held: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var lastRule: UInt64 = 0
        var lastHeld: UInt64 = 0
    }

    private let state = Mutex(State())
    private let clock: WallClock
    /// Whether the exchange's clock may be off; spares the lock where it never was.
    private let isClockBent = Atomic(false)

    /// Nothing goes wrong; `clock` is the true one, by which faults end.
    package init(clock: @escaping WallClock) {
        self.clock = clock
    }

    // MARK: Switching on and off

    /// Makes something go wrong a number of times, or until cleared; the first rule that fits a request counts.
    package func inject(_ fault: Fault, into scope: Scope = .everything, times: Int? = 1) {
        inject(FaultRule(fault, scope: scope, times: times))
    }

    /// Puts a rule in force; gives its number.
    @discardableResult
    package func inject(_ rule: FaultRule) -> UInt64 {
        let now = clock()
        return state.withLock { state in
            state.lastRule += 1
            state.live.append(RunningFault(id: state.lastRule, rule: rule, at: now))
            if rule.fault.family == .clock { isClockBent.store(true, ordering: .releasing) }
            return state.lastRule
        }
    }

    /// Ends one rule; false where none in force has the number.
    package func remove(_ id: UInt64) -> Bool {
        state.withLock { state in
            let before = state.live.count
            state.live.removeAll { $0.id == id }
            return state.live.count < before
        }
    }

    /// Every rule in force, and the last ones that are used up, in the order of their numbers.
    package var statuses: [FaultStatus] {
        let now = clock()
        return state.withLock { state in
            (state.spent + state.live.map { $0.status(at: now) }).sorted { $0.id < $1.id }
        }
    }

    /// Leaves orders out of book and history until they are this old; zero shows all.
    package func hideOrders(youngerThan age: Duration) {
        state.withLock { $0.hiddenAge = age }
    }

    /// Keeps order messages from the ticker while on.
    package func loseOrderUpdates(_ on: Bool) {
        state.withLock { $0.areUpdatesLost = on }
    }

    /// Sends neither ticks nor heartbeats while on; connections stay open.
    package func silenceTicker(_ on: Bool) {
        state.withLock { $0.isTickerSilent = on }
    }

    /// Sets the exchange's clock ahead of the true one; negative offsets set it behind.
    package func setClock(ahead offset: Duration) {
        state.withLock { state in
            state.clockOffset = offset
            isClockBent.store(true, ordering: .releasing)
        }
    }

    /// Ends every fault, forgets the counts and lets go of the requests that wait; those get no answer.
    package func clear() {
        let held = state.withLock { state in
            let held = state.held.values
            let (lastRule, lastHeld) = (state.lastRule, state.lastHeld)
            state = State()
            (state.lastRule, state.lastHeld) = (lastRule, lastHeld)
            return Array(held)
        }
        for continuation in held { continuation.resume() }
    }

    /// Requests that wait for an answer that does not come.
    package var heldRequests: Int { state.withLock { $0.held.count } }

    // MARK: Deciding

    /// What goes wrong with a request; uses up one of the rule's times.
    func take(for subject: Subject) -> RequestFaults {
        let now = clock()
        return state.withLock { state in
            var faults = RequestFaults()
            if subject.isReading, state.hiddenAge > .zero { faults.view.hidden = state.hiddenAge }
            Self.consult(&state, at: now) { rule in
                guard rule.rule.scope.covers(subject) else { return }
                switch rule.rule.fault {
                case .hideOrders(let age) where subject.isReading && faults.view.hidden == nil:
                    if rule.fires() { faults.view.hidden = age }
                case .staleBook(let age) where subject.isReading && faults.view.age == nil:
                    if rule.fires() { faults.view.age = age }
                case let fault where fault.family == .request && faults.answer == nil:
                    if rule.fires() { faults.answer = fault }
                default: break
                }
            }
            return faults
        }
    }

    /// What goes wrong with an order update.
    func take(for channel: Channel) -> Fault? {
        let now = clock()
        return state.withLock { state in
            if channel == .ticker, state.areUpdatesLost { return .loseUpdate }
            var taken: Fault?
            Self.consult(&state, at: now) { rule in
                guard taken == nil, rule.rule.fault.family == .update, rule.rule.scope.covers(channel) else { return }
                if rule.fires() { taken = rule.rule.fault }
            }
            return taken
        }
    }

    /// What goes wrong with each of the ticker's connections in one round; nothing in most.
    func take(forRoundOf connections: [UInt64]) -> [UInt64: Fault] {
        let now = clock()
        return state.withLock { state in
            var taken: [UInt64: Fault] = [:]
            if state.isTickerSilent { for connection in connections { taken[connection] = .silentTicker } }
            Self.consult(&state, at: now) { rule in
                let fault = rule.rule.fault
                if fault == .outage, rule.rule.scope.fits(.ticker) {
                    for connection in connections { taken[connection] = .killTicker }
                }
                guard fault.family == .ticker else { return }
                for connection in connections.sorted() where taken[connection] == nil {
                    guard rule.rule.scope.covers(connection: connection), rule.isActive(at: now), rule.fires() else {
                        continue
                    }
                    if case .garbageFrame(nil) = fault {
                        let kinds = GarbageFrame.allCases
                        taken[connection] = .garbageFrame(kinds[Int(rule.pick(below: UInt64(kinds.count)))])
                    } else {
                        taken[connection] = fault
                    }
                }
            }
            return taken
        }
    }

    /// Whether a connection is silent whatever chance says; uses nothing up.
    func isSilent(connection: UInt64) -> Bool {
        let now = clock()
        return state.withLock { state in
            state.isTickerSilent
                || state.live.contains {
                    $0.rule.fault == .silentTicker && $0.rule.probability >= 1 && $0.rule.skip == 0
                        && $0.rule.scope.covers(connection: connection) && $0.isActive(at: now)
                }
        }
    }

    /// How far the exchange's clock is ahead.
    package var clockOffset: Duration {
        guard isClockBent.load(ordering: .acquiring) else { return .zero }
        let now = clock()
        return state.withLock { state in
            state.live.reduce(state.clockOffset) { sum, running in
                guard case .clockSkew(let offset) = running.rule.fault, running.isActive(at: now) else { return sum }
                return sum + offset
            }
        }
    }

    /// The exchange's clock: the true one, as far off as was asked for.
    package var exchangeClock: WallClock {
        { [self] in clock().advanced(by: clockOffset) }
    }

    /// Asks the rules in force in their order, then sets aside those that are used up.
    private static func consult(_ state: inout State, at now: Timestamp, _ body: (inout RunningFault) -> Void) {
        guard !state.live.isEmpty else { return }
        var hasSpent = false
        for index in state.live.indices {
            if state.live[index].isActive(at: now) { body(&state.live[index]) }
            if !state.live[index].isActive(at: now) { hasSpent = true }
        }
        guard hasSpent else { return }
        state.spent += state.live.filter { !$0.isActive(at: now) }.map { $0.status(at: now) }
        if state.spent.count > remembered { state.spent.removeFirst(state.spent.count - remembered) }
        state.live.removeAll { !$0.isActive(at: now) }
    }

    // MARK: Requests that are never answered

    /// Waits until the faults are cleared; `onHeld` gets the way to end this wait alone.
    func hold(onHeld: (@escaping @Sendable () -> Void) -> Void) async {
        let id = state.withLock { state in
            state.lastHeld += 1
            return state.lastHeld
        }
        let release: @Sendable () -> Void = { self.release(id) }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { $0.held[id] = continuation }
                onHeld(release)
                if Task.isCancelled { release() }
            }
        } onCancel: {
            release()
        }
    }

    private func release(_ id: UInt64) {
        state.withLock { $0.held.removeValue(forKey: id) }?.resume()
    }
}
