import GRDB
import Gateway
import Trading

/// What one caller of the journal wants kept: all of it or nothing.
enum JournalEntry: Sendable {
    case intent(OrderIntent)
    case events([JournaledEvent])

    /// Writes the entry inside an open transaction and tells what its caller hears once that is committed.
    ///
    /// Throws where the whole transaction is lost; a fault of this entry alone is an answer.
    func write(to db: GRDB.Database) throws -> Result<Void, JournalError> {
        do {
            return switch self {
            case .intent(let intent): try Self.write(intent, to: db)
            case .events(let events): try Self.write(events, to: db)
            }
        } catch let fault as StoredValueFault {
            return .failure(.unavailable(reason: fault.description))
        }
    }

    private static func write(_ intent: OrderIntent, to db: GRDB.Database) throws -> Result<Void, JournalError> {
        if try db.run(IntentRow.insert, IntentRow.arguments(intent)) == 1 { return .success(()) }
        let existing = try JournalQueries.order(account: intent.account, idempotencyKey: intent.idempotencyKey, db)
        if let existing { return .failure(.duplicateKey(existing: existing)) }
        return .failure(.unavailable(reason: "the order number or the tag is in use by another order"))
    }

    private static func write(_ events: [JournaledEvent], to db: GRDB.Database) throws -> Result<Void, JournalError> {
        var answer: Result<Void, JournalError> = .success(())
        try db.inSavepoint {
            for event in events {
                if let fault = try write(event, to: db) {
                    answer = .failure(.unavailable(reason: fault))
                    return .rollback
                }
            }
            return .commit
        }
        return answer
    }

    /// An event that is kept already is kept; another one in its place is a fault.
    private static func write(_ event: JournaledEvent, to db: GRDB.Database) throws -> String? {
        do {
            if try db.run(EventRow.insert, EventRow.arguments(event)) == 1 { return nil }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            return "order \(event.orderID) has no intent"
        }
        let kept = try db.row(
            "SELECT * FROM order_events WHERE order_id = ? AND sequence = ?",
            [event.orderID.rawValue, event.sequence]
        ).map(EventRow.entry)
        return kept == event ? nil : "order \(event.orderID) has another event \(event.sequence)"
    }
}
