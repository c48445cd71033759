import ArgumentParser
import Foundation
import JSON
import NIOCore
import NIOPosix
import WebSocket

/// Sends full packets of whatever is subscribed, at a steady rate; started by the feed benchmark.
struct FeedServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed-server", abstract: "The other end of the feed benchmark.", shouldDisplay: false)

    @Option var rate = 4
    @Option var packetsPerMessage = 250

    func run() async throws {
        let pace = FeedPace(rate: rate, packetsPerMessage: packetsPerMessage)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(FeedHandshakeHandler(pace))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        FileHandle.standardOutput.write(Data("\(channel.localAddress?.port ?? 0)\n".utf8))
        try await channel.closeFuture.get()
    }
}

/// How fast and in what portions to send.
struct FeedPace: Sendable {
    /// Packets a second and instrument.
    let rate: Int
    let packetsPerMessage: Int

    /// Reads the subscriptions of a connection and feeds it until it is closed.
    func serve(_ connection: WebSocketConnection) async {
        var frames: [PreparedFrame] = []
        var messages = connection.inbound.makeAsyncIterator()
        var tokens: [UInt32] = []
        // The mode comes after all subscriptions.
        while let message = await messages.next(), case .text(let text) = message {
            guard let object = try? JSONValue(parsing: text).object else { return }
            guard object["a"]?.string == "subscribe" else { break }
            tokens += (object["v"]?.array ?? []).compactMap { $0.number?.int.flatMap { UInt32(exactly: $0) } }
        }
        for start in stride(from: 0, to: tokens.count, by: packetsPerMessage) {
            let portion = tokens[start..<min(start + packetsPerMessage, tokens.count)]
            frames.append(PreparedFrame(binary: ByteBuffer(bytes: fullMessage(of: portion))))
        }
        if frames.isEmpty { return }
        let pause = Duration.seconds(1) / (rate * frames.count)
        var due = ContinuousClock.now
        while connection.closure == nil {
            for frame in frames {
                due += pause
                _ = connection.offer(frame)
                try? await Task.sleep(until: due, clock: .continuous)
            }
        }
    }
}

/// Accepts any WebSocket handshake.
private final class FeedHandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let pace: FeedPace
    private var received = ""

    init(_ pace: FeedPace) {
        self.pace = pace
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        guard received.hasSuffix("\r\n\r\n") else { return }
        let key =
            received.split(separator: "\r\n").first { $0.lowercased().hasPrefix("sec-websocket-key:") }
            .map { $0.dropFirst(18).trimmingCharacters(in: .whitespaces) } ?? ""
        let answer =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: \(Handshake.accept(for: key))\r\n\r\n"
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        do {
            let connection = try WebSocketConnection.attach(
                to: context.channel, behind: self, role: .server, options: WebSocketOptions())
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
            let pace = pace
            // The process ends with the benchmark, and the task with it.
            context.eventLoop.makeFutureWithTask { await pace.serve(connection) }.whenComplete { _ in }
        } catch {
            context.close(promise: nil)
        }
    }
}
