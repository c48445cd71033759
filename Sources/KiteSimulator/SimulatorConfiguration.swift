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
        /// Where news of orders that it placed is posted; nil posts none.
        package var postbackURL: String?
        /// Where its orders may come from; nil lets them come from anywhere.
        package var staticAddresses: StaticAddresses?
        /// Whether it is an approved platform, whose sessions can be renewed without signing in.
        package var offersRefreshTokens = false

        /// Puts an application together.
        package init(
            apiKey: String, apiSecret: String, redirectURL: String? = nil, postbackURL: String? = nil,
            staticAddresses: StaticAddresses? = nil
        ) {
            self.apiKey = apiKey
            self.apiSecret = apiSecret
            self.redirectURL = redirectURL
            self.postbackURL = postbackURL
            self.staticAddresses = staticAddresses
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
    /// Whether a new sign-in ends the earlier sessions of the same app and user. Not documented for Kite.
    package var allowsOneSession = false
    /// How postbacks are sent.
    package var postbacks = PostbackOptions()

    /// Whether any app has a say about where its orders come from.
    var hasStaticAddresses: Bool { apps.contains { $0.staticAddresses != nil } }

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
    /// Connections that an API key may have open. Source: Kite Connect, WebSocket streaming.
    package var connectionLimit = 3
    /// Whether connections over the limit are refused; otherwise they are let in and counted, as the broker flags them.
    package var refusesSurplus = false

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
