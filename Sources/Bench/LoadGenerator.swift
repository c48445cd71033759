import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// What a run of one path gave.
struct LoadResult {
    /// Answers a second.
    let rate: Double
    /// Milliseconds of every answer.
    let latencies: [Double]
    /// Bytes of one answer, head included.
    let bytesPerAnswer: Double
}

/// Asks for one path over kept-alive connections, each sending its next request when the answer is whole.
///
/// Works on raw bytes so that the generator takes as little of the machine as it can.
struct LoadGenerator {
    let url: String
    let path: String
    let token: String
    let connections: Int
    /// The word before the token in the header.
    var scheme = "Bearer"

    /// Runs for a time.
    func run(for duration: Duration) async throws -> LoadResult {
        let address = url.split(separator: "/").last.map(String.init) ?? ""
        let parts = address.split(separator: ":")
        guard parts.count == 2, let port = Int(parts[1]) else {
            throw DemoProcess.Failure(description: "no port in \(url)")
        }
        let request = "GET \(path) HTTP/1.1\r\nHost: \(address)\r\nAuthorization: \(scheme) \(token)\r\n\r\n"
        let tally = NIOLockedValueBox(Tally())
        let deadline = ContinuousClock.now + duration
        let began = ContinuousClock.now
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        AskingHandler(request: ByteBuffer(string: request), deadline: deadline, tally: tally))
                }
            }
        var channels: [any Channel] = []
        for _ in 0..<connections {
            channels.append(try await bootstrap.connect(host: String(parts[0]), port: port).get())
        }
        for channel in channels { try await channel.closeFuture.get() }
        let elapsed = began.duration(to: .now) / .seconds(1)
        let total = tally.withLockedValue { $0 }
        guard total.refusals == 0 else {
            throw DemoProcess.Failure(description: "\(total.refusals) answers of \(path) were not 200")
        }
        return LoadResult(
            rate: Double(total.latencies.count) / elapsed, latencies: total.latencies,
            bytesPerAnswer: Double(total.bytes) / Double(max(1, total.latencies.count)))
    }
}

/// What all connections counted.
struct Tally {
    var latencies: [Double] = []
    var bytes = 0
    var refusals = 0
}

/// Sends a request, waits for the whole answer, sends the next.
final class AskingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: ByteBuffer
    private let deadline: ContinuousClock.Instant
    private let tally: NIOLockedValueBox<Tally>
    private var mine = Tally()
    private var sent = ContinuousClock.now
    private var received = ByteBuffer()
    private var expected: Int?

    init(request: ByteBuffer, deadline: ContinuousClock.Instant, tally: NIOLockedValueBox<Tally>) {
        self.request = request
        self.deadline = deadline
        self.tally = tally
    }

    func channelActive(context: ChannelHandlerContext) {
        ask(context)
    }

    private func ask(_ context: ChannelHandlerContext) {
        sent = .now
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        received.writeBuffer(&part)
        if expected == nil { expected = Self.length(of: received) }
        guard let whole = expected, received.readableBytes >= whole else { return }
        let status = received.getString(at: received.readerIndex + 9, length: 3)
        mine.latencies.append(sent.duration(to: .now) / .milliseconds(1))
        mine.bytes += whole
        if status != "200" { mine.refusals += 1 }
        received.clear()
        expected = nil
        if ContinuousClock.now < deadline { ask(context) } else { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        tally.withLockedValue {
            $0.latencies += mine.latencies
            $0.bytes += mine.bytes
            $0.refusals += mine.refusals
        }
    }

    /// Head and body together; nil before the head is whole.
    private static func length(of buffer: ByteBuffer) -> Int? {
        let view = buffer.readableBytesView
        guard let end = view.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: view[..<end.lowerBound], as: UTF8.self).lowercased()
        let body =
            head.split(separator: "content-length:").dropFirst().first?
            .prefix { $0 != "\r\n" && $0 != "\r" }.split(separator: " ").first.flatMap { Int($0) } ?? 0
        return view.distance(from: view.startIndex, to: end.upperBound) + body
    }
}
