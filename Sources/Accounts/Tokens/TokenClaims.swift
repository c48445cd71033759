import JWTKit
import Trading

/// What an access token says. Source: RFC 7519 section 4.1, RFC 9068.
struct TokenClaims: JWTPayload, Equatable {
    static let issuer = "quantagro"
    static let audience = "quantagro-api"
    static let type = "access"

    var iss = issuer
    var aud = audience
    var typ = type
    /// The user's number.
    var sub: String
    /// The session that began with the sign-in.
    var sid: String
    /// The token's own name.
    var jti: String
    /// Seconds since 1970.
    var iat: Int64
    /// Seconds since 1970; not valid at or after it.
    var exp: Int64
    /// Seconds since 1970; never written, honoured where it is there.
    var nbf: Int64?

    /// The times need a clock: `verified` checks them.
    func verify(using _: some JWTAlgorithm) async throws {}

    /// The token, where every claim is as we write it and the time is right.
    func verified(at now: Timestamp, lifetime: Int64) -> AccessToken? {
        guard iss == Self.issuer, aud == Self.audience, typ == Self.type, !sid.isEmpty, !jti.isEmpty,
            let user = Int64(sub), user > 0, String(user) == sub
        else { return nil }
        // Half a minute of difference between two machines' clocks is nobody's fault.
        let seconds = now.seconds
        guard iat <= seconds + 30, exp > seconds, exp > iat, exp - iat <= lifetime, (nbf ?? iat) <= seconds + 30
        else { return nil }
        return AccessToken(
            user: UserID(user), session: sid, id: jti, issuedTime: Timestamp(seconds: iat),
            expiryTime: Timestamp(seconds: exp))
    }
}

/// What a valid access token says.
package struct AccessToken: Sendable, Hashable {
    /// Who carries it.
    package let user: UserID
    /// The session that began with his sign-in.
    package let session: String
    /// The token's own name.
    package let id: String
    /// When it was issued.
    package let issuedTime: Timestamp
    /// From when on it is not valid any more.
    package let expiryTime: Timestamp
}
