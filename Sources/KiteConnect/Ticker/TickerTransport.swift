import NIOCore

/// Where to connect, credentials included; never shown.
struct TickerEndpoint: Sendable {
    var url: String
    var headers: [(name: String, value: String)]
    var timeout: Duration

    init(_ configuration: KiteConfiguration, timeout: Duration) {
        let base = configuration.tickerURL
        let afterScheme = base.firstRange(of: "://").map { base[$0.upperBound...] } ?? base[...]
        let query = FormEncoding.encode([
            ("api_key", configuration.apiKey), ("access_token", configuration.accessToken ?? ""),
        ])
        if base.contains("?") {
            url = base + "&" + query
        } else {
            url = base + (afterScheme.contains("/") ? "?" : "/?") + query
        }
        headers = [("X-Kite-Version", "3"), ("User-Agent", configuration.userAgent)]
        self.timeout = timeout
    }
}

/// Opens connections for a ticker.
protocol TickerTransport: Sendable {
    func connect(_ endpoint: TickerEndpoint) async throws(TickerConnectFault) -> any TickerLink
}

/// Why a connection was not opened.
struct TickerConnectFault: Error {
    var loss: KiteTickerLoss
}

/// One open connection.
protocol TickerLink: Sendable {
    /// The next frame; nil once the connection is closed or the task cancelled.
    func next() async -> TickerFrame?
    /// Sends a text message.
    func send(_ text: String) async throws
    /// How the connection ended.
    var closure: (code: UInt16, reason: String) { get }
    /// Ends the connection without waiting.
    func close()
}

/// What comes over a connection.
enum TickerFrame: Sendable {
    case binary(ByteBuffer)
    case text(String)
}
