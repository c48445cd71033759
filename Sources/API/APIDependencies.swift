import Accounts
import Gateway
import Telemetry

/// Everything the backend API stands on; the server and the tests fill it in.
package struct APIDependencies: Sendable {
    /// Checks passwords.
    package var signIn: SignIn
    /// Checks access tokens.
    package var accessTokens: AccessTokens
    /// Knows users by number.
    package var users: any UserStore
    /// Knows who may do what with which account.
    package var directory: AccountDirectory
    /// The sessions of the accounts this process owns.
    package var desk: TradingDesk
    /// Hands out order updates; its `run` has to be running.
    package var hub: OrderUpdateHub
    /// Signs accounts in at their brokers; nil where this process does not look after that.
    package var logins: (any BrokerLogins)?
    /// The clocks.
    package var time: Timekeeping
    /// What `/metrics` shows.
    package var registry = PrometheusRegistry()
    /// The exact origins whose pages may call from a browser.
    package var allowedOrigins: [String] = []
    /// The version that `/health` tells.
    package var version = "0.0.0"
    /// Whether orders can be made durable.
    package var isDatabaseWritable: @Sendable () async -> Bool = { true }
    /// How many requests a minute are answered.
    package var limits = RequestLimits.standard
    /// Prepared JSON of `GET /sample/positions`, the baseline that reads are measured against; nil leaves it out.
    package var staticSample: [UInt8]?

    /// Takes what has no default; the rest can be set.
    package init(
        signIn: SignIn, accessTokens: AccessTokens, users: any UserStore, directory: AccountDirectory,
        desk: TradingDesk, hub: OrderUpdateHub, time: Timekeeping
    ) {
        self.signIn = signIn
        self.accessTokens = accessTokens
        self.users = users
        self.directory = directory
        self.desk = desk
        self.hub = hub
        self.time = time
    }
}
