import AsyncHTTPClient
import NIOCore
import NIOPosix
import Synchronization

@testable import KiteConnect

/// A loopback server that reads whole requests and then behaves, or misbehaves, as told.
final class RawServer: Sendable {
    enum Behaviour: Sendable {
        /// Writes bytes and keeps the connection.
        case answer([UInt8])
        /// Writes bytes and closes the connection.
        case answerAndClose([UInt8])
        /// Writes bytes, then a further byte every ten milliseconds.
        case drip([UInt8])
        /// Closes the connection as soon as it is accepted.
        case closeAtOnce
        /// Says nothing.
        case hang
        /// Writes what a closure makes of each request and keeps the connection.
        case reply(@Sendable (String) -> [UInt8])
    }

    private let seen = Mutex<[String]>([])
    private let accepted = Mutex(0)
    private let channel: any Channel

    private init(channel: any Channel) {
        self.channel = channel
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    /// What came, request line to body.
    var requests: [String] { seen.withLock { $0 } }

    /// How many connections were made.
    var connections: Int { accepted.withLock { $0 } }

    static func with<Result>(
        _ behaviour: Behaviour, _ body: (RawServer) async throws -> Result
    ) async throws -> Result {
        let record = NIOLockedRequests()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(behaviour, record))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = RawServer(channel: channel)
        record.attach(server)
        do {
            let result = try await body(server)
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    /// An answer with a content length.
    static func http(_ status: String, _ type: String, _ body: String, extra: String = "") -> [UInt8] {
        http(status, type, Array(body.utf8), extra: extra)
    }

    static func http(_ status: String, _ type: String, _ body: [UInt8], extra: String = "") -> [UInt8] {
        Array("HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\n\(extra)Content-Length: \(body.count)\r\n\r\n".utf8)
            + body
    }

    fileprivate func noteConnection() {
        accepted.withLock { $0 += 1 }
    }

    fileprivate func note(_ request: String) {
        seen.withLock { $0.append(request) }
    }

    /// Hands requests to the server object, which exists only after the port is bound.
    private final class NIOLockedRequests: Sendable {
        private let server = Mutex<RawServer?>(nil)

        func attach(_ server: RawServer) { self.server.withLock { $0 = server } }

        func note(_ request: String) { server.withLock { $0 }?.note(request) }

        func noteConnection() { server.withLock { $0 }?.noteConnection() }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let behaviour: Behaviour
        private let record: NIOLockedRequests
        private var received = ""

        init(_ behaviour: Behaviour, _ record: NIOLockedRequests) {
            self.behaviour = behaviour
            self.record = record
        }

        func channelActive(context: ChannelHandlerContext) {
            record.noteConnection()
            if case .closeAtOnce = behaviour { context.close(promise: nil) }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += String(buffer: unwrapInboundIn(data))
            while let request = takeRequest() {
                record.note(request)
                act(context, request)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }

        private func takeRequest() -> String? {
            guard let headEnd = received.firstRange(of: "\r\n\r\n") else { return nil }
            let head = received[..<headEnd.lowerBound].lowercased()
            let length =
                head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
            let rest = received[headEnd.upperBound...]
            guard rest.utf8.count >= length else { return nil }
            let request = String(received[..<headEnd.upperBound]) + String(rest.prefix(length))
            received = String(rest.dropFirst(length))
            return request
        }

        private func act(_ context: ChannelHandlerContext, _ request: String) {
            switch behaviour {
            case .reply(let reply):
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: reply(request))), promise: nil)
            case .answer(let bytes):
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            case .answerAndClose(let bytes):
                let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes))).whenComplete { _ in
                    bound.value.close(promise: nil)
                }
            case .drip(let bytes):
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
                let channel = context.channel
                context.eventLoop.scheduleRepeatedTask(initialDelay: .milliseconds(10), delay: .milliseconds(10)) {
                    guard channel.isActive else { return $0.cancel() }
                    channel.writeAndFlush(ByteBuffer(string: " "), promise: nil)
                }
            case .closeAtOnce, .hang: break
            }
        }
    }
}

/// A client with the library's own HTTP settings against a loopback port.
func withClient<Result>(
    port: Int, scheme: String = "http", timeout: Duration = .seconds(5),
    adjust: (inout HTTPClient.Configuration) -> Void = { _ in },
    _ body: (KiteClient) async throws -> Result
) async throws -> Result {
    try await withHTTPClient(adjust) { http in
        try await body(testClient(port: port, scheme: scheme, timeout: timeout, http))
    }
}

/// A client against a loopback port over a given HTTP client.
func testClient(port: Int, scheme: String = "http", timeout: Duration, _ http: HTTPClient) -> KiteClient {
    let configuration = KiteConfiguration(
        apiKey: "apikey-1", accessToken: "accesstoken-1", baseURL: "\(scheme)://127.0.0.1:\(port)", timeout: timeout)
    return KiteClient(configuration: configuration, httpClient: http, pacer: nil, retryPolicy: .never)
}

/// An HTTP client with the library's own settings, shut down at the end.
func withHTTPClient<Result>(
    _ adjust: (inout HTTPClient.Configuration) -> Void, _ body: (HTTPClient) async throws -> Result
) async throws -> Result {
    var settings = HTTPClient.Configuration.kite
    adjust(&settings)
    let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    do {
        let result = try await body(http)
        try await http.shutdown()
        return result
    } catch {
        // The body's error is the one to tell of.
        try? await http.shutdown()
        throw error
    }
}
