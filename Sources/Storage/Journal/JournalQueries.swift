import GRDB
import Gateway
import Trading

/// Reads orders back from the journal's tables.
enum JournalQueries {
    static func order(
        account: TradingAccountID, idempotencyKey: String, _ db: GRDB.Database
    ) throws -> JournaledOrder? {
        let row = try db.row(
            "SELECT * FROM order_intents WHERE account_id = ? AND idempotency_key = ?",
            [account.rawValue, idempotencyKey])
        guard let intent = try row.map(IntentRow.intent) else { return nil }
        let events = try db.rows(
            "SELECT * FROM order_events WHERE order_id = ? ORDER BY sequence", [intent.orderID.rawValue])
        return JournaledOrder(intent: intent, events: try events.map(EventRow.entry))
    }

    static func orders(
        of account: TradingAccountID, since: Timestamp, _ db: GRDB.Database
    ) throws -> [JournaledOrder] {
        let key: [(any DatabaseValueConvertible)?] = [account.rawValue, since.microseconds]
        let intents = try db.rows(
            """
            SELECT * FROM order_intents WHERE account_id = ? AND placed_time >= ? ORDER BY placed_time, order_id
            """, key
        ).map(IntentRow.intent)
        let events = try db.rows(
            """
            SELECT e.* FROM order_events e JOIN order_intents i ON i.order_id = e.order_id
            WHERE i.account_id = ? AND i.placed_time >= ? ORDER BY e.order_id, e.sequence
            """, key
        ).map(EventRow.entry)
        let byOrder = Dictionary(grouping: events, by: \.orderID)
        return intents.map { JournaledOrder(intent: $0, events: byOrder[$0.orderID] ?? []) }
    }

    static func lastOrderID(_ db: GRDB.Database) throws -> OrderID? {
        try db.row("SELECT MAX(order_id) AS last FROM order_intents", [])?.optionalInt("last").map(OrderID.init(_:))
    }
}
