import Accounts
import GRDB
import Gateway
import Trading

/// The order journal in SQLite.
package struct SQLiteOrderJournal: OrderJournal {
    private let database: Database
    private let writer: GroupCommit

    /// Takes the database; one journal serves all accounts of the process, so that their commits are shared.
    package init(_ database: Database) {
        self.database = database
        writer = GroupCommit(pool: database.pool)
    }

    package func record(_ intent: OrderIntent) async throws(JournalError) {
        try await writer.keep(.intent(intent)).get()
    }

    package func append(_ events: [JournaledEvent]) async throws(JournalError) {
        guard !events.isEmpty else { return }
        try await writer.keep(.events(events)).get()
    }

    package func orders(
        of account: TradingAccountID, since: Timestamp
    ) async throws(JournalError) -> [JournaledOrder] {
        try await read { db in try JournalQueries.orders(of: account, since: since, db) }
    }

    package func order(
        account: TradingAccountID, idempotencyKey: String
    ) async throws(JournalError) -> JournaledOrder? {
        try await read { db in try JournalQueries.order(account: account, idempotencyKey: idempotencyKey, db) }
    }

    package func lastOrderID() async throws(JournalError) -> OrderID? {
        try await read { db in try JournalQueries.lastOrderID(db) }
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (GRDB.Database) throws -> Value
    ) async throws(JournalError) -> Value {
        do { return try await database.read(body) } catch { throw .unavailable(reason: error.reason) }
    }
}
