import NIOCore
import NIOPosix
import Testing

@testable import WebSocket

/// A server connection on loopback against hand-written bytes.
@Suite(.timeLimit(.minutes(1)))
struct WebSocketConnectionTests {
    /// Runs `server` with one connection while `client` speaks to it in bytes.
    private func pair(
        _ options: WebSocketOptions = WebSocketOptions(),
        server: @escaping @Sendable (WebSocketConnection) async throws -> Void,
        client: @escaping @Sendable (RawPeer) async throws -> Void
    ) async throws {
        let (accepted, sink) = AsyncStream.makeStream(of: WebSocketConnection.self)
        let listening = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AttachWhenActive(options: options, sink: sink))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        try await withThrowingTaskGroup { group in
            group.addTask {
                try await RawPeer.connect(port: listening.localAddress?.port ?? 0) { try await client($0) }
            }
            for await connection in accepted.prefix(1) { try await server(connection) }
            try await group.waitForAll()
        }
        try await listening.close()
    }

    private func echo(_ connection: WebSocketConnection) async throws {
        for await message in connection.inbound {
            switch message {
            case .text(let text): try await connection.send(text)
            case .binary(let bytes): try await connection.send(bytes)
            }
        }
    }

    @Test func `messages come back, a ping is answered, a close is returned`() async throws {
        try await pair { connection in
            try await echo(connection)
            #expect(connection.closure == WebSocketClosure(code: .goingAway, reason: "bye", origin: .peer))
        } client: { peer in
            try await peer.send(Wire.masked(0x81, "hi"))
            #expect(try await peer.receive(4) == [0x81, 2, 104, 105])
            try await peer.send(Wire.masked(0x82, [1, 2, 3]))
            #expect(try await peer.receive(5) == [0x82, 3, 1, 2, 3])
            try await peer.send(Wire.masked(0x89, "ping"))
            #expect(try await peer.receive(6) == [0x8A, 4] + Array("ping".utf8))
            try await peer.send(Wire.masked(0x88, [0x03, 0xE9] + Array("bye".utf8)))
            #expect(await peer.receiveRest() == [0x88, 2, 0x03, 0xE9])
        }
    }

    @Test func `nothing is sent that was not asked for, pongs included`() async throws {
        try await pair { connection in
            for await _ in connection.inbound { break }
            #expect(await connection.close(code: .normal, reason: "").origin == .local)
        } client: { peer in
            try await peer.send(Wire.masked(0x8A, "pong that nobody asked for") + Wire.masked(0x81, "x"))
            #expect(try await peer.receive(4) == [0x88, 2, 0x03, 0xE8])
            try await peer.send(Wire.masked(0x88, [0x03, 0xE8]))
            #expect(await peer.receiveRest() == [])
        }
    }

    @Test(
        arguments: [
            ("unmasked", [0x81, 1, 65], 1002), ("reserved bit", Wire.masked(0xC1, "a"), 1002),
            ("fragmented ping", Wire.masked(0x09, "a"), 1002),
            ("long ping", Wire.masked(0x89, String(repeating: "a", count: 126)), 1002),
            ("bad text", Wire.masked(0x81, [0xFF]), 1007),
            ("too big", Wire.masked(0x82, [UInt8](repeating: 0, count: 300)), 1009),
            ("a header that promises too much", [0x82, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0], 1009),
        ] as [(String, [UInt8], UInt16)])
    func `a fault closes with its code`(name: String, bytes: [UInt8], code: UInt16) async throws {
        try await pair(WebSocketOptions(maxMessageBytes: 200)) { connection in
            for await message in connection.inbound { Issue.record("\(name): \(message) was delivered") }
            #expect(connection.closure?.code.rawValue == code)
            #expect(connection.closure?.origin == .local)
            await connection.waitUntilClosed()
        } client: { peer in
            try await peer.send(bytes)
            let answer = await peer.receiveRest()
            #expect(answer.first == 0x88)
            #expect(Array(answer.dropFirst(2).prefix(2)) == [UInt8(code >> 8), UInt8(code & 0xFF)])
        }
    }

    @Test func `a transport that ends is an abnormal close`() async throws {
        try await pair { connection in
            for await _ in connection.inbound {}
            #expect(connection.closure == WebSocketClosure(code: .abnormal, origin: .lost))
            #expect(connection.offer(PreparedFrame(text: "x")) == .closed)
            await #expect(throws: WebSocketError.closed) { try await connection.send("x") }
        } client: { peer in
            try await peer.send(Wire.masked(0x81, "last"))
            try await peer.send([0x81])
        }
    }

    @Test func `a peer that does not answer our close is cut off in time`() async throws {
        try await pair(WebSocketOptions(closeTimeout: .milliseconds(50))) { connection in
            await connection.close(code: .policyViolation, reason: "enough")
        } client: { peer in
            #expect(await peer.receiveRest() == [0x88, 8, 0x03, 0xF0] + Array("enough".utf8))
        }
    }

    @Test func `a peer silent after a ping is given up`() async throws {
        try await pair(WebSocketOptions(pingInterval: .milliseconds(30))) { connection in
            for await _ in connection.inbound {}
            #expect(connection.closure?.origin == .lost)
        } client: { peer in
            #expect(await peer.receiveRest() == [0x89, 0])
        }
    }

    @Test func `a peer that answers pings stays`() async throws {
        try await pair(WebSocketOptions(pingInterval: .milliseconds(1500))) { connection in
            for await _ in connection.inbound {}
            #expect(connection.closure?.origin == .peer)
        } client: { peer in
            for _ in 0..<2 {
                #expect(try await peer.receive(2) == [0x89, 0])
                try await peer.send(Wire.masked(0x8A, ""))
            }
            try await peer.send(Wire.masked(0x88, ""))
            _ = await peer.receiveRest()
        }
    }

    @Test func `a peer that does not read costs no more than the send buffer`() async throws {
        let options = WebSocketOptions(sendBufferBytes: 1 << 20, closeTimeout: .milliseconds(50))
        try await pair(options) { connection in
            let frame = PreparedFrame(binary: ByteBuffer(repeating: 1, count: 10_000))
            var accepted = 0
            while connection.offer(frame) == .accepted { accepted += 1 }
            #expect(connection.offer(frame) == .slow)
            #expect(connection.pendingSendBytes <= options.sendBufferBytes)
            #expect(accepted >= 100)
            await connection.close()
        } client: { peer in
            // Hold the connection until the server cuts it, then read what the kernel kept.
            _ = try await peer.receive(1)
            _ = await peer.receiveRest()
        }
    }

    @Test func `send waits for a slow reader and loses nothing`() async throws {
        let count = 400
        try await pair(WebSocketOptions(sendBufferBytes: 64 << 10)) { connection in
            for index in 0..<count {
                try await connection.send(ByteBuffer(repeating: UInt8(truncatingIfNeeded: index), count: 20_000))
            }
            await #expect(throws: WebSocketError.tooLarge(bytes: 70_010, limit: 64 << 10)) {
                try await connection.send(ByteBuffer(repeating: 0, count: 70_000))
            }
            await connection.close()
        } client: { peer in
            for index in 0..<count {
                let frame = try await peer.receive(20_004)
                #expect(frame.prefix(4) == [0x82, 126, 0x4E, 0x20])
                #expect(frame.last == UInt8(truncatingIfNeeded: index))
            }
            try await peer.send(Wire.masked(0x88, [0x03, 0xE8]))
            _ = await peer.receiveRest()
        }
    }

    @Test func `an unread flood stops at the receive buffer and goes on when read`() async throws {
        let count = 2000
        try await pair(WebSocketOptions(receiveBufferBytes: 16 << 10)) { connection in
            var seen = 0
            for await _ in connection.inbound { seen += 1 }
            #expect(seen == count)
        } client: { peer in
            let message = Wire.masked(0x82, [UInt8](repeating: 5, count: 5000))
            for _ in 0..<count { try await peer.send(message) }
            try await peer.send(Wire.masked(0x88, [0x03, 0xE8]))
            _ = await peer.receiveRest()
        }
    }

    @Test func `many small frames arrive whole and in order`() async throws {
        let count = 5000
        try await pair { connection in
            for index in 0..<count { #expect(connection.offer(PreparedFrame(text: "\(index)")) == .accepted) }
            await connection.close()
        } client: { peer in
            for index in 0..<count {
                let text = Array("\(index)".utf8)
                #expect(try await peer.receive(2 + text.count) == [0x81, UInt8(text.count)] + text)
            }
            try await peer.send(Wire.masked(0x88, [0x03, 0xE8]))
        }
    }
}

/// Attaches as the server does: to a connection that is up.
private final class AttachWhenActive: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let options: WebSocketOptions
    private let sink: AsyncStream<WebSocketConnection>.Continuation

    init(options: WebSocketOptions, sink: AsyncStream<WebSocketConnection>.Continuation) {
        self.options = options
        self.sink = sink
    }

    func channelActive(context: ChannelHandlerContext) {
        do {
            sink.yield(try WebSocketConnection.attach(to: context.channel, role: .server, options: options))
        } catch {
            Issue.record("\(error)")
        }
    }
}

/// Frames written by hand.
enum Wire {
    static func masked(_ first: UInt8, _ text: String) -> [UInt8] { masked(first, Array(text.utf8)) }

    static func masked(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let key: [UInt8] = [0x11, 0x22, 0x33, 0x44]
        let length: [UInt8] =
            payload.count < 126
            ? [0x80 | UInt8(payload.count)]
            : [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        return [first] + length + key + payload.enumerated().map { $0.element ^ key[$0.offset % 4] }
    }
}
