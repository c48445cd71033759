import Gateway
import Synchronization
import Trading

/// A journal that survives the crash of the process that writes it.
final class MemoryJournal: OrderJournal {
    struct State {
        var intents: [OrderIntent] = []
        var events: [OrderID: [JournaledEvent]] = [:]
        var isUnavailable = false
        var reads = 0
        /// How long the next calls take, before and after they are durable.
        var delays: @Sendable () -> (Duration, Duration) = { (.zero, .zero) }
    }

    private let state = Mutex(State())
    private let time: VirtualTime

    init(_ time: VirtualTime) {
        self.time = time
    }

    func script(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    var intents: [OrderIntent] { state.withLock(\.intents) }
    var orders: [JournaledOrder] { state.withLock { state in state.intents.map { Self.order($0, state) } } }
    func isDurable(tag: String) -> Bool { intents.contains { $0.clientOrderID == tag } }

    private static func order(_ intent: OrderIntent, _ state: State) -> JournaledOrder {
        let events = (state.events[intent.orderID] ?? []).sorted { $0.sequence < $1.sequence }
        return JournaledOrder(intent: intent, events: events)
    }

    private func durably<Value: Sendable>(
        _ write: @Sendable (inout State) -> Result<Value, JournalError>
    ) async throws(JournalError) -> Value {
        let delays = state.withLock(\.delays)()
        if delays.0 > .zero { try? await time.sleep(delays.0) }
        let result: Result<Value, JournalError> = state.withLock { state in
            state.isUnavailable ? .failure(.unavailable(reason: "disk full")) : write(&state)
        }
        if delays.1 > .zero { try? await time.sleep(delays.1) }
        return try result.get()
    }

    func record(_ intent: OrderIntent) async throws(JournalError) {
        try await durably { state -> Result<Void, JournalError> in
            let earlier = state.intents.first {
                $0.account == intent.account && $0.idempotencyKey == intent.idempotencyKey
            }
            if let earlier { return .failure(.duplicateKey(existing: Self.order(earlier, state))) }
            state.intents.append(intent)
            return .success(())
        }
    }

    func append(_ events: [JournaledEvent]) async throws(JournalError) {
        try await durably { state -> Result<Void, JournalError> in
            for event in events { state.events[event.orderID, default: []].append(event) }
            return .success(())
        }
    }

    func orders(of account: TradingAccountID, since: Timestamp) async throws(JournalError) -> [JournaledOrder] {
        try await durably { state in
            state.reads += 1
            let intents = state.intents.filter { $0.account == account && $0.placedTime >= since }
            return .success(intents.map { Self.order($0, state) })
        }
    }

    func order(account: TradingAccountID, idempotencyKey: String) async throws(JournalError) -> JournaledOrder? {
        try await durably { state in
            let intent = state.intents.first { $0.account == account && $0.idempotencyKey == idempotencyKey }
            return .success(intent.map { Self.order($0, state) })
        }
    }

    func lastOrderID() async throws(JournalError) -> OrderID? {
        try await durably { state in .success(state.intents.map(\.orderID).max { $0.rawValue < $1.rawValue }) }
    }
}
