import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import WebSocket

@testable import WebServer

/// A listener on a free port with a few routes, running while a test talks to it.
enum ServerHarness {
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Routes that every test may use; `/ws` echoes.
    static func router() -> Router<ConnectionRequestContext> {
        let router = Router(context: ConnectionRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.get("hello") { _, _ in "hello" }
        router.post("length") { request, _ in
            let body = try await request.body.collect(upTo: 100_000)
            return "\(body.readableBytes)"
        }
        router.post("refuse") { _, _ -> HTTPResponse.Status in .unauthorized }
        router.get("large") { _, _ in String(repeating: "a", count: 3_000_000) }
        router.get("broken") { _, _ -> String in throw Broken() }
        router.get("ws") { request, context in
            try WebSocketUpgrade.response(to: request, context: context) { connection in
                for await message in connection.inbound {
                    guard case .text(let text) = message else { continue }
                    if text == "throw" { throw Broken() }
                    if text == "return" { return }
                    try await connection.send("echo " + text)
                }
            }
        }
        router.get("forbidden") { _, _ -> HTTPResponse.Status in .forbidden }
        return router
    }

    struct Broken: Error {}

    /// Runs `body` against a listener and stops it hard afterwards.
    static func run<Result>(
        _ router: Router<ConnectionRequestContext> = router(), options: HTTPConnectionOptions = .init(),
        logger: Logger = quiet, _ body: (HTTPListener) async throws -> Result
    ) async throws -> Result {
        let listener = try await HTTPListener.bind(
            name: "test", host: "127.0.0.1", port: 0, router: router, options: options, logger: logger)
        return try await withThrowingTaskGroup { group in
            group.addTask { try await listener.run() }
            let result = try await body(listener)
            group.cancelAll()
            try await group.waitForAll()
            return result
        }
    }

    /// Runs `body` against a listener in a service group; `body` calls `stop` for a graceful shutdown and returns
    /// once its own side is done.
    static func runGracefully(
        _ router: Router<ConnectionRequestContext> = router(), options: HTTPConnectionOptions = .init(),
        _ body: (HTTPListener, _ stop: @Sendable () async -> Void) async throws -> Void
    ) async throws {
        let listener = try await HTTPListener.bind(
            name: "test", host: "127.0.0.1", port: 0, router: router, options: options, logger: quiet)
        let group = ServiceGroup(configuration: .init(services: [listener], logger: quiet))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            try await body(listener) { await group.triggerGracefulShutdown() }
            try await tasks.waitForAll()
        }
    }

    static func upgradeRequest(_ path: String = "/ws", _ more: String = "") -> String {
        """
        GET \(path) HTTP/1.1\r
        Host: h\r
        Connection: keep-alive, Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        \(more)\r\n
        """
    }

    /// A masked text frame, up to 125 bytes.
    static func frame(_ text: String, first: UInt8 = 0x81) -> [UInt8] {
        [first, 0x80 | UInt8(text.utf8.count), 0, 0, 0, 0] + Array(text.utf8)
    }
}

/// One response as it came over the wire.
struct RawResponse: Equatable {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
}

extension RawPeer {
    /// The next response; its body is read by `Content-Length`, or not at all for HEAD and 1xx.
    func response(hasBody: Bool = true) async throws -> RawResponse {
        let head = try await receive(until: "\r\n\r\n")
        let lines = head.split(separator: "\r\n")
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers[line[..<colon].lowercased(), default: ""] += String(value)
        }
        let length = hasBody && status >= 200 ? Int(headers["content-length"] ?? "0") ?? 0 : 0
        return RawResponse(status: status, headers: headers, body: try await receive(length))
    }

    func get(_ path: String, _ headers: String = "") async throws -> RawResponse {
        try await send("GET \(path) HTTP/1.1\r\nHost: h\r\n\(headers)\r\n")
        return try await response()
    }
}
