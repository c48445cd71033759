import Crypto
import NIOCore
import NIOPosix
import WebSocket

/// A loopback WebSocket server for tickers: takes or refuses handshakes and hands over each connection.
struct TickerServer: Sendable {
    /// One accepted connection with the request that asked for it.
    struct Visit: Sendable {
        var request: String
        var connection: WebSocketConnection
        var channel: any Channel

        /// Writes bytes as they are, a part of a frame among them.
        func write(raw bytes: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

        /// Ends the transport without goodbye.
        func kill() { channel.close(promise: nil) }
    }

    let port: Int
    let visits: AsyncStream<Visit>

    var url: String { "ws://127.0.0.1:\(port)" }

    /// A server that refuses with a status line when one is given, and breaks off handshakes when told to.
    static func with(
        refusing status: String? = nil, breaking: @escaping @Sendable () -> Bool = { false },
        _ body: (TickerServer) async throws -> Void
    ) async throws {
        let (visits, continuation) = AsyncStream.makeStream(of: Visit.self)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        Handler(refusal: status, breaking: breaking, visits: continuation))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            try await body(TickerServer(port: channel.localAddress?.port ?? 0, visits: visits))
            try await channel.close()
        } catch {
            try? await channel.close()
            throw error
        }
    }

    private final class Handler: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let refusal: String?
        private let breaking: @Sendable () -> Bool
        private let visits: AsyncStream<Visit>.Continuation
        private var received = ""

        init(
            refusal: String?, breaking: @escaping @Sendable () -> Bool, visits: AsyncStream<Visit>.Continuation
        ) {
            self.refusal = refusal
            self.breaking = breaking
            self.visits = visits
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += String(buffer: unwrapInboundIn(data))
            guard received.hasSuffix("\r\n\r\n") else { return }
            if let refusal {
                let body = "{\"status\":\"error\",\"message\":\"Authentication failed.\"}"
                let answer = "HTTP/1.1 \(refusal)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
                return
            }
            if breaking() {
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 101 Swit")), promise: nil)
                context.close(promise: nil)
                return
            }
            let answer =
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: \(acceptKey)\r\n\r\n"
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
            do {
                let connection = try WebSocketConnection.attach(
                    to: context.channel, behind: self, role: .server, options: WebSocketOptions())
                context.pipeline.syncOperations.removeHandler(self, promise: nil)
                visits.yield(Visit(request: received, connection: connection, channel: context.channel))
            } catch {
                context.close(promise: nil)
            }
        }

        /// RFC 6455, section 4.2.2: Base64 of SHA-1 over the client's key and a fixed text.
        private var acceptKey: String {
            let key =
                received.split(separator: "\r\n").first { $0.lowercased().hasPrefix("sec-websocket-key:") }
                .map { $0.dropFirst(18).drop { $0 == " " } } ?? ""
            let digest = Insecure.SHA1.hash(data: Array("\(key)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8))
            return Array(digest).base64
        }
    }
}

extension [UInt8] {
    fileprivate var base64: String {
        let alphabet = Array<Character>("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: count, by: 3) {
            let group = Array(self[start..<Swift.min(start + 3, count)])
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0...group.count { text.append(alphabet[bits >> (18 - 6 * place) & 63]) }
            text += String(repeating: "=", count: 3 - group.count)
        }
        return text
    }
}
