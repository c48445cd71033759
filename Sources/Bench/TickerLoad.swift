import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// What all ticker connections together got.
struct TickerTally: Sendable {
    var packets = 0
    var bytes = 0
    var messages = 0
    /// Milliseconds from asking to the first tick, one a connection.
    var firstTicks: [Double] = []
    /// Milliseconds from one message of many packets to the next, by connection.
    var gaps: [Double] = []
    var lost = 0
}

/// Many ticker connections that count packets without reading them, so that the load costs little.
struct TickerLoad {
    let host: String
    let port: Int
    let apiKey: String
    let accessToken: String
    let tokens: [UInt32]
    let connections: Int

    /// Connects all, lets them settle, counts for a time and disconnects.
    func run(
        settling: Duration, for duration: Duration, atStart: @Sendable () -> Void
    ) async throws -> (tally: TickerTally, elapsed: Duration) {
        let tally = NIOLockedValueBox(TickerTally())
        let handshake = ByteBuffer(
            string: "GET /?api_key=\(apiKey)&access_token=\(accessToken) HTTP/1.1\r\nHost: \(host):\(port)\r\n"
                + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nX-Kite-Version: 3\r\n\r\n")
        let list = tokens.map(String.init).joined(separator: ",")
        let subscribe = Self.frame("{\"a\":\"mode\",\"v\":[\"full\",[\(list)]]}")
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        TickCountingHandler(handshake: handshake, subscribe: subscribe, tally: tally))
                }
            }
        var channels: [any Channel] = []
        for _ in 0..<connections { channels.append(try await bootstrap.connect(host: host, port: port).get()) }
        try await Task.sleep(for: settling)
        tally.withLockedValue { total in
            total.packets = 0
            total.bytes = 0
            total.messages = 0
            total.gaps = []
        }
        atStart()
        let began = ContinuousClock.now
        try await Task.sleep(for: duration)
        let elapsed = began.duration(to: .now)
        let result = tally.withLockedValue { $0 }
        for channel in channels { channel.close(promise: nil) }
        return (result, elapsed)
    }

    /// A masked text frame; the mask of zeros changes nothing.
    private static func frame(_ text: String) -> ByteBuffer {
        var frame = ByteBuffer()
        frame.writeInteger(UInt8(0x81))
        if text.utf8.count < 65_536 {
            frame.writeInteger(UInt8(0x80 | 126))
            frame.writeInteger(UInt16(text.utf8.count))
        } else {
            frame.writeInteger(UInt8(0x80 | 127))
            frame.writeInteger(UInt64(text.utf8.count))
        }
        frame.writeInteger(UInt32(0))
        frame.writeString(text)
        return frame
    }
}

/// Counts the packets of one connection from the heads of its frames.
final class TickCountingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let handshake: ByteBuffer
    private let subscribe: ByteBuffer
    private let tally: NIOLockedValueBox<TickerTally>
    private var waiting = ByteBuffer()
    private var isOpen = false
    private var toSkip = 0
    private var asked = ContinuousClock.now
    private var lastMessage: ContinuousClock.Instant?

    init(handshake: ByteBuffer, subscribe: ByteBuffer, tally: NIOLockedValueBox<TickerTally>) {
        self.handshake = handshake
        self.subscribe = subscribe
        self.tally = tally
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(handshake), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        tally.withLockedValue { $0.lost += 1 }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        let bytes = part.readableBytes
        if waiting.readableBytes > 0 || !isOpen {
            waiting.writeBuffer(&part)
            swap(&waiting, &part)
            waiting.clear()
        }
        if !isOpen {
            guard let end = part.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8)) else {
                waiting.writeBuffer(&part)
                return
            }
            part.moveReaderIndex(to: end.upperBound)
            isOpen = true
            asked = .now
            context.writeAndFlush(wrapOutboundOut(subscribe), promise: nil)
        }
        var packets = 0
        var messages = 0
        read(&part, &packets, &messages)
        waiting.writeBuffer(&part)
        note(packets, messages, bytes)
    }

    /// Walks over frames; leaves the head of one that is not whole.
    private func read(_ part: inout ByteBuffer, _ packets: inout Int, _ messages: inout Int) {
        while true {
            let skipped = min(toSkip, part.readableBytes)
            part.moveReaderIndex(forwardBy: skipped)
            toSkip -= skipped
            let start = part.readerIndex
            guard toSkip == 0, let head: UInt16 = part.getInteger(at: start) else { return }
            var length = Int(head & 127)
            var headLength = 2
            if length == 126 {
                guard let long: UInt16 = part.getInteger(at: start + 2) else { return }
                (length, headLength) = (Int(long), 4)
            } else if length == 127 {
                guard let long: UInt64 = part.getInteger(at: start + 2) else { return }
                (length, headLength) = (Int(long), 10)
            }
            if head >> 8 & 15 == 2, length > 1 {
                guard let count: UInt16 = part.getInteger(at: start + headLength) else { return }
                packets += Int(count)
                messages += 1
            }
            part.moveReaderIndex(forwardBy: headLength)
            toSkip = length
        }
    }

    private func note(_ packets: Int, _ messages: Int, _ bytes: Int) {
        let now = ContinuousClock.now
        tally.withLockedValue { total in
            total.packets += packets
            total.messages += messages
            total.bytes += bytes
            guard packets > 0 else { return }
            if let lastMessage {
                total.gaps.append(lastMessage.duration(to: now) / .milliseconds(1))
            } else {
                total.firstTicks.append(asked.duration(to: now) / .milliseconds(1))
            }
        }
        if packets > 0 { lastMessage = now }
    }
}
