import Crypto

extension KiteClient {
    /// The page to send a user's browser to; it comes back with a `request_token` that lives a few minutes.
    ///
    /// - Parameter redirectParameters: handed back on the redirect.
    public func loginURL(redirectParameters: [(name: String, value: String)] = []) -> String {
        var query = [(name: "v", value: "3"), (name: "api_key", value: configuration.apiKey)]
        if !redirectParameters.isEmpty {
            query.append((name: "redirect_params", value: FormEncoding.encode(redirectParameters)))
        }
        return configuration.loginPageURL + "?" + FormEncoding.encode(query)
    }

    /// Exchanges a request token for a session; the token works once.
    public func generateSession(requestToken: String, apiSecret: String) async throws(KiteError) -> KiteSession {
        var request = WireRequest(.post, "/session/token")
        request.sendsToken = false
        request.secrets = [requestToken, apiSecret]
        request.form = [
            ("api_key", configuration.apiKey), ("request_token", requestToken),
            ("checksum", Checksum.hex(configuration.apiKey, requestToken, apiSecret)),
        ]
        return try await value(request)
    }

    /// Exchanges a refresh token for a new session; only for approved platforms.
    public func renewSession(refreshToken: String, apiSecret: String) async throws(KiteError) -> KiteRenewedSession {
        var request = WireRequest(.post, "/session/refresh_token")
        request.sendsToken = false
        request.secrets = [refreshToken, apiSecret]
        request.form = [
            ("api_key", configuration.apiKey), ("refresh_token", refreshToken),
            ("checksum", Checksum.hex(configuration.apiKey, refreshToken, apiSecret)),
        ]
        return try await value(request)
    }

    /// Ends the session of the configured access token.
    public func invalidateSession() async throws(KiteError) {
        var request = WireRequest(.delete, "/session/token")
        request.query = [("api_key", configuration.apiKey), ("access_token", configuration.accessToken ?? "")]
        try await decode(request) { _ in }
    }

    /// Ends the life of a refresh token.
    public func invalidateRefreshToken(_ refreshToken: String) async throws(KiteError) {
        var request = WireRequest(.delete, "/session/token")
        request.secrets = [refreshToken]
        request.query = [("api_key", configuration.apiKey), ("refresh_token", refreshToken)]
        try await decode(request) { _ in }
    }

    /// The signed-in user.
    public func profile() async throws(KiteError) -> KiteProfile {
        try await value(WireRequest(.get, "/user/profile"))
    }

    /// The signed-in user with bank accounts and blocks; undocumented by Kite.
    public func fullProfile() async throws(KiteError) -> KiteFullProfile {
        try await value(WireRequest(.get, "/user/profile/full"))
    }

    /// Funds and margins of both wallets.
    public func margins() async throws(KiteError) -> KiteMargins {
        try await value(WireRequest(.get, "/user/margins"))
    }

    /// Funds and margins of one wallet.
    public func margins(segment: KiteMarginSegment) async throws(KiteError) -> KiteSegmentMargin {
        try await value(WireRequest(.get, "/user/margins/" + FormEncoding.segment(segment.rawValue)))
    }
}

/// Kite's checksums: SHA-256 over texts written one after the other.
enum Checksum {
    /// Lower-case hex of the digest.
    static func hex(_ parts: String...) -> String {
        var hash = SHA256()
        for part in parts { hash.update(data: Array(part.utf8)) }
        var text = ""
        for byte in hash.finalize() {
            text += byte < 16 ? "0" : ""
            text += String(byte, radix: 16)
        }
        return text
    }
}
