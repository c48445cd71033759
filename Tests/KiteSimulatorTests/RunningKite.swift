import AsyncHTTPClient
import HTTPTypes
import JSON
import Logging
import NIOCore
import NIOHTTP1
import PaperExchange
import Synchronization
import Testing
import Trading
import WebServer
import WebSocket

@testable import KiteSimulator

/// A clock that tests set.
final class TestClock: Sendable {
    private let time: Mutex<Timestamp>

    init(_ time: Timestamp) {
        self.time = Mutex(time)
    }

    var now: Timestamp { time.withLock { $0 } }

    func advance(by duration: Duration) {
        time.withLock { $0 = $0.advanced(by: duration) }
    }
}

/// An answer as a test reads it.
struct Answer: Sendable {
    let status: Int
    let contentType: String?
    let contentEncoding: String?
    let location: String?
    let body: [UInt8]
    var cookies: [String] = []

    var json: JSONValue { get throws { try JSONValue(parsing: body) } }
    var data: JSONValue { get throws { try #require(try json.at("data")) } }
    var message: String? { get throws { try json.at("message")?.string } }
    var errorType: String? { get throws { try json.at("error_type")?.string } }
    var orderID: String { get throws { try #require(try data.at("order_id")?.string) } }
}

/// A simulator on a socket of its own, with one app, two users and a clock that stands still unless told.
struct RunningKite: Sendable {
    static let tradingDate = CalendarDate(daysSinceEpoch: 20_780)
    static let apiKey = "key1"
    static let apiSecret = "secret1"
    static let adminSecret = "admin-secret-of-tests"

    let venue: Venue
    let kite: SimulatedKite
    let clock: TestClock
    let url: String
    let socketURL: String
    let adminURL: String
    /// Neither asks for compression nor undoes it by itself.
    let client: HTTPClient

    /// Signs the user in and gives the header of the session.
    func signIn(_ user: String = "AB1234") async throws -> String {
        let requestToken = try #require(kite.mintRequestToken(for: user))
        let answer = try await exchange(requestToken)
        return "token \(Self.apiKey):" + (try #require(try answer.data.at("access_token")?.string))
    }

    func exchange(_ requestToken: String, secret: String = Self.apiSecret) async throws -> Answer {
        let checksum = hexSHA256(Self.apiKey + requestToken + secret)
        return try await call(
            "POST", "/session/token", form: "api_key=\(Self.apiKey)&request_token=\(requestToken)&checksum=\(checksum)")
    }

    func call(
        _ method: String, _ path: String, session: String? = nil, form: String? = nil, json: String? = nil,
        cookie: String? = nil, gzip: Bool = false, timeout: TimeAmount = .seconds(10)
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
        request.method = .init(rawValue: method)
        request.headers.add(name: "X-Kite-Version", value: "3")
        if let session { request.headers.add(name: "Authorization", value: session) }
        if let cookie { request.headers.add(name: "Cookie", value: cookie) }
        if gzip { request.headers.add(name: "Accept-Encoding", value: "gzip, deflate") }
        if let form {
            request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8")
            request.body = .bytes(ByteBuffer(string: form))
        }
        if let json {
            request.headers.add(name: "Content-Type", value: "application/json; charset=utf-8")
            request.body = .bytes(ByteBuffer(string: json))
        }
        let response = try await client.execute(request, timeout: timeout)
        let body = try await response.body.collect(upTo: 64 << 20)
        return Answer(
            status: Int(response.status.code), contentType: response.headers.first(name: "content-type"),
            contentEncoding: response.headers.first(name: "content-encoding"),
            location: response.headers.first(name: "location"), body: Array(body.readableBytesView),
            cookies: response.headers["set-cookie"])
    }

    /// Asks the admin API, with its secret unless another one is given.
    func admin(
        _ method: String, _ path: String, _ json: String? = nil, authorization: String? = "Bearer \(Self.adminSecret)"
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: adminURL + path)
        request.method = .init(rawValue: method)
        if let authorization { request.headers.add(name: "Authorization", value: authorization) }
        if let json { request.body = .bytes(ByteBuffer(string: json)) }
        let response = try await client.execute(request, timeout: .seconds(10))
        let body = try await response.body.collect(upTo: 64 << 20)
        return Answer(
            status: Int(response.status.code), contentType: response.headers.first(name: "content-type"),
            contentEncoding: nil, location: nil, body: Array(body.readableBytesView))
    }

    /// Opens the ticker with the session of a header.
    func ticker(_ session: String) async throws -> WebSocketConnection {
        let token = try #require(session.split(separator: ":").last)
        return try await WebSocketClient().connect(
            to: "\(socketURL)/?api_key=\(Self.apiKey)&access_token=\(token)")
    }

    /// The near NIFTY future.
    var future: Instrument {
        get throws {
            let listing = venue.listing
            let futures = (0..<listing.count).map(listing.instrument(at:)).filter {
                $0.segment == .futures && $0.underlying == "NIFTY"
            }
            return try #require(futures.min { ($0.expiry ?? Self.tradingDate) < ($1.expiry ?? Self.tradingDate) })
        }
    }

    /// The form of an order for lots of the near NIFTY future.
    func form(
        _ side: String = "BUY", lots: Int64 = 1, type: String = "MARKET", extra: String = "&market_protection=-1"
    ) throws -> String {
        let future = try future
        return "exchange=NFO&tradingsymbol=\(future.id.symbol)&transaction_type=\(side)"
            + "&quantity=\(future.lotSize.units * lots)&product=NRML&order_type=\(type)&variety=regular" + extra
    }

    /// A limit price some ticks below the last price, where nothing fills.
    func restingPrice() async throws -> Price {
        let future = try future
        let quote = try #require(await venue.quote(future.token))
        let away = Price(tenThousandths: quote.lastPrice.tenThousandths / 100 * 97)
        return away.roundedDown(toTick: future.tickSize)
    }
}

func hexSHA256(_ text: String) -> String { SessionBook.hexSHA256(text) }

/// Runs a simulator for the length of `body`. The market moves only when the test advances the venue.
func withKite<Result: Sendable>(
    limits: RateLimits = .none, ticker: TickerOptions = TickerOptions(interval: .milliseconds(10)),
    postbacks: PostbackTransport? = nil,
    configure: (inout VenueConfiguration, inout SimulatorConfiguration) -> Void = { _, _ in },
    _ body: @escaping @Sendable (RunningKite) async throws -> Result
) async throws -> Result {
    let clock = TestClock(Timestamp(indianDate: RunningKite.tradingDate, secondOfDay: 10 * 3_600))
    let faults = Faults(clock: { clock.now })
    var market = VenueConfiguration(
        seed: 7, tradingDate: RunningKite.tradingDate, openingCash: Money(rupees: 3_000_000))
    let generator = Mutex(SplitMix(state: 11))
    var configuration = SimulatorConfiguration(
        apps: [.init(apiKey: RunningKite.apiKey, apiSecret: RunningKite.apiSecret)],
        users: [
            .init(
                userID: "AB1234", password: "pass", totpSecret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
                name: "Asha Rao", email: "asha@example.com"),
            .init(userID: "CD5678", password: "word", name: "Ravi", email: "ravi@example.com"),
        ], limits: limits, ticker: ticker)
    configure(&market, &configuration)
    let venue = Venue(
        configuration: market, listing: .builtIn(tradingDate: RunningKite.tradingDate), clock: faults.exchangeClock)
    let kite = await SimulatedKite(
        venue: venue, configuration: configuration,
        clock: { clock.now },
        random: { count in
            generator.withLock { generator in (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) } }
        }, faults: faults, postbacks: postbacks)
    var logger = Logger(label: "tests")
    logger.logLevel = .error
    let client = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))
    let listener = try await kite.bind(host: "127.0.0.1", port: 0, logger: logger)
    let admin = try await kite.bindAdmin(
        host: "127.0.0.1", port: 0, secret: RunningKite.adminSecret, logger: logger)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await listener.run() }
        group.addTask { try await admin.run() }
        group.addTask { await kite.run() }
        let running = RunningKite(
            venue: venue, kite: kite, clock: clock, url: listener.url,
            socketURL: "ws://127.0.0.1:\(listener.port)", adminURL: admin.url, client: client)
        let result = await Swift.Result { try await body(running) }
        faults.clear()
        try await client.shutdown()
        group.cancelAll()
        return try result.get()
    }
}

/// A small seeded generator.
struct SplitMix: RandomNumberGenerator, Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension Swift.Result where Failure == any Error {
    /// What an asynchronous body comes to.
    init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
