import Crypto
import Foundation
import Trading

/// Why stored secrets cannot be read.
package enum SealError: Error, Sendable, Hashable, CustomStringConvertible {
    /// They were wrapped by another key file.
    case otherKeyFile(expected: String, found: String)
    /// They were altered, or moved from another account, field or version.
    case broken

    /// One sentence that says what to do.
    package var description: String {
        switch self {
        case .otherKeyFile(let expected, let found):
            "The stored secrets need key file \(expected), but this one is \(found); put the right one back."
        case .broken: "A stored secret does not open: it was altered or belongs elsewhere; link the account anew."
        }
    }
}

/// AES-256-GCM with everything that a secret belongs to as associated data. Pure but for the nonce.
enum Sealing {
    static func makeDataKey() -> SymmetricKey { SymmetricKey(size: .bits256) }

    static func wrap(
        _ dataKey: SymmetricKey, for account: TradingAccountID, with keyFile: KeyFile
    ) -> WrappedDataKey {
        let bytes = dataKey.withUnsafeBytes { Array($0) }
        let box = seal(
            bytes, key: keyFile.wrappingKey(for: .dataKey), binding: dataKeyBinding(account, keyFileID: keyFile.id))
        return WrappedDataKey(keyFileID: keyFile.id, box: box)
    }

    static func unwrap(
        _ wrapped: WrappedDataKey, for account: TradingAccountID, with keyFile: KeyFile
    ) throws(SealError) -> SymmetricKey {
        guard wrapped.keyFileID == keyFile.id else {
            throw .otherKeyFile(expected: wrapped.keyFileID, found: keyFile.id)
        }
        let bytes = try open(
            wrapped.box, key: keyFile.wrappingKey(for: .dataKey),
            binding: dataKeyBinding(account, keyFileID: keyFile.id))
        guard bytes.count == 32 else { throw .broken }
        return SymmetricKey(data: bytes)
    }

    static func seal(
        _ secret: Secret, as field: CredentialField, version: Int64, of account: TradingAccountID,
        with dataKey: SymmetricKey
    ) -> SealedField {
        let box = seal(
            Array(secret.reveal().utf8), key: dataKey, binding: fieldBinding(account, field, version))
        return SealedField(field: field, version: version, box: box)
    }

    static func open(
        _ sealed: SealedField, of account: TradingAccountID, with dataKey: SymmetricKey
    ) throws(SealError) -> Secret {
        let bytes = try open(
            sealed.box, key: dataKey, binding: fieldBinding(account, sealed.field, sealed.version))
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .broken }
        return Secret(text)
    }

    /// Nonce, ciphertext and tag in one.
    static func seal(_ bytes: [UInt8], key: SymmetricKey, binding: [UInt8]) -> [UInt8] {
        do {
            guard let combined = try AES.GCM.seal(bytes, using: key, authenticating: binding).combined else {
                preconditionFailure("a box with the standard nonce has a combined form")
            }
            return Array(combined)
        } catch {
            preconditionFailure("AES-256-GCM takes any text under a key of 32 bytes")
        }
    }

    static func open(_ box: [UInt8], key: SymmetricKey, binding: [UInt8]) throws(SealError) -> [UInt8] {
        do {
            return Array(try AES.GCM.open(AES.GCM.SealedBox(combined: box), using: key, authenticating: binding))
        } catch {
            throw .broken
        }
    }

    private static func dataKeyBinding(_ account: TradingAccountID, keyFileID: String) -> [UInt8] {
        Array("quantagro data key v1|\(keyFileID)|\(account)".utf8)
    }

    private static func fieldBinding(
        _ account: TradingAccountID, _ field: CredentialField, _ version: Int64
    ) -> [UInt8] {
        Array("quantagro credential v1|\(account)|\(field.rawValue)|\(version)".utf8)
    }
}
