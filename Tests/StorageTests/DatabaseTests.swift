import Accounts
import Foundation
import GRDB
import Testing

@testable import Storage

final class DatabaseTests {
    private let folder = NSTemporaryDirectory() + "quantagro-database-\(UUID().uuidString)"

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? NSNumber).intValue
    }

    private func setting(_ name: String, _ database: Storage.Database) throws -> String {
        try database.pool.writeWithoutTransaction { db in
            try #require(try String.fetchOne(db, sql: "PRAGMA \(name)"))
        }
    }

    @Test func `every commit of the writer is synced to the disk`() throws {
        let database = try Storage.Database.open(at: folder)
        #expect(try setting("synchronous", database) == "2")
        #expect(try setting("journal_mode", database) == "wal")
        #expect(try setting("foreign_keys", database) == "1")
        #expect(try setting("busy_timeout", database) == "5000")
    }

    @Test func `only this user can read the folder and what is in it`() async throws {
        let database = try Storage.Database.open(at: folder)
        try await SQLiteUserStore(database).setActive(true, user: UserID(1))
        #expect(try mode(folder) == 0o700)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(files.contains("quantagro.sqlite-wal"))
        for file in files { #expect(try mode(folder + "/" + file) == 0o600, "\(file)") }
    }

    @Test func `twenty that open a new folder at once all find the tables`() async throws {
        let folder = folder
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    let database = try Storage.Database.open(at: folder)
                    return try await SQLiteUserStore(database).count()
                }
            }
            for try await count in group { #expect(count == 0) }
        }
    }

    @Test func `steps are numbered from one without a gap`() {
        #expect(Migrations.steps.map(\.version) == Array(1...Migrations.steps.count))
    }

    @Test func `tables of a newer version are left alone`() throws {
        let database = try Storage.Database.open(at: folder)
        try database.pool.write { try $0.execute(sql: "INSERT INTO schema_steps VALUES (99, 'later')") }
        try database.close()
        let error = #expect(throws: DatabaseOpenError.self) { try Storage.Database.open(at: folder) }
        let path = folder + "/quantagro.sqlite"
        #expect(error == .newerTables(path: path, found: 99, known: Migrations.steps.count))
    }

    @Test func `a file that is something else is named and not touched`() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder + "/quantagro.sqlite"
        let text = Data(String(repeating: "this is a diary\n", count: 1_000).utf8)
        try text.write(to: URL(filePath: path))
        #expect(throws: DatabaseOpenError.notADatabase(path: path)) { try Storage.Database.open(at: folder) }
        #expect(try Data(contentsOf: URL(filePath: path)) == text)
    }

    @Test func `a folder that cannot be made is named`() throws {
        try Data().write(to: URL(filePath: folder))
        let error = #expect(throws: DatabaseOpenError.self) { try Storage.Database.open(at: folder + "/data") }
        #expect(error?.description.contains(folder + "/data") == true)
    }

    @Test func `a row that no version writes is an error and not a crash`() async throws {
        let database = try Storage.Database.open(at: folder)
        let stores = Stores(database)
        let user = try await stores.addUser()
        let account = try await stores.addAccount(of: user.id)
        try await database.pool.write { try $0.execute(sql: "UPDATE trading_accounts SET status = 'asleep'") }
        await #expect(throws: StoreUnavailable.self) { try await stores.accounts.account(account.id) }
    }

    @Test func `no error shows a stored value`() async throws {
        let database = try Storage.Database.open(at: folder)
        let error = await #expect(throws: StoreUnavailable.self) {
            try await database.write { db in
                try db.run("INSERT INTO credentials VALUES (?, ?, ?, ?)", [1, "canary", 1, "canary"])
            }
        }
        #expect(error?.description.contains("canary") == false)
    }
}
