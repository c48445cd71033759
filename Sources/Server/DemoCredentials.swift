import Accounts
import JSON
import Trading

/// How to sign in to a demo, and to its Kite.
package struct DemoCredentials: Sendable {
    /// One demo trading account.
    package struct Account: Sendable {
        package let id: TradingAccountID
        package let brokerUserID: String
        package let apiKey: Secret
        package let apiSecret: Secret
        package let password: Secret
        package let totpSeed: Secret
        /// An unused request token for another program; nil until it is minted.
        package var requestToken: Secret?
    }

    /// The user's address.
    package let email: String
    /// The user's password, new at every start.
    package let password: Secret
    /// The user's trading accounts; the first is `primary`.
    package var accounts: [Account]

    /// Writes the members of the ready file.
    func write(to writer: inout JSONWriter) {
        writer.key("user")
        writer.beginObject()
        writer.key("email")
        writer.value(email)
        writer.key("password")
        writer.value(password.reveal())
        writer.endObject()
        guard let primary = accounts.first else { return }
        writer.key("account")
        Self.write(primary, to: &writer)
        writer.key("accounts")
        writer.beginArray()
        for account in accounts { Self.write(account, to: &writer) }
        writer.endArray()
        writer.key("kite")
        writer.beginObject()
        writer.key("api_key")
        writer.value(primary.apiKey.reveal())
        writer.key("api_secret")
        writer.value(primary.apiSecret.reveal())
        writer.key("user_id")
        writer.value(primary.brokerUserID)
        writer.key("password")
        writer.value(primary.password.reveal())
        writer.key("totp_secret")
        writer.value(primary.totpSeed.reveal())
        writer.key("request_token")
        writer.optional(primary.requestToken?.reveal())
        writer.endObject()
    }

    private static func write(_ account: Account, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("trading_account_id")
        writer.value(account.id.rawValue)
        writer.key("broker_user_id")
        writer.value(account.brokerUserID)
        writer.endObject()
    }
}
