import Crypto
import Gzip
import NIOCore
import Synchronization
import Testing

@testable import KiteConnect

/// Keeps what was to be sent and gives a prepared answer.
final class RecordingTransport: HTTPTransport {
    private let sent = Mutex<[PreparedRequest]>([])
    private let outcome: WireOutcome

    init(_ body: String, status: Int = 200) {
        outcome = .answer(WireAnswer(status: status, body: .complete(ByteBuffer(string: body))))
    }

    init(_ body: ByteBuffer) {
        outcome = .answer(WireAnswer(status: 200, body: .complete(body)))
    }

    func send(_ request: PreparedRequest) async -> WireOutcome {
        sent.withLock { $0.append(request) }
        return outcome
    }

    var requests: [PreparedRequest] { sent.withLock { $0 } }

    /// Verb, path with query, and form of the only request.
    var line: String {
        guard let request = requests.first, requests.count == 1 else { return "\(requests.count) requests" }
        let body = request.body.map { " " + String(buffer: $0) } ?? ""
        return "\(request.method.rawValue) \(request.url.replacing("https://api.kite.trade", with: ""))\(body)"
    }
}

@Suite struct KiteClientTests {
    private static let configuration = KiteConfiguration(apiKey: "thekey", accessToken: "thetoken")

    private static func client(_ transport: RecordingTransport) -> KiteClient {
        KiteClient(configuration: configuration, transport: transport)
    }

    private static let orderAnswer = "{\"status\":\"success\",\"data\":{\"order_id\":\"1914227164488687616\"}}"

    typealias Call = @Sendable (KiteClient) async throws -> Void
    private static let calls: [(expected: String, answer: String, call: Call)] = [
        ("GET /user/profile", "{\"data\":{\"user_id\":\"AB1234\"}}", { _ = try await $0.profile() }),
        ("GET /user/margins", "{\"data\":{}}", { _ = try await $0.margins() }),
        (
            "GET /user/margins/equity", "{\"data\":{\"net\":1,\"available\":{},\"utilised\":{}}}",
            { _ = try await $0.margins(segment: .equity) }
        ),
        ("GET /orders", "{\"data\":[]}", { _ = try await $0.orders() }),
        ("GET /orders/17%2F1", "{\"data\":[]}", { _ = try await $0.orderHistory("17/1") }),
        ("GET /orders/171/trades", "{\"data\":[]}", { _ = try await $0.orderTrades("171") }),
        ("GET /trades", "{\"data\":[]}", { _ = try await $0.trades() }),
        ("GET /portfolio/positions", "{\"data\":{\"net\":[],\"day\":[]}}", { _ = try await $0.positions() }),
        ("GET /portfolio/holdings", "{\"data\":[]}", { _ = try await $0.holdings() }),
        ("GET /portfolio/holdings/auctions", "{\"data\":[]}", { _ = try await $0.auctions() }),
        (
            "GET /quote?i=NSE%3AM%26M&i=NSE%3ANIFTY%2050", "{\"data\":{}}",
            { _ = try await $0.quotes(["NSE:M&M", "NSE:NIFTY 50"]) }
        ),
        ("GET /quote/ohlc?i=NSE%3AINFY", "{\"data\":{}}", { _ = try await $0.ohlc(["NSE:INFY"]) }),
        ("GET /quote/ltp?i=408065", "{\"data\":{}}", { _ = try await $0.lastPrices(["408065"]) }),
        (
            "GET /instruments/historical/408065/5minute?from=2021-07-05%2009%3A15%3A00&to=2021-07-05%2015%3A30%3A00"
                + "&continuous=0&oi=1", "{\"data\":{\"candles\":[]}}",
            {
                let from = KiteTime("2021-07-05 09:15:00") ?? KiteTime(unixSeconds: 0)
                let to = KiteTime("2021-07-05 15:30:00") ?? KiteTime(unixSeconds: 0)
                _ = try await $0.candles(
                    instrumentToken: 408_065, interval: .fiveMinutes, from: from, to: to, openInterest: true)
            }
        ),
        (
            "DELETE /session/token?api_key=thekey&access_token=thetoken", "{\"status\":\"success\",\"data\":true}",
            { try await $0.invalidateSession() }
        ),
        ("DELETE /orders/regular/171", orderAnswer, { try await $0.cancelOrder("171") }),
        (
            "DELETE /orders/co/171?parent_order_id=170", orderAnswer,
            { try await $0.cancelOrder("171", variety: .cover, parentOrderID: "170") }
        ),
        (
            "PUT /orders/amo/171 quantity=75&price=101.05&order_type=LIMIT&trigger_price=0.0025&validity=DAY",
            orderAnswer,
            {
                try await $0.modifyOrder(
                    "171", variety: .afterMarket,
                    change: KiteOrderChange(
                        quantity: 75, price: 101.05, orderType: .limit, triggerPrice: 0.0025, validity: .day))
            }
        ),
    ]

