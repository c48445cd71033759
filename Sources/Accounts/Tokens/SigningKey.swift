import Crypto
import Foundation
import Trading

/// A key that signs access tokens, as it is stored.
package struct StoredSigningKey: Sendable, Hashable {
    /// The key's name in tokens: its thumbprint. Source: RFC 7638.
    package let id: String
    /// The public half, 32 bytes. Source: RFC 8032.
    package let publicKey: [UInt8]
    /// The private half, sealed under a key file.
    package let sealedPrivateKey: [UInt8]
    /// The id of that key file.
    package let keyFileID: String
    /// When it was made; the newest signs, all verify.
    package let createdTime: Timestamp

    /// Puts a stored key together.
    package init(
        id: String, publicKey: [UInt8], sealedPrivateKey: [UInt8], keyFileID: String, createdTime: Timestamp
    ) {
        self.id = id
        self.publicKey = publicKey
        self.sealedPrivateKey = sealedPrivateKey
        self.keyFileID = keyFileID
        self.createdTime = createdTime
    }
}

/// Keeps the keys that sign access tokens.
package protocol SigningKeyStore: Sendable {
    /// All keys, newest first; where there is none, keeps the one given, so that processes that start together agree.
    func signingKeys(orAdding first: StoredSigningKey) async throws(StoreUnavailable) -> [StoredSigningKey]
}

/// A key of Ed25519 with its name.
struct SigningKey: Sendable {
    let id: String
    let privateKey: Curve25519.Signing.PrivateKey

    init() {
        self.init(privateKey: Curve25519.Signing.PrivateKey())
    }

    private init(privateKey: Curve25519.Signing.PrivateKey) {
        self.privateKey = privateKey
        id = Self.thumbprint(Array(privateKey.publicKey.rawRepresentation))
    }

    /// Opens a stored key.
    init(_ stored: StoredSigningKey, with keyFile: KeyFile) throws(SealError) {
        guard stored.keyFileID == keyFile.id else {
            throw .otherKeyFile(expected: stored.keyFileID, found: keyFile.id)
        }
        let bytes = try Sealing.open(
            stored.sealedPrivateKey, key: keyFile.wrappingKey(for: .signingKey),
            binding: Self.binding(stored.id, keyFile))
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes) else { throw .broken }
        self.init(privateKey: key)
        guard id == stored.id else { throw .broken }
    }

    /// Seals the key for the store.
    func sealed(with keyFile: KeyFile, at now: Timestamp) -> StoredSigningKey {
        let box = Sealing.seal(
            Array(privateKey.rawRepresentation), key: keyFile.wrappingKey(for: .signingKey),
            binding: Self.binding(id, keyFile))
        return StoredSigningKey(
            id: id, publicKey: Array(privateKey.publicKey.rawRepresentation), sealedPrivateKey: box,
            keyFileID: keyFile.id, createdTime: now)
    }

    private static func binding(_ id: String, _ keyFile: KeyFile) -> [UInt8] {
        Array("quantagro signing key v1|\(keyFile.id)|\(id)".utf8)
    }

    private static func thumbprint(_ publicKey: [UInt8]) -> String {
        let members = #"{"crv":"Ed25519","kty":"OKP","x":"\#(Base64URL.text(publicKey))"}"#
        return Base64URL.text(Array(SHA256.hash(data: Array(members.utf8))))
    }
}
