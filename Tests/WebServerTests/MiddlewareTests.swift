import Gzip
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization
import Testing

@testable import WebServer

/// The middlewares around real routes, over loopback.
@Suite(.timeLimit(.minutes(1)))
struct MiddlewareTests {
    private static let json = "[" + String(repeating: "{\"symbol\":\"NIFTY\"},", count: 200) + "1]"

    private func exchange(
        _ middlewares: [any MiddlewareProtocol<Request, Response, ConnectionRequestContext>],
        logger: Logger = ServerHarness.quiet, _ body: (RawPeer) async throws -> Void
    ) async throws {
        let router = Router(context: ConnectionRequestContext.self)
        for middleware in middlewares { router.middlewares.add(middleware) }
        router.get("json") { _, _ in Self.answer(Self.json, type: "application/json; charset=utf-8") }
        router.get("small") { _, _ in Self.answer(String(repeating: "s", count: 1024), type: "text/plain") }
        router.get("image") { _, _ in Self.answer(Self.json, type: "image/png") }
        router.get("encoded") { _, _ in
            Response(status: .ok, headers: [.contentType: "text/plain", .contentEncoding: "br"], body: Self.body)
        }
        router.get("tagged") { _, _ in
            Response(status: .ok, headers: [.contentType: "text/css", .eTag: "\"1\""], body: Self.body)
        }
        router.get("streamed") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain"],
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: Self.json))
                    try await writer.finish(nil)
                })
        }
        router.head("json") { _, _ in Self.answer(Self.json, type: "application/json") }
        router.get("accounts/:id/orders") { _, context in
            context.logger.info("inside")
            return context.correlationID ?? "none"
        }
        router.get("refused") { _, _ -> String in throw HTTPError(.conflict, message: "no") }
        router.get("broken") { _, _ -> String in throw ServerHarness.Broken() }
        router.get("ws") { request, context in
            try WebSocketUpgrade.response(to: request, context: context) { _ in }
        }
        try await ServerHarness.run(router, logger: logger) { listener in
            try await RawPeer.connect(port: listener.port, body)
        }
    }

    private static var body: ResponseBody { ResponseBody(byteBuffer: ByteBuffer(string: json)) }

    private static func answer(_ text: String, type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    // MARK: Compression

    @Test func `a large JSON answer is compressed and decompresses to itself`() async throws {
        try await exchange([ResponseCompression()]) { peer in
            let response = try await peer.get("/json", "Accept-Encoding: deflate, gzip;q=0.5\r\n")
            #expect(response.headers["content-encoding"] == "gzip")
            #expect(response.headers["vary"] == "Accept-Encoding")
            #expect(response.headers["content-length"] == "\(response.body.count)")
            #expect(response.body.count < Self.json.utf8.count / 4)
            #expect(try GzipCodec.decompress(response.body, limit: 1 << 20) == Array(Self.json.utf8))
        }
    }

    @Test(arguments: [
        ("/json", ""), ("/json", "Accept-Encoding: gzip;q=0\r\n"), ("/json", "Accept-Encoding: br\r\n"),
        ("/json", "Accept-Encoding: gzip;q=0, *\r\n"), ("/small", "Accept-Encoding: gzip\r\n"),
        ("/image", "Accept-Encoding: gzip\r\n"), ("/nowhere", "Accept-Encoding: gzip\r\n"),
    ])
    func `an answer that should stay as it is stays`(path: String, header: String) async throws {
        try await exchange([ResponseCompression()]) { peer in
            let response = try await peer.get(path, header)
            #expect(response.headers["content-encoding"] == nil)
            #expect(response.headers["vary"] == (path == "/json" ? "Accept-Encoding" : nil))
        }
    }

    @Test func `encoded, streamed and HEAD answers pass untouched and a tag turns weak`() async throws {
        try await exchange([ResponseCompression()]) { peer in
            let accept = "Accept-Encoding: gzip\r\n"
            #expect(try await peer.get("/encoded", accept).headers["content-encoding"] == "br")
            #expect(try await peer.get("/tagged", accept).headers["etag"] == "W/\"1\"")
            try await peer.send("HEAD /json HTTP/1.1\r\nHost: h\r\n\(accept)\r\n")
            #expect(try await peer.response(hasBody: false).headers["content-encoding"] == nil)
            let streamed = try await peer.get("/streamed", accept)
            #expect(streamed.headers["content-encoding"] == nil)
            #expect(streamed.headers["transfer-encoding"] == "chunked")
            #expect(try await peer.receive(until: "\r\n0\r\n\r\n").contains("NIFTY"))
        }
    }

    @Test func `an upgrade passes every middleware`() async throws {
        let all: [any MiddlewareProtocol<Request, Response, ConnectionRequestContext>] = [
            CorrelationID(), AccessLog(), OriginPolicy(allowed: []), ResponseCompression(),
        ]
        try await exchange(all) { peer in
            try await peer.send(ServerHarness.upgradeRequest("/ws", "Accept-Encoding: gzip\r\n"))
            #expect(try await peer.response().status == 101)
            #expect(try await peer.receive(4) == [0x88, 2, 0x03, 0xE8])
        }
    }

    @Test(
        arguments: [
            (["gzip"], true), (["GZIP"], true), (["x-gzip"], true), (["*"], true), (["*;q=0"], false),
            (["gzip; q=0.000"], false), (["gzip;q=0.001"], true), (["gzip;q=x"], false), (["br", "gzip"], true),
            ([], false), ([""], false), (["gzip;q=0", "*;q=1"], false), (["identity"], false),
        ] as [([String], Bool)])
    func `what a client accepts`(values: [String], gzip: Bool) {
        #expect(AcceptEncoding(values).allowsGzip == gzip)
    }

    // MARK: Origins

    private let origins = OriginPolicy<ConnectionRequestContext>(allowed: [
        "https://a.example", "http://localhost:5173",
    ])

    @Test func `a listed origin may read the answer, with credentials`() async throws {
        try await exchange([origins]) { peer in
            let response = try await peer.get("/small", "Origin: https://a.example\r\n")
            #expect(response.headers["access-control-allow-origin"] == "https://a.example")
            #expect(response.headers["access-control-allow-credentials"] == "true")
            #expect(
                response.headers["access-control-expose-headers"]?.hasPrefix("X-Correlation-ID, X-RateLimit") == true)
            #expect(response.headers["vary"] == "Origin")
            for path in ["/refused", "/nowhere"] {
                let error = try await peer.get(path, "Origin: http://localhost:5173\r\n")
                #expect(error.headers["access-control-allow-origin"] == "http://localhost:5173", "\(path)")
            }
        }
    }

    @Test(arguments: ["https://a.example.evil.example", "http://a.example", "https://A.EXAMPLE", "null", "*"])
    func `any other origin gets no header`(origin: String) async throws {
        try await exchange([origins]) { peer in
            let response = try await peer.get("/small", "Origin: \(origin)\r\n")
            #expect(response.status == 200)
            #expect(!response.headers.keys.contains { $0.hasPrefix("access-control") })
            #expect(response.headers["vary"] == "Origin")
            let method = "Access-Control-Request-Method: POST\r\n"
            try await peer.send("OPTIONS /small HTTP/1.1\r\nHost: h\r\nOrigin: \(origin)\r\n\(method)\r\n")
            let preflight = try await peer.response()
            #expect(!preflight.headers.keys.contains { $0.hasPrefix("access-control") })
        }
    }

    @Test func `a preflight is answered for ten minutes without reaching the route`() async throws {
        try await exchange([origins]) { peer in
            let headers = "Origin: https://a.example\r\nAccess-Control-Request-Method: DELETE\r\n"
            try await peer.send("OPTIONS /broken HTTP/1.1\r\nHost: h\r\n\(headers)\r\n")
            let response = try await peer.response()
            #expect(response.status == 204)
            #expect(response.headers["access-control-max-age"] == "600")
            #expect(response.headers["access-control-allow-methods"] == "GET, POST, PUT, DELETE, PATCH, OPTIONS")
            #expect(response.headers["access-control-allow-headers"]?.contains("X-Account-ID") == true)
            #expect(response.headers["access-control-allow-credentials"] == "true")
        }
    }

    // MARK: Correlation and logs

    @Test func `a usable id is kept and echoed, on errors too`() async throws {
        try await exchange([CorrelationID()]) { peer in
            let header = "X-Correlation-ID: order-7.A_b\r\n"
            let response = try await peer.get("/accounts/primary/orders", header)
            #expect(response.headers["x-correlation-id"] == "order-7.A_b")
            #expect(response.text == "order-7.A_b")
            #expect(try await peer.get("/refused", header).headers["x-correlation-id"] == "order-7.A_b")
            #expect(try await peer.get("/nowhere", header).headers["x-correlation-id"] == "order-7.A_b")
        }
    }

    @Test(arguments: ["", "a b", "x\"y", "é", String(repeating: "a", count: 129), "a;b"])
    func `any other id is replaced`(id: String) async throws {
        try await exchange([CorrelationID { "made" }]) { peer in
            let response = try await peer.get("/small", "X-Correlation-ID: \(id)\r\n")
            #expect(response.headers["x-correlation-id"] == "made")
        }
    }

    @Test func `made ids are 32 hex digits and differ`() {
        let ids = Set((0..<100).map { _ in CorrelationIDs.next() })
        #expect(ids.count == 100)
        #expect(ids.allSatisfy { $0.utf8.count == 32 && CorrelationIDs.isUsable($0) })
    }

    @Test func `each request leaves one record with its route and no query`() async throws {
        let records = LogRecords()
        try await exchange([CorrelationID(), AccessLog()], logger: records.logger) { peer in
            let header = "X-Correlation-ID: c1\r\n"
            _ = try await peer.get("/accounts/primary/orders?access_token=secret", header)
            _ = try await peer.get("/nowhere?x=secret", header)
            _ = try await peer.get("/refused", header)
            _ = try await peer.get("/broken", header)
        }
        let requests = records.all.filter { $0.message == "request" }
        #expect(requests.map { $0.metadata["status"] } == ["200", "404", "409", "500"])
        #expect(requests.map { $0.metadata["route"] } == ["/accounts/{id}/orders", "unmatched", "/refused", "/broken"])
        #expect(requests.first?.metadata["path"] == "/accounts/primary/orders")
        #expect(requests.first?.metadata["method"] == "GET")
        #expect(requests.first?.metadata["bytes"] == "2")
        #expect(requests.allSatisfy { $0.metadata["correlation_id"] == "c1" && $0.level == .info })
        #expect(requests.allSatisfy { $0.metadata["duration_ms"]?.contains(".") == true })
        #expect(records.all.contains { $0.message == "inside" && $0.metadata["correlation_id"] == "c1" })
        #expect(!records.all.contains { "\($0)".contains("secret") })
    }
}

/// Keeps what is logged.
final class LogRecords: Sendable {
    struct Record {
        let level: Logger.Level
        let message: String
        let metadata: [String: String]
    }

    private let records = Mutex<[Record]>([])

    var all: [Record] { records.withLock { $0 } }
    var logger: Logger { Logger(label: "test") { _ in Handler(records: self) } }

    private struct Handler: LogHandler {
        let records: LogRecords
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let record = Record(
                level: event.level, message: "\(event.message)", metadata: all.mapValues { "\($0)" })
            records.records.withLock { $0.append(record) }
        }
    }
}
