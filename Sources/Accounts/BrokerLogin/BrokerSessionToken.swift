import Trading

/// A session at a broker: its token and when it began. Kept as one secret, so that neither is ever without the other.
package struct BrokerSessionToken: Sendable, Equatable {
    /// What every call carries.
    package let accessToken: Secret
    /// When the person, or we, signed in.
    package let loginTime: Timestamp

    /// Puts a session together.
    package init(accessToken: Secret, loginTime: Timestamp) {
        self.accessToken = accessToken
        self.loginTime = loginTime
    }

    /// Reads what `sealed` made; nil for anything else.
    package init?(sealed secret: Secret) {
        let parts = secret.reveal().split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let seconds = Int64(parts[0]) else { return nil }
        self.init(accessToken: Secret(String(parts[1])), loginTime: Timestamp(seconds: seconds))
    }

    /// The text that the vault keeps: seconds since 1970, a blank, the token.
    package var sealed: Secret { Secret("\(loginTime.seconds) \(accessToken.reveal())") }
}
