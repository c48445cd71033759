import HTTPTypes
import PaperExchange
import Synchronization
import Trading

/// What was really accepted: every placement, modification and cancellation that took effect at the venue, whatever
/// answer was sent. The oracle of tests that make answers go wrong.
///
/// The last 50,000 entries are kept.
package final class Ledger: Sendable {
    /// One effect.
    package struct Entry: Sendable, Hashable {
        /// Its number, counted from 1 since the start or the last reset.
        package let number: Int
        /// When it took effect, by the exchange's clock.
        package let time: Timestamp
        /// What happened.
        package let effect: VenueEffect
        /// The request that brought it about; nil for what the venue did by itself.
        package let request: Request?
        /// What was answered; nil before the answer and for what the venue did by itself.
        package var answer: Answer?
    }

    /// The request behind an effect.
    package struct Request: Sendable, Hashable {
        /// The HTTP method.
        package let method: String
        /// The path, without the query.
        package let path: String
        /// The app's public name.
        package let apiKey: String?
    }

    /// What a request got to hear.
    package struct Answer: Sendable, Hashable {
        /// The HTTP status; nil where no answer was sent.
        package let status: Int?
        /// What went wrong with the answer; nil where nothing did.
        package let fault: String?
    }

    private static let capacity = 50_000

    private struct State {
        var entries: [Entry] = []
        /// The number of the first entry that is kept.
        var first = 1
        /// The app that each order was placed with.
        var apps: [String: String] = [:]
    }

    private let state = Mutex(State())
    private let clock: WallClock

    init(clock: @escaping WallClock) {
        self.clock = clock
    }

    /// The entries after a number, oldest first, at most `limit` of them.
    package func entries(after number: Int = 0, limit: Int = .max) -> [Entry] {
        state.withLock { state in
            let start = min(max(0, number + 1 - state.first), state.entries.count)
            return Array(state.entries[start...].prefix(limit))
        }
    }

    /// Entries that are no longer kept.
    package var dropped: Int { state.withLock { $0.first - 1 } }

    /// Records an effect; `firedFor` is the app whose trigger or alert placed an order.
    func record(_ effect: VenueEffect, firedFor app: String? = nil) {
        let time = clock()
        // A request may move the price that another user's trigger waits for; it did not place that order.
        let trace = effect.firedAppID == nil ? RequestTrace.current : nil
        let request = trace.map { Request(method: $0.method.rawValue, path: $0.path, apiKey: $0.apiKey) }
        let number = state.withLock { state in
            if effect.kind == .placement {
                let parent = effect.order.parentID.flatMap { state.apps[$0] }
                state.apps[effect.order.id] = trace?.apiKey ?? app ?? parent
            }
            let number = state.first + state.entries.count
            state.entries.append(Entry(number: number, time: time, effect: effect, request: request))
            // A tenth more is kept for a while, so that not every entry moves all others.
            if state.entries.count > Self.capacity + Self.capacity / 10 {
                let surplus = state.entries.count - Self.capacity
                state.entries.removeFirst(surplus)
                state.first += surplus
            }
            return number
        }
        trace?.add(entry: number)
    }

    /// Notes what the request of a trace got to hear.
    func note(_ answer: Answer, for trace: RequestTrace) {
        let numbers = trace.entryNumbers
        guard !numbers.isEmpty else { return }
        state.withLock { state in
            for number in numbers where state.entries.indices.contains(number - state.first) {
                state.entries[number - state.first].answer = answer
            }
        }
    }

    /// The app that an order was placed with; nil where none is known.
    func app(ofOrder id: String) -> String? { state.withLock { $0.apps[id] } }

    /// Forgets all entries; which app placed which order stays known.
    func clear() {
        state.withLock { state in
            state.entries = []
            state.first = 1
        }
    }
}

extension Ledger.Entry {
    /// Whether the user asked for it, rather than the venue doing it by itself: an order that may not wait is
    /// cancelled within the request that placed it.
    package var isAsked: Bool {
        switch effect.kind {
        case .placement: request != nil
        case .modification: request?.method == "PUT"
        case .cancellation: request?.method == "DELETE"
        }
    }
}
