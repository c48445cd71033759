import Gateway
import Synchronization
import Trading

/// Intents and events that are forgotten when the test ends.
final class MemoryJournal: OrderJournal {
    private struct State {
        var orders: [JournaledOrder] = []
        var isDown = false
    }

    private let state = Mutex(State())

    func setDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

    func record(_ intent: OrderIntent) async throws(JournalError) {
        let fault = state.withLock { state -> JournalError? in
            if state.isDown { return .unavailable(reason: "it was told to be") }
            let existing = state.orders.first {
                $0.intent.account == intent.account && $0.intent.idempotencyKey == intent.idempotencyKey
            }
            if let existing { return .duplicateKey(existing: existing) }
            state.orders.append(JournaledOrder(intent: intent, events: []))
            return nil
        }
        if let fault { throw fault }
    }

    func append(_ events: [JournaledEvent]) async throws(JournalError) {
        state.withLock { state in
            for event in events {
                guard let index = state.orders.firstIndex(where: { $0.intent.orderID == event.orderID }) else {
                    continue
                }
                let known = state.orders[index]
                state.orders[index] = JournaledOrder(intent: known.intent, events: known.events + [event])
            }
        }
    }

    func orders(of account: TradingAccountID, since _: Timestamp) async throws(JournalError) -> [JournaledOrder] {
        state.withLock { $0.orders.filter { $0.intent.account == account } }
    }

    func order(
        account: TradingAccountID, idempotencyKey: String
    ) async throws(JournalError) -> JournaledOrder? {
        state.withLock { state in
            state.orders.first { $0.intent.account == account && $0.intent.idempotencyKey == idempotencyKey }
        }
    }

    func lastOrderID() async throws(JournalError) -> OrderID? { nil }
}
