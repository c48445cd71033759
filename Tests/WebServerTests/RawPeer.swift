import NIOCore
import NIOPosix

/// The other end of a loopback connection as plain bytes.
struct RawPeer: Sendable {
    typealias Wire = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private let reader: Reader

    /// `@unchecked Sendable`: a test reads from one task.
    private final class Reader: @unchecked Sendable {
        var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
        var bytes: [UInt8] = []

        init(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) { iterator = inbound.makeAsyncIterator() }
    }

    init(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
        reader = Reader(inbound)
        self.outbound = outbound
    }

    func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }
    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    /// Exactly `count` bytes, fewer at the end.
    func receive(_ count: Int) async throws -> [UInt8] {
        while reader.bytes.count < count, let more = try await reader.iterator.next() {
            reader.bytes += Array(buffer: more)
        }
        defer { reader.bytes.removeFirst(min(count, reader.bytes.count)) }
        return Array(reader.bytes.prefix(count))
    }

    /// Everything up to and with `mark`.
    func receive(until mark: String) async throws -> String {
        let mark = Array(mark.utf8)
        while reader.bytes.firstRange(of: mark) == nil, let more = try await reader.iterator.next() {
            reader.bytes += Array(buffer: more)
        }
        let end = reader.bytes.firstRange(of: mark)?.upperBound ?? reader.bytes.count
        defer { reader.bytes.removeFirst(end) }
        return String(decoding: reader.bytes[..<end], as: UTF8.self)
    }

    /// Everything until the other end closes; a reset counts as a close.
    func receiveRest() async -> [UInt8] {
        do {
            return try await receive(.max)
        } catch {
            return reader.bytes
        }
    }

    static func wrap(_ channel: any Channel) -> EventLoopFuture<Wire> {
        channel.eventLoop.makeCompletedFuture {
            try NIOAsyncChannel(
                wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }
    }

    /// A client of a port on loopback.
    static func connect<Result>(port: Int, _ body: (RawPeer) async throws -> Result) async throws -> Result {
        let wire = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { wrap($0) }
        return try await wire.executeThenClose { try await body(RawPeer($0, $1)) }
    }
}
