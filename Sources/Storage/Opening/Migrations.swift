import GRDB

/// The tables, as numbered steps that only ever go forward; a step that was released never changes.
///
/// Times are microseconds since 1970, prices ten-thousandths of a rupee, truth 0 or 1.
enum Migrations {
    struct Step {
        let version: Int
        let name: String
        let sql: String
    }

    static let steps = [
        Step(version: 1, name: "users", sql: users),
        Step(version: 2, name: "trading accounts", sql: tradingAccounts),
        Step(version: 3, name: "signing keys", sql: signingKeys),
        Step(version: 4, name: "order journal", sql: orderJournal),
    ]

    /// Takes all missing steps in one transaction that no other process can share.
    static func apply(to db: GRDB.Database, path: String) throws {
        try db.inTransaction(.immediate) {
            try db.execute(
                sql: "CREATE TABLE IF NOT EXISTS schema_steps (version INTEGER PRIMARY KEY, name TEXT NOT NULL)")
            let found = try Int.fetchOne(db, sql: "SELECT MAX(version) FROM schema_steps") ?? 0
            let known = steps.last?.version ?? 0
            guard found <= known else {
                throw DatabaseOpenError.newerTables(path: path, found: found, known: known)
            }
            for step in steps where step.version > found {
                try db.execute(sql: step.sql)
                try db.execute(
                    sql: "INSERT INTO schema_steps (version, name) VALUES (?, ?)",
                    arguments: [step.version, step.name])
            }
            return .commit
        }
    }

    private static let users = """
        CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL);
        INSERT INTO counters (name, value) VALUES ('user', 0), ('trading account', 0);
        CREATE TABLE users (
            id INTEGER PRIMARY KEY,
            email TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            password_hash TEXT NOT NULL,
            is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
            created_time BIGINT NOT NULL
        );
        CREATE TABLE user_roles (
            user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            role TEXT NOT NULL,
            PRIMARY KEY (user_id, role)
        );
        """

    private static let tradingAccounts = """
        CREATE TABLE trading_accounts (
            id INTEGER PRIMARY KEY,
            owner_id BIGINT NOT NULL REFERENCES users (id),
            broker TEXT NOT NULL,
            broker_user_id TEXT NOT NULL,
            name TEXT NOT NULL,
            base_url TEXT,
            ticker_url TEXT,
            status TEXT NOT NULL,
            linked_time BIGINT NOT NULL,
            UNIQUE (broker, broker_user_id),
            CHECK ((base_url IS NULL) = (ticker_url IS NULL))
        );
        CREATE INDEX trading_accounts_by_owner ON trading_accounts (owner_id);
        CREATE TABLE memberships (
            account_id BIGINT NOT NULL REFERENCES trading_accounts (id) ON DELETE CASCADE,
            user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            can_view INTEGER NOT NULL CHECK (can_view IN (0, 1)),
            can_trade INTEGER NOT NULL CHECK (can_trade IN (0, 1)),
            can_manage INTEGER NOT NULL CHECK (can_manage IN (0, 1)),
            granted_by BIGINT NOT NULL,
            granted_time BIGINT NOT NULL,
            PRIMARY KEY (account_id, user_id)
        );
        CREATE INDEX memberships_by_user ON memberships (user_id);
        CREATE TABLE data_keys (
            account_id INTEGER PRIMARY KEY REFERENCES trading_accounts (id) ON DELETE CASCADE,
            key_file_id TEXT NOT NULL,
            box BLOB NOT NULL
        );
        CREATE TABLE credentials (
            account_id BIGINT NOT NULL REFERENCES trading_accounts (id) ON DELETE CASCADE,
            field TEXT NOT NULL,
            version BIGINT NOT NULL,
            box BLOB NOT NULL,
            PRIMARY KEY (account_id, field)
        );
        """

    private static let signingKeys = """
        CREATE TABLE signing_keys (
            id TEXT PRIMARY KEY,
            public_key BLOB NOT NULL,
            sealed_private_key BLOB NOT NULL,
            key_file_id TEXT NOT NULL,
            created_time BIGINT NOT NULL
        );
        """

    /// Orders outlive the accounts and users they name, so they do not refer to those tables.
    private static let orderJournal = """
        CREATE TABLE order_intents (
            order_id INTEGER PRIMARY KEY,
            account_id BIGINT NOT NULL,
            idempotency_key TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            client_order_id TEXT NOT NULL,
            principal BIGINT NOT NULL,
            placed_time BIGINT NOT NULL,
            label TEXT,
            exchange TEXT NOT NULL,
            symbol TEXT NOT NULL,
            side TEXT NOT NULL,
            type TEXT NOT NULL,
            time_in_force TEXT NOT NULL,
            validity_minutes BIGINT,
            product TEXT NOT NULL,
            quantity BIGINT NOT NULL,
            price BIGINT,
            trigger_price BIGINT,
            disclosed_quantity BIGINT,
            market_protection TEXT,
            market_protection_basis_points BIGINT,
            UNIQUE (account_id, idempotency_key),
            UNIQUE (account_id, client_order_id)
        );
        CREATE INDEX order_intents_by_time ON order_intents (account_id, placed_time);
        CREATE TABLE order_events (
            order_id BIGINT NOT NULL REFERENCES order_intents (order_id),
            sequence BIGINT NOT NULL,
            time BIGINT NOT NULL,
            kind TEXT NOT NULL,
            reason TEXT,
            broker_order_id TEXT,
            exchange_order_id TEXT,
            status TEXT,
            quantity BIGINT,
            filled_quantity BIGINT,
            cancelled_quantity BIGINT,
            average_price BIGINT,
            price BIGINT,
            trigger_price BIGINT,
            message TEXT,
            exchange_time BIGINT,
            PRIMARY KEY (order_id, sequence)
        );
        """
}
