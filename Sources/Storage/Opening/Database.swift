import Accounts
import Foundation
import GRDB
import Synchronization

/// The embedded database of one data directory: SQLite with a write-ahead log, every commit synced to the disk.
package final class Database: Sendable {
    /// The name of the file inside the data directory.
    package static let fileName = "quantagro.sqlite"

    /// The path of the file.
    package let path: String

    let pool: DatabasePool
    /// Counts changes of who may do what, for caches in this process.
    let accessRevision = Atomic<Int>(0)

    /// Opens the database in a directory, making either where it is missing and bringing its tables up to date.
    ///
    /// Several processes may have it open; while one brings the tables up to date the others wait.
    package static func open(at directory: String) throws(DatabaseOpenError) -> Database {
        try DataDirectory.prepare(directory)
        let path = directory + "/" + fileName
        let lock = try OpeningLock(in: directory)
        defer { lock.release() }
        try DataDirectory.reserveFile(path)
        do {
            let database = try Database(path: path)
            try database.pool.writeWithoutTransaction { db in
                try requireDurability(db, path)
                try Migrations.apply(to: db, path: path)
            }
            return database
        } catch let error as DatabaseOpenError {
            throw error
        } catch let error as DatabaseError {
            throw DatabaseOpenError(error, path: path)
        } catch {
            throw .failed(path: path, reason: "\(error)")
        }
    }

    private init(path: String) throws {
        self.path = path
        var configuration = Configuration()
        configuration.label = "quantagro"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        pool = try DatabasePool(path: path, configuration: configuration)
    }

    /// Closes the database and folds the log into the file; nothing may use it afterwards.
    package func close() throws {
        try pool.close()
    }

    /// The pool sets its own level while it opens, so ours comes after it, and is read back.
    private static func requireDurability(_ db: GRDB.Database, _ path: String) throws {
        try db.execute(sql: "PRAGMA synchronous = FULL")
        let demands = [("synchronous", "2"), ("journal_mode", "wal"), ("foreign_keys", "1")]
        for (setting, value) in demands {
            let found = try Row.fetchOne(db, sql: "PRAGMA \(setting)").map { "\($0[0] as DatabaseValue)" }
            guard found?.trimmingCharacters(in: ["\""]) == value else {
                throw DatabaseOpenError.unsafe(path: path, setting: setting)
            }
        }
    }
}

extension Database {
    /// Reads from one consistent state.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (GRDB.Database) throws -> Value
    ) async throws(StoreUnavailable) -> Value {
        do { return try await pool.read(body) } catch { throw StoreUnavailable(error) }
    }

    /// Writes in one transaction.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (GRDB.Database) throws -> Value
    ) async throws(StoreUnavailable) -> Value {
        do { return try await pool.write(body) } catch { throw StoreUnavailable(error) }
    }

    /// Writes in one transaction and tells caches that rights may have changed.
    func writeAccess<Value: Sendable>(
        _ body: @escaping @Sendable (GRDB.Database) throws -> Value
    ) async throws(StoreUnavailable) -> Value {
        defer { accessRevision.add(1, ordering: .sequentiallyConsistent) }
        return try await write(body)
    }
}
