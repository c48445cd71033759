import Accounts
import Foundation
import GRDB
import Synchronization
import Trading

/// Trading accounts, the rights on them and their sealed credentials in SQLite.
package struct SQLiteTradingAccountStore: TradingAccountStore {
    private enum Linked {
        case new, taken, ownerless
    }

    private let database: Database

    /// Takes the database.
    package init(_ database: Database) {
        self.database = database
    }

    package var revision: Int { database.accessRevision.load(ordering: .sequentiallyConsistent) }

    package func reserveID() async throws(StoreUnavailable) -> TradingAccountID {
        try await database.write { db in TradingAccountID(try db.nextNumber("trading account")) }
    }

    package func link(_ account: TradingAccount, credentials: SealedCredentials) async throws(LinkError) {
        let outcome: Linked
        do {
            outcome = try await database.writeAccess { db in try Self.insert(account, credentials, db) }
        } catch {
            throw .unavailable(error)
        }
        switch outcome {
        case .new: return
        case .taken: throw .alreadyLinked(broker: account.broker, brokerUserID: account.brokerUserID)
        case .ownerless: throw .ownerUnknown(account.owner)
        }
    }

    package func account(_ id: TradingAccountID) async throws(StoreUnavailable) -> TradingAccount? {
        try await database.read { db in
            try db.row("SELECT * FROM trading_accounts WHERE id = ?", [id.rawValue]).map(Self.account)
        }
    }

    package func accounts() async throws(StoreUnavailable) -> [TradingAccount] {
        try await database.read { db in
            try db.rows("SELECT * FROM trading_accounts ORDER BY id", []).map(Self.account)
        }
    }

    package func accounts(accessibleTo user: UserID) async throws(StoreUnavailable) -> [AccessibleAccount] {
        try await database.read { db in
            let own = try db.rows(
                """
                SELECT a.* FROM trading_accounts a JOIN users u ON u.id = a.owner_id
                WHERE a.owner_id = ? AND u.is_active = 1 ORDER BY a.id
                """, [user.rawValue])
            let shared = try db.rows(
                """
                SELECT a.*, m.can_view, m.can_trade, m.can_manage
                FROM memberships m JOIN trading_accounts a ON a.id = m.account_id JOIN users u ON u.id = m.user_id
                WHERE m.user_id = ? AND u.is_active = 1 AND a.owner_id <> m.user_id ORDER BY a.id
                """, [user.rawValue])
            return try own.map {
                AccessibleAccount(account: try Self.account($0), permissions: .all, isOwned: true)
            }
                + shared.map {
                    AccessibleAccount(
                        account: try Self.account($0), permissions: try Self.permissions($0), isOwned: false)
                }
        }
    }

    package func setStatus(
        _ status: TradingAccountStatus, of account: TradingAccountID
    ) async throws(StoreUnavailable) {
        try await database.writeAccess { db in
            _ = try db.run(
                "UPDATE trading_accounts SET status = ? WHERE id = ?", [status.rawValue, account.rawValue])
        }
    }

    package func setEndpoint(
        _ endpoint: BrokerEndpoint?, of account: TradingAccountID
    ) async throws(StoreUnavailable) {
        try await database.writeAccess { db in
            _ = try db.run(
                "UPDATE trading_accounts SET base_url = ?, ticker_url = ? WHERE id = ?",
                [endpoint?.baseURL, endpoint?.tickerURL, account.rawValue])
        }
    }

    package func setMembership(_ membership: Membership) async throws(StoreUnavailable) {
        try await database.writeAccess { db in
            let key: [(any DatabaseValueConvertible)?] = [membership.account.rawValue, membership.user.rawValue]
            try db.run("DELETE FROM memberships WHERE account_id = ? AND user_id = ?", key)
            guard !membership.permissions.isEmpty else { return }
            let rights = [Permission.view, .trade, .manage].map { membership.permissions.contains($0) ? 1 : 0 }
            try db.run(
                """
                INSERT INTO memberships
                    (account_id, user_id, can_view, can_trade, can_manage, granted_by, granted_time)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                key + rights + [membership.grantedBy.rawValue, membership.grantedTime.microseconds])
        }
    }

    package func credentials(of account: TradingAccountID) async throws(StoreUnavailable) -> SealedCredentials? {
        try await database.read { db in
            guard let key = try db.row("SELECT * FROM data_keys WHERE account_id = ?", [account.rawValue]) else {
                return nil
            }
            let fields = try db.rows(
                "SELECT * FROM credentials WHERE account_id = ? ORDER BY field", [account.rawValue])
            return SealedCredentials(
                dataKey: WrappedDataKey(keyFileID: try key.text("key_file_id"), box: try key.bytes("box")),
                fields: try fields.map {
                    SealedField(
                        field: try $0.value("field", as: CredentialField.self), version: try $0.int("version"),
                        box: try $0.bytes("box"))
                })
        }
    }

    package func credentialRevisions() async throws(StoreUnavailable) -> [TradingAccountID: Int64] {
        try await database.read { db in
            // Fields are added and versions grow, so the sum changes with every write.
            let rows = try db.rows(
                """
                SELECT k.account_id, COALESCE(SUM(c.version), 0) AS revision
                FROM data_keys k LEFT JOIN credentials c ON c.account_id = k.account_id GROUP BY k.account_id
                """, [])
            return try Dictionary(
                rows.map { (TradingAccountID(try $0.int("account_id")), try $0.int("revision")) },
                uniquingKeysWith: max)
        }
    }

    package func replaceField(
        _ field: SealedField, of account: TradingAccountID
    ) async throws(StoreUnavailable) -> Bool {
        try await database.write { db in
            if field.version == 1 { return try Self.insert(field, of: account, db) }
            return try db.run(
                "UPDATE credentials SET version = ?, box = ? WHERE account_id = ? AND field = ? AND version = ?",
                [field.version, Data(field.box), account.rawValue, field.field.rawValue, field.version - 1]) == 1
        }
    }
}

extension SQLiteTradingAccountStore {
    private static func insert(
        _ account: TradingAccount, _ credentials: SealedCredentials, _ db: GRDB.Database
    ) throws -> Linked {
        guard try db.row("SELECT id FROM users WHERE id = ?", [account.owner.rawValue]) != nil else {
            return .ownerless
        }
        let inserted = try db.run(
            """
            INSERT INTO trading_accounts
                (id, owner_id, broker, broker_user_id, name, base_url, ticker_url, status, linked_time)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (broker, broker_user_id) DO NOTHING
            """,
            [
                account.id.rawValue, account.owner.rawValue, account.broker.rawValue, account.brokerUserID,
                account.name, account.endpoint?.baseURL, account.endpoint?.tickerURL, account.status.rawValue,
                account.linkedTime.microseconds,
            ])
        guard inserted == 1 else { return .taken }
        try db.run(
            "INSERT INTO data_keys (account_id, key_file_id, box) VALUES (?, ?, ?)",
            [account.id.rawValue, credentials.dataKey.keyFileID, Data(credentials.dataKey.box)])
        for field in credentials.fields { _ = try insert(field, of: account.id, db) }
        return .new
    }

    private static func insert(
        _ field: SealedField, of account: TradingAccountID, _ db: GRDB.Database
    ) throws -> Bool {
        try db.run(
            """
            INSERT INTO credentials (account_id, field, version, box) VALUES (?, ?, ?, ?)
            ON CONFLICT (account_id, field) DO NOTHING
            """, [account.rawValue, field.field.rawValue, field.version, Data(field.box)]) == 1
    }

    private static func account(_ row: StoredRow) throws -> TradingAccount {
        let baseURL = try row.optionalText("base_url")
        let tickerURL = try row.optionalText("ticker_url")
        let endpoint = baseURL.flatMap { base in
            tickerURL.map { BrokerEndpoint(baseURL: base, tickerURL: $0) }
        }
        return TradingAccount(
            id: TradingAccountID(try row.int("id")), owner: UserID(try row.int("owner_id")),
            broker: try row.value("broker", as: BrokerName.self), brokerUserID: try row.text("broker_user_id"),
            name: try row.text("name"), endpoint: endpoint,
            status: try row.value("status", as: TradingAccountStatus.self), linkedTime: try row.time("linked_time"))
    }

    private static func permissions(_ row: StoredRow) throws -> Set<Permission> {
        var permissions: Set<Permission> = []
        if try row.truth("can_view") { permissions.insert(.view) }
        if try row.truth("can_trade") { permissions.insert(.trade) }
        if try row.truth("can_manage") { permissions.insert(.manage) }
        return permissions
    }
}
