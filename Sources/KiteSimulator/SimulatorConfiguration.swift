/// Whom the simulator lets in, and how strictly it counts.
package struct SimulatorConfiguration: Sendable {
    /// A registered application, as on the broker's developer console.
    package struct App: Sendable, Hashable {
        /// Its public name.
        package var apiKey: String
        /// Its secret, for checksums.
        package var apiSecret: String
        /// Where a browser is sent after signing in; nil shows the request token on a page.
        package var redirectURL: String?

        /// Puts an application together.
        package init(apiKey: String, apiSecret: String, redirectURL: String? = nil) {
            self.apiKey = apiKey
            self.apiSecret = apiSecret
            self.redirectURL = redirectURL
        }
    }

    /// A client of the broker; the user id names the account at the venue.
    package struct User: Sendable, Hashable {
        /// The client id, for example `AB1234`.
        package var userID: String
        /// The password of the login page.
        package var password: String
        /// The base32 secret of the one-time codes; nil where none are asked for.
        package var totpSecret: String?
        /// The full name.
        package var name: String
        /// The e-mail address.
        package var email: String

        /// Puts a user together.
        package init(userID: String, password: String, totpSecret: String? = nil, name: String, email: String) {
            self.userID = userID
            self.password = password
            self.totpSecret = totpSecret
            self.name = name
            self.email = email
        }
    }

    /// The applications.
    package var apps: [App]
    /// The clients.
    package var users: [User]
    /// How many calls are let through.
    package var limits: RateLimits
    /// How the ticker behaves.
    package var ticker: TickerOptions

    /// Puts a configuration together.
    package init(
        apps: [App], users: [User], limits: RateLimits = .kite, ticker: TickerOptions = TickerOptions()
    ) {
        self.apps = apps
        self.users = users
        self.limits = limits
        self.ticker = ticker
    }
}

/// The ticker's pace and limits.
package struct TickerOptions: Sendable, Hashable {
    /// The time between two rounds of ticks.
    package var interval: Duration
    /// The longest silence before a heartbeat.
    package var heartbeat: Duration
    /// How long a client may take nothing before it is cut off.
    package var patience: Duration
    /// Instruments a connection may subscribe to. Source: Kite Connect, WebSocket streaming.
    package var instrumentLimit: Int
    /// Bytes that may wait for a client before its ticks are held back.
    package var sendBufferBytes: Int

    /// Takes each; the defaults are the broker's, with four rounds a second.
    package init(
        interval: Duration = .milliseconds(250), heartbeat: Duration = .seconds(1), patience: Duration = .seconds(10),
        instrumentLimit: Int = 3_000, sendBufferBytes: Int = 2 << 20
    ) {
        self.interval = interval
        self.heartbeat = heartbeat
        self.patience = patience
        self.instrumentLimit = instrumentLimit
        self.sendBufferBytes = sendBufferBytes
    }
}
