import Synchronization
import Trading

/// Ways to fail that tests switch on, in the same process only; there is no way to them over the network.
///
/// A locked box rather than an actor: an answer asks it between two steps of its own without giving way to others.
package final class Faults: Sendable {
    /// What goes wrong with a request.
    package enum Fault: Sendable, Hashable {
        /// The connection is kept and nothing ever comes.
        case stopAnswering(Moment)
        /// The connection is closed without an answer.
        case dropConnection(Moment)
        /// An error in Kite's envelope.
        case status(Int, Moment)
        /// An HTML page, as a proxy in between answers.
        case page(Int, Moment)
        /// The answer takes its time, otherwise all is well.
        case delay(Duration)
    }

    /// When it goes wrong.
    package enum Moment: Sendable, Hashable {
        /// The request has no effect.
        case beforeEffect
        /// The request has its effect, only the answer is lost.
        case afterEffect
    }

    /// Which requests it goes wrong with.
    package enum Scope: Sendable, Hashable {
        case everything
        /// Placements.
        case placing
        /// Placements, modifications and cancellations.
        case orderChanges
        /// Calls whose path begins so, whatever the method.
        case path(String)
    }

    /// A request as far as a scope tells it.
    struct Subject: Sendable {
        let path: String
        let isPlacing: Bool
        let isOrderChange: Bool
    }

    private struct Rule {
        let fault: Fault
        let scope: Scope
        var remaining: Int?
    }

    private struct State {
        var rules: [Rule] = []
        var hiddenAge: Duration = .zero
        var isTickerSilent = false
        var areUpdatesLost = false
        var held: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextID: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Nothing goes wrong.
    package init() {}

    /// Makes something go wrong a number of times, or until cleared; the first rule that fits a request counts.
    package func inject(_ fault: Fault, into scope: Scope = .everything, times: Int? = 1) {
        state.withLock { $0.rules.append(Rule(fault: fault, scope: scope, remaining: times)) }
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

    /// Ends every fault and lets go of the requests that wait; those get no answer.
    package func clear() {
        let held = state.withLock { state in
            defer {
                state.rules = []
                state.hiddenAge = .zero
                state.isTickerSilent = false
                state.areUpdatesLost = false
                state.held = [:]
            }
            return state.held.values
        }
        for continuation in held { continuation.resume() }
    }

    /// Requests that wait for an answer that does not come.
    package var heldRequests: Int { state.withLock { $0.held.count } }

    var isTickerSilent: Bool { state.withLock { $0.isTickerSilent } }

    var areUpdatesLost: Bool { state.withLock { $0.areUpdatesLost } }

    /// Whether an order of an age is shown.
    func shows(orderPlacedAt placed: Timestamp, now: Timestamp) -> Bool {
        let hidden = state.withLock { $0.hiddenAge }
        return hidden == .zero || now.since(placed) >= hidden
    }

    /// What goes wrong with a request; uses up one of the rule's times.
    func take(for subject: Subject) -> Fault? {
        state.withLock { state in
            guard let index = state.rules.firstIndex(where: { $0.scope.covers(subject) }) else { return nil }
            let fault = state.rules[index].fault
            if let remaining = state.rules[index].remaining {
                state.rules[index].remaining = remaining - 1
                if remaining <= 1 { state.rules.remove(at: index) }
            }
            return fault
        }
    }

    /// Waits until the faults are cleared; `onHeld` gets the way to end this wait alone.
    func hold(onHeld: (@escaping @Sendable () -> Void) -> Void) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
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

extension Faults.Scope {
    fileprivate func covers(_ subject: Faults.Subject) -> Bool {
        switch self {
        case .everything: true
        case .placing: subject.isPlacing
        case .orderChanges: subject.isOrderChange
        case .path(let prefix): subject.path.hasPrefix(prefix)
        }
    }
}
