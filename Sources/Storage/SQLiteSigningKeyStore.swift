import Accounts
import Foundation
import GRDB
import Trading

/// The keys that sign access tokens in SQLite.
package struct SQLiteSigningKeyStore: SigningKeyStore {
    private let database: Database

    /// Takes the database.
    package init(_ database: Database) {
        self.database = database
    }

    package func signingKeys(
        orAdding first: StoredSigningKey
    ) async throws(StoreUnavailable) -> [StoredSigningKey] {
        try await database.write { db in
            try db.run(
                """
                INSERT INTO signing_keys (id, public_key, sealed_private_key, key_file_id, created_time)
                SELECT ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM signing_keys)
                """,
                [
                    first.id, Data(first.publicKey), Data(first.sealedPrivateKey), first.keyFileID,
                    first.createdTime.microseconds,
                ])
            return try db.rows("SELECT * FROM signing_keys ORDER BY created_time DESC, id", []).map(Self.key)
        }
    }

    private static func key(_ row: StoredRow) throws -> StoredSigningKey {
        StoredSigningKey(
            id: try row.text("id"), publicKey: try row.bytes("public_key"),
            sealedPrivateKey: try row.bytes("sealed_private_key"), keyFileID: try row.text("key_file_id"),
            createdTime: try row.time("created_time"))
    }
}
