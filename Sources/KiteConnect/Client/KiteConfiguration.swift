/// Where Kite is and as whom to speak to it.
public struct KiteConfiguration: Sendable, Hashable {
    /// The app's public key.
    public var apiKey: String
    /// The session's token; nil before sign-in. Valid until 06:00 Indian time of the next day.
    public var accessToken: String?
    /// The client account whose order limits the calls count against, such as `AB1234`; nil when the API key has only
    /// one. Give it where one account signs in through several apps, or several accounts through one.
    public var userID: String?
    /// Root of the HTTP calls, without a slash at the end.
    public var baseURL: String
    /// Address of the WebSocket stream.
    public var tickerURL: String
    /// The page that a user's browser is sent to for sign-in.
    public var loginPageURL: String
    /// Total time of a call from start to the last byte of the answer.
    public var timeout: Duration
    /// Total time for the instrument dumps, which are megabytes.
    public var dumpTimeout: Duration
    /// What the `User-Agent` header says.
    public var userAgent: String

    /// A configuration; the addresses are Kite's own unless given.
    public init(
        apiKey: String,
        accessToken: String? = nil,
        baseURL: String = "https://api.kite.trade",
        tickerURL: String = "wss://ws.kite.trade",
        loginPageURL: String = "https://kite.zerodha.com/connect/login",
        timeout: Duration = .seconds(7),
        dumpTimeout: Duration = .seconds(60),
        userAgent: String = "quantagro-kiteconnect/1",
        userID: String? = nil
    ) {
        self.apiKey = apiKey
        self.accessToken = accessToken
        self.baseURL = baseURL
        self.tickerURL = tickerURL
        self.loginPageURL = loginPageURL
        self.timeout = timeout
        self.dumpTimeout = dumpTimeout
        self.userAgent = userAgent
        self.userID = userID
    }

    /// Text with every secret of this configuration, and of a call, blotted out.
    func redacted(_ text: String, and secrets: [String] = []) -> String {
        var text = text
        for secret in [accessToken, apiKey] + secrets.map(Optional.some) {
            if let secret, secret.count >= 4 { text = text.replacing(secret, with: "[redacted]") }
        }
        return text
    }
}

extension KiteConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The addresses and whether there is a token; never the key or the token.
    public var description: String {
        let token = accessToken == nil ? "none" : "[redacted]"
        return "KiteConfiguration(baseURL: \(baseURL), tickerURL: \(tickerURL), apiKey: [redacted], "
            + "accessToken: \(token), timeout: \(timeout))"
    }

    /// The same as `description`.
    public var debugDescription: String { description }

    /// Shows nothing but the description, so that dumps hide what descriptions hide.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
