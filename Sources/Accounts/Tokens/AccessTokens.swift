import Crypto
import Foundation
import JWTKit
import Trading

/// Why a token is refused; one answer for every cause, so that a forger learns nothing.
package enum TokenError: Error, Sendable, Hashable, CustomStringConvertible {
    /// It is not one of ours, or not valid now.
    case invalidToken

    /// One sentence that says what to do.
    package var description: String { "The access token is not valid; sign in again." }
}

/// Why tokens cannot be issued.
package enum TokenKeyError: Error, Sendable, CustomStringConvertible {
    /// The stored key does not open.
    case sealed(SealError)
    /// The store could not answer.
    case unavailable(StoreUnavailable)

    /// One sentence that says what to do.
    package var description: String {
        switch self {
        case .sealed(let cause): cause.description
        case .unavailable(let cause): cause.description
        }
    }
}

/// A token just issued.
package struct IssuedToken: Sendable {
    /// The token, for the `Authorization: Bearer` header.
    package let text: Secret
    /// What it says.
    package let token: AccessToken
    /// How long it is valid.
    package let expiresIn: Duration
}

/// Issues and checks access tokens: JWTs signed with Ed25519, valid for 15 minutes. Source: RFC 7519, 8037, 8725, 9068.
package final class AccessTokens: Sendable {
    /// How long a token is valid.
    package static let lifetime: Duration = .seconds(15 * 60)

    private static let headerType = "at+jwt"
    private static let algorithm = "EdDSA"
    private static let maximumLength = 2_048

    private let keys: JWTKeyCollection
    private let keyIDs: Set<String>
    private let currentKeyID: String
    private let known: VerifiedTokens

    /// Reads the signing keys, making and keeping the first where there is none.
    package static func open(
        store: any SigningKeyStore, keyFile: KeyFile, at now: Timestamp, remembering capacity: Int = 10_000
    ) async throws(TokenKeyError) -> AccessTokens {
        let stored: [StoredSigningKey]
        do {
            stored = try await store.signingKeys(orAdding: SigningKey().sealed(with: keyFile, at: now))
        } catch {
            throw .unavailable(error)
        }
        var signers: [SigningKey] = []
        for key in stored {
            do { signers.append(try SigningKey(key, with: keyFile)) } catch { throw .sealed(error) }
        }
        guard let current = signers.first else {
            throw .unavailable(StoreUnavailable(reason: "it kept no signing key"))
        }
        return await AccessTokens(signers: signers, current: current, capacity: capacity)
    }

    init(signers: [SigningKey], current: SigningKey, capacity: Int) async {
        keys = JWTKeyCollection()
        for signer in signers {
            await keys.add(
                eddsa: EdDSA.PrivateKey(backing: signer.privateKey), kid: JWKIdentifier(string: signer.id))
        }
        keyIDs = Set(signers.map(\.id))
        currentKeyID = current.id
        known = VerifiedTokens(capacity: capacity)
    }

    /// Issues a token that opens a new session for a user.
    package func issue(for user: UserID, at now: Timestamp) async throws -> IssuedToken {
        let claims = TokenClaims(
            sub: user.description, sid: Self.randomName(), jti: Self.randomName(), iat: now.seconds,
            exp: now.seconds + Self.lifetime.components.seconds)
        guard let token = claims.verified(at: now, lifetime: Self.lifetime.components.seconds) else {
            preconditionFailure("a token just made is valid")
        }
        return IssuedToken(text: Secret(try await sign(claims)), token: token, expiresIn: Self.lifetime)
    }

    /// Checks a token; one checked before costs a digest (about 1 µs), a new one its signature (about 100 µs).
    package func verify(_ text: String, at now: Timestamp) async throws(TokenError) -> AccessToken {
        guard text.utf8.count <= Self.maximumLength else { throw .invalidToken }
        let digest = SHA256.hash(data: Array(text.utf8))
        if let token = known.token(digest, at: now) { return token }
        guard isOurForm(text), let claims = try? await keys.verify(text, as: TokenClaims.self),
            let token = claims.verified(at: now, lifetime: Self.lifetime.components.seconds)
        else { throw .invalidToken }
        known.keep(token, under: digest)
        return token
    }

    func sign(_ claims: TokenClaims) async throws -> String {
        try await keys.sign(
            claims, kid: JWKIdentifier(string: currentKeyID), header: ["typ": .string(Self.headerType)])
    }

    /// The header decides nothing: it says exactly what we write, with a key of ours, or the token is refused.
    private func isOurForm(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.bytes(parts[0]), Base64URL.bytes(parts[1]) != nil,
            Base64URL.bytes(parts[2])?.count == 64,
            let fields = try? JSONDecoder().decode([String: String].self, from: Data(header))
        else { return false }
        guard fields.count == 3, fields["alg"] == Self.algorithm, fields["typ"] == Self.headerType,
            let kid = fields["kid"]
        else { return false }
        return keyIDs.contains(kid)
    }

    /// 128 random bits.
    private static func randomName() -> String {
        var generator = SystemRandomNumberGenerator()
        return Base64URL.text((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