    @Test(arguments: calls.indices) func `each call is the documented request`(index: Int) async throws {
        let row = Self.calls[index]
        let transport = RecordingTransport(row.answer)
        try await row.call(Self.client(transport))
        #expect(transport.line == row.expected)
        let headers = transport.requests.first?.headers ?? []
        #expect(headers.contains { $0 == ("X-Kite-Version", "3") })
        #expect(headers.contains { $0 == ("Authorization", "token thekey:thetoken") })
    }

    @Test func `an order's form has exactly the fields that were set`() async throws {
        var order = KiteOrderRequest(
            exchange: .nfo, tradingsymbol: "NIFTY26NOVFUT", transactionType: .buy, quantity: 65, product: .nrml,
            orderType: .market, marketProtection: -1)
        var transport = RecordingTransport(Self.orderAnswer)
        let receipt = try await Self.client(transport).placeOrder(order)
        #expect(receipt.orderID == "1914227164488687616")
        #expect(
            transport.line == "POST /orders/regular exchange=NFO&tradingsymbol=NIFTY26NOVFUT&transaction_type=BUY"
                + "&quantity=65&product=NRML&order_type=MARKET&validity=DAY&market_protection=-1")
        order.variety = .iceberg
        order.orderType = .stopLimit
        order.price = 24500.05
        order.triggerPrice = 24500
        order.validity = .minutes
        order.validityTTLMinutes = 5
        order.disclosedQuantity = 65
        order.icebergLegs = 5
        order.icebergQuantity = 13
        order.auctionNumber = "20"
        order.tag = "a b&c"
        order.marketProtection = 2.5
        order.autoslice = true
        order.algoID = "x1"
        transport = RecordingTransport(Self.orderAnswer)
        _ = try await Self.client(transport).placeOrder(order)
        #expect(
            transport.line == "POST /orders/iceberg exchange=NFO&tradingsymbol=NIFTY26NOVFUT&transaction_type=BUY"
                + "&quantity=65&product=NRML&order_type=SL&price=24500.05&trigger_price=24500&validity=TTL"
                + "&validity_ttl=5&disclosed_quantity=65&iceberg_legs=5&iceberg_quantity=13&auction_number=20"
                + "&tag=a%20b%26c&market_protection=2.5&autoslice=true&algo_id=x1")
    }

    @Test func `what cannot be sent is refused before sending`() async throws {
        let transport = RecordingTransport(Self.orderAnswer)
        let client = Self.client(transport)
        var order = MisbehavingServerTests.order
        order.tag = String(repeating: "x", count: 21)
        await Self.expectUnsent { _ = try await client.placeOrder(order) }
        order.tag = nil
        order.price = .nan
        await Self.expectUnsent { _ = try await client.placeOrder(order) }
        await Self.expectUnsent { try await client.cancelOrder("") }
        await Self.expectUnsent { _ = try await client.quotes([]) }
        await Self.expectUnsent { _ = try await client.quotes(Array(repeating: "NSE:INFY", count: 501)) }
        await Self.expectUnsent { _ = try await client.lastPrices(Array(repeating: "NSE:INFY", count: 1001)) }
        #expect(transport.requests.isEmpty)
    }

    private static func expectUnsent(_ call: () async throws -> Void) async {
        let error = await #expect(throws: KiteError.self) { try await call() }
        #expect(error?.code == .input)
        #expect(error?.effect == KiteError.Effect.none)
    }

    @Test func `a session is asked for with the checksum and without a token`() async throws {
        let transport = RecordingTransport(
            "{\"status\":\"success\",\"data\":{\"user_id\":\"AB1234\",\"access_token\":\"new\","
                + "\"login_time\":\"2021-01-01 16:15:14\"}}")
        let session = try await Self.client(transport).generateSession(requestToken: "rt", apiSecret: "secret")
        let digest = SHA256.hash(data: Array("thekeyrtsecret".utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        #expect(transport.line == "POST /session/token api_key=thekey&request_token=rt&checksum=\(digest)")
        #expect(transport.requests.first?.headers.contains { $0.name == "Authorization" } == false)
        #expect(session.accessToken == "new")
        #expect(session.loginTime == KiteTime("2021-01-01 16:15:14"))
    }

    @Test func `the login address carries key, version and what shall come back`() {
        let client = Self.client(RecordingTransport(""))
        #expect(client.loginURL() == "https://kite.zerodha.com/connect/login?v=3&api_key=thekey")
        #expect(
            client.loginURL(redirectParameters: [("state", "a=1&b")])
                == "https://kite.zerodha.com/connect/login?v=3&api_key=thekey&redirect_params=state%3Da%253D1%2526b")
    }

    @Test func `no description shows a key, a token or a secret`() async throws {
        let client = Self.client(RecordingTransport(""))
        let session = try KiteAnswer.decode(
            KiteSession.self,
            from: Array(
                "{\"data\":{\"user_id\":\"AB1234\",\"access_token\":\"hushhush\",\"enctoken\":\"hushhush\"}}".utf8))
        var shown = ""
        dump(client, to: &shown)
        dump(client.configuration, to: &shown)
        dump(session, to: &shown)
        shown += "\(client) \(client.configuration) \(String(reflecting: client.configuration)) \(session)"
        for secret in ["thekey", "thetoken", "hushhush"] { #expect(!shown.contains(secret)) }
    }

    @Test func `an error message that repeats the token is redacted`() async throws {
        let transport = RecordingTransport(
            "{\"status\":\"error\",\"message\":\"bad thetoken for thekey\",\"error_type\":\"TokenException\"}",
            status: 403)
        let error = await #expect(throws: KiteError.self) { try await Self.client(transport).profile() }
        #expect(error?.code == .token)
        #expect(error?.effect == .refused)
        #expect(error?.message == "bad [redacted] for [redacted]")
    }

    @Test func `another session is another client`() async throws {
        let transport = RecordingTransport("{\"data\":[]}")
        _ = try await Self.client(transport).with(accessToken: "second").orders()
        #expect(transport.requests.first?.headers.contains { $0.value == "token thekey:second" } == true)
        #expect(Self.client(transport).with(accessToken: nil).configuration.accessToken == nil)
    }

    @Test(arguments: [true, false])
    func `the instrument list is read packed or plain`(isPacked: Bool) async throws {
        let text =
            "instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,"
            + "instrument_type,segment,exchange\r\n408065,1594,INFY,INFOSYS,0,,0,0.05,1,EQ,NSE,NSE\r\n"
        let plain = ByteBuffer(string: text)
        let transport = RecordingTransport(isPacked ? GzipCodec.compress(plain) : plain)
        let dump = try await Self.client(transport).instruments(exchange: .nse)
        #expect(transport.line == "GET /instruments/NSE")
        #expect(transport.requests.first?.headers.contains { $0 == ("Accept-Encoding", "gzip") } == true)
        #expect(try dump.rows().map(\.tradingsymbol) == ["INFY"])
    }

    @Test func `a refused instrument list is the typed error`() async throws {
        let transport = RecordingTransport(
            "{\"status\":\"error\",\"message\":\"no\",\"error_type\":\"TokenException\"}", status: 403)
        let error = await #expect(throws: KiteError.self) { try await Self.client(transport).instruments() }
        #expect(error?.code == .token)
    }

    @Test func `an order goes over a real socket`() async throws {
        let answer = RawServer.http("200 OK", "application/json", Self.orderAnswer)
        try await RawServer.with(.answer(answer)) { server in
            try await withClient(port: server.port) { client in
                let receipt = try await client.placeOrder(MisbehavingServerTests.order)
                #expect(receipt.placedOrderIDs == ["1914227164488687616"])
                try await client.cancelOrder("1914227164488687616")
                let requests = server.requests
                try #require(requests.count == 2)
                #expect(requests[0].hasPrefix("POST /orders/regular HTTP/1.1\r\n"))
                #expect(requests[0].lowercased().contains("\r\ncontent-type: application/x-www-form-urlencoded\r\n"))
                #expect(requests[0].contains("\r\nAuthorization: token apikey-1:accesstoken-1\r\n"))
                #expect(requests[0].hasSuffix("&validity=DAY&tag=t1"))
                #expect(requests[1].hasPrefix("DELETE /orders/regular/1914227164488687616 HTTP/1.1\r\n"))
            }
        }
    }
}
