import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import KiteConnect

/// Real orders over real sockets for a minute, at a receiver that counts ten in any sliding second.
///
/// Takes a minute and wants a quiet machine, so it runs only with `QUANTAGRO_LONG_TESTS` set.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["QUANTAGRO_LONG_TESTS"] != nil,
        "SKIPPED: takes a minute; set QUANTAGRO_LONG_TESTS"), .timeLimit(.minutes(3)))
struct PacedTrafficTests {
    /// Answers orders, with 429 where ten came within the second before, and keeps the times.
    private final class Receiver: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        final class Record: Sendable {
            private let state = Mutex<(times: [ContinuousClock.Instant], refused: Int)>(([], 0))

            /// Whether a call that comes now is within the limit.
            func take() -> Bool {
                state.withLock { state in
                    let now = ContinuousClock.now
                    let recent = state.times.suffix(10)
                    if recent.count == 10, let first = recent.first, first.duration(to: now) < .seconds(1) {
                        state.refused += 1
                        return false
                    }
                    state.times.append(now)
                    return true
                }
            }

            var times: [ContinuousClock.Instant] { state.withLock { $0.times } }
            var refused: Int { state.withLock { $0.refused } }
        }

        private let record: Record

        init(_ record: Record) { self.record = record }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard String(buffer: unwrapInboundIn(data)).contains("tradingsymbol=") else { return }
            let answer =
                record.take()
                ? RawServer.http(
                    "200 OK", "application/json", "{\"status\":\"success\",\"data\":{\"order_id\":\"1\"}}")
                : RawServer.http(
                    "429 Too Many Requests", "application/json",
                    "{\"status\":\"error\",\"message\":\"Too many requests\",\"error_type\":\"NetworkException\"}")
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer)), promise: nil)
        }
    }

    @Test func `twenty orders a second for a minute meet no 429`() async throws {
        let record = Receiver.Record()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Receiver(record))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        var limits = KiteLimits()
        // The minute's limit allows 6.7 orders a second, which would hide what the second's does.
        limits.ordersPerMinute = 100_000
        let pacer = KitePacer(limits: limits)
        let port = channel.localAddress?.port ?? 0
        let outcomes = try await withHTTPClient({ _ in }) { http in
            let client = KiteClient(
                configuration: KiteConfiguration(
                    apiKey: "k", accessToken: "t", baseURL: "http://127.0.0.1:\(port)"),
                httpClient: http, pacer: pacer)
            let start = ContinuousClock.now
            return await withTaskGroup(of: KiteError?.self) { group in
                for number in 0..<1200 {
                    try? await Task.sleep(until: start + .milliseconds(50 * number), clock: .continuous)
                    group.addTask {
                        do throws(KiteError) {
                            _ = try await client.placeOrder(MisbehavingServerTests.order)
                            return nil
                        } catch {
                            return error
                        }
                    }
                }
                return await group.reduce(into: [KiteError?]()) { $0.append($1) }
            }
        }
        try await channel.close()
        let times = record.times
        let first = try #require(times.first)
        let delivered = times.count { first.duration(to: $0) <= .seconds(60) }
        let refused = outcomes.compactMap(\.self)
        #expect(record.refused == 0)
        #expect(refused.allSatisfy { $0.code == .rateLimited && $0.effect == .none && $0.httpStatus == nil })
        #expect(refused.count + times.count == 1200)
        #expect(delivered >= 570)
        for (index, time) in times.enumerated().dropFirst(10) {
            #expect(times[index - 10].duration(to: time) >= .seconds(1))
        }
        let closest = zip(times, times.dropFirst(10)).map { $0.duration(to: $1) }.min() ?? .zero
        print("delivered \(delivered) in 60 s, refused \(refused.count), closest ten apart \(closest)")
    }
}
