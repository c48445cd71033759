import Accounts
import GRDB
import Trading

/// Users in SQLite.
package struct SQLiteUserStore: UserStore {
    private let database: Database

    /// Takes the database.
    package init(_ database: Database) {
        self.database = database
    }

    package func create(_ user: NewUser) async throws(UserStoreError) -> User {
        let id: Int64?
        do {
            id = try await database.writeAccess { db in try Self.insert(user, db) }
        } catch {
            throw .unavailable(error)
        }
        guard let id else { throw .emailTaken(user.email) }
        return User(
            id: UserID(id), email: user.email, name: user.name, roles: user.roles, isActive: true,
            createdTime: user.createdTime)
    }

    package func user(_ id: UserID) async throws(StoreUnavailable) -> User? {
        try await database.read { db in
            guard let row = try db.row("SELECT * FROM users WHERE id = ?", [id.rawValue]) else { return nil }
            return try Self.user(row, db)
        }
    }

    package func login(
        _ email: EmailAddress
    ) async throws(StoreUnavailable) -> (user: User, passwordHash: PasswordHash)? {
        try await database.read { db in
            guard let row = try db.row("SELECT * FROM users WHERE email = ?", [email.text]) else { return nil }
            return (try Self.user(row, db), try row.value("password_hash", PasswordHash.init))
        }
    }

    package func replacePasswordHash(
        of user: UserID, from old: PasswordHash, to new: PasswordHash
    ) async throws(StoreUnavailable) {
        try await database.write { db in
            _ = try db.run(
                "UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?",
                [new.text, user.rawValue, old.text])
        }
    }

    package func setActive(_ isActive: Bool, user: UserID) async throws(StoreUnavailable) {
        try await database.writeAccess { db in
            _ = try db.run("UPDATE users SET is_active = ? WHERE id = ?", [isActive ? 1 : 0, user.rawValue])
        }
    }

    package func count() async throws(StoreUnavailable) -> Int {
        try await database.read { db in Int(try db.row("SELECT COUNT(*) AS n FROM users", [])?.int("n") ?? 0) }
    }

    /// Nil where the address is taken.
    private static func insert(_ user: NewUser, _ db: GRDB.Database) throws -> Int64? {
        let id = try db.nextNumber("user")
        let inserted = try db.run(
            """
            INSERT INTO users (id, email, name, password_hash, is_active, created_time) VALUES (?, ?, ?, ?, 1, ?)
            ON CONFLICT (email) DO NOTHING
            """,
            [id, user.email.text, user.name, user.passwordHash.text, user.createdTime.microseconds])
        guard inserted == 1 else { return nil }
        for role in user.roles {
            try db.run("INSERT INTO user_roles (user_id, role) VALUES (?, ?)", [id, role.rawValue])
        }
        return id
    }

    private static func user(_ row: StoredRow, _ db: GRDB.Database) throws -> User {
        let id = try row.int("id")
        let roles = try db.rows("SELECT role FROM user_roles WHERE user_id = ?", [id])
            .map { try $0.value("role", as: UserRole.self) }
        return User(
            id: UserID(id), email: try row.value("email", EmailAddress.init), name: try row.text("name"),
            roles: Set(roles), isActive: try row.truth("is_active"), createdTime: try row.time("created_time"))
    }
}
