import AsyncHTTPClient
import KiteConnect
import KiteSimulator
import NIOCore
import NIOHTTP1

/// What the paper exchange is told besides its market: what goes wrong, who may order, who hears of it.
package struct ExchangeControl: Sendable {
    /// What goes wrong from the start.
    package var faults: [FaultRule] = []
    /// The port of the admin API; 0 takes any free one, nil leaves it off.
    package var adminPort: Int?
    /// The address that the admin API listens on.
    package var adminHost = "127.0.0.1"
    /// The admin API's secret; nil makes one up.
    package var adminSecret: String?
    /// Where orders may come from; nil lets them come from anywhere.
    package var staticAddresses: StaticAddresses?
    /// Where news of orders is posted; nil posts none.
    package var postbackURL: String?
    /// Where a browser is sent after signing in; nil shows the token on a page.
    package var redirectURL: String?
    /// Whether a new sign-in ends the earlier sessions of the same app and user.
    package var allowsOneSession = false
    /// Whether ticker connections over three an API key are refused rather than counted.
    package var refusesSurplusConnections = false

    /// Nothing goes wrong, everybody may order, nobody hears of it.
    package init() {}

    /// Reads the flags' texts.
    ///
    /// Throws a `StartError` with status 2 that names what is malformed.
    package static func faults(_ specs: [String]) throws(StartError) -> [FaultRule] {
        var rules: [FaultRule] = []
        for spec in specs {
            do {
                rules.append(try FaultRule(spec: spec))
            } catch {
                throw .usage("--fault \(spec): \(error.description)")
            }
        }
        return rules
    }

    /// Reads the addresses that orders may come from; nil where none is given.
    package static func staticAddresses(_ texts: [String]) throws(StartError) -> StaticAddresses? {
        guard !texts.isEmpty else { return nil }
        guard let addresses = StaticAddresses(texts) else {
            throw .usage("--static-ip takes an IP address, twice at most: \(texts.joined(separator: ", ")).")
        }
        return addresses
    }
}

/// Carries postbacks to their receivers.
enum PostbackCourier {
    /// How long a receiver may take.
    private static let patience: TimeAmount = .seconds(5)

    /// Sends with a client that follows no redirects, as `HTTPClient.Configuration.kite` sets it up.
    static func transport(_ client: HTTPClient) -> PostbackTransport {
        { url, body in
            var request = HTTPClientRequest(url: url)
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
            let response = try await client.execute(request, timeout: patience)
            // Read and thrown away, so that the connection can be used again.
            _ = try? await response.body.collect(upTo: 64 << 10)
            return Int(response.status.code)
        }
    }
}
