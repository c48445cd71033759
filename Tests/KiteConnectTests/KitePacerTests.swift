import NIOCore
import Synchronization
import Testing

@testable import KiteConnect

extension ManualTime {
    /// Timing of calls on this clock, at a time of day in India.
    func callTiming(unixSeconds: Int64 = 0) -> KiteCallTiming {
        let timing = timing()
        return KiteCallTiming(
            uptime: timing.now, unixSeconds: { unixSeconds + timing.now().components.seconds }, sleep: timing.sleep,
            random: timing.random)
    }
}

/// A value that tasks share.
private final class Kept<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) { state = Mutex(value) }

    func withLock<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        state.withLock { value in
            var copy = value
            let result = body(&copy)
            value = copy
            return result
        }
    }
}

/// The pacer's tasks: waking, order of arrival, going away, and the client that asks it.
@Suite(.timeLimit(.minutes(1))) struct KitePacerTests {
    private static let quote = PaceRequest(scope: PaceBookTests.scope, pacing: .quote)

    private static func wait(until holds: @Sendable () -> Bool) async {
        while !holds() { await Task.yield() }
    }

    @Test func `calls leave in the order of arrival, each when there is room`() async throws {
        let time = ManualTime()
        let pacer = KitePacer(queueLimit: .seconds(60), timing: time.callTiming())
        let left = Kept<[(Int, Duration)]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<5 {
                group.addTask {
                    let permit = try await pacer.admit(Self.quote)
                    left.withLock { $0.append((number, time.now)) }
                    permit.settle(nil)
                }
                await Self.wait { number == 0 ? left.withLock { $0.count } == 1 : pacer.waiting == number }
            }
            for number in 1..<5 {
                await time.untilSomebodySleeps(until: .milliseconds(1040 * number))
                time.advance(by: .milliseconds(1040))
                await Self.wait { left.withLock { $0.count } == number + 1 }
            }
            try await group.waitForAll()
        }
        #expect(left.withLock { $0.map(\.0) } == [0, 1, 2, 3, 4])
        #expect(left.withLock { $0.map(\.1) } == (0..<5).map { .milliseconds(1040 * $0) })
        #expect(pacer.waiting == 0)
    }

    @Test(arguments: [1, 2]) func `a call that is cancelled while it waits leaves its line`(cancelled: Int) async throws
    {
        let time = ManualTime()
        let pacer = KitePacer(queueLimit: .seconds(60), timing: time.callTiming())
        let first = try await pacer.admit(Self.quote)
        first.settle(nil)
        let failures = Kept<[Int: KiteError]>([:])
        await withTaskGroup(of: Void.self) { group in
            let gates = (1...3).map { _ in AsyncStream<Void>.makeStream() }
            for number in 1...3 {
                group.addTask {
                    await withTaskGroup(of: Void.self) { inner in
                        inner.addTask {
                            do throws(KiteError) {
                                try await pacer.admit(Self.quote).settle(nil)
                            } catch {
                                failures.withLock { $0[number] = error }
                            }
                        }
                        inner.addTask { for await _ in gates[number - 1].stream {} }
                        await inner.next()
                        inner.cancelAll()
                    }
                }
                await Self.wait { pacer.waiting == number }
            }
            await time.untilSomebodySleeps(until: .milliseconds(1040))
            gates[cancelled - 1].continuation.finish()
            await Self.wait { pacer.waiting == 2 }
            for moment in [1040, 2080] {
                await time.untilSomebodySleeps(until: .milliseconds(moment))
                time.advance(by: .milliseconds(1040))
            }
            await Self.wait { pacer.waiting == 0 }
            for gate in gates { gate.continuation.finish() }
        }
        let failed = failures.withLock { $0 }
        #expect(Array(failed.keys) == [cancelled])
        #expect(failed[cancelled]?.code == .cancelled && failed[cancelled]?.effect == KiteError.Effect.none)
    }

    @Test func `an order that would wait too long is refused before it is sent, with the reason`() async throws {
        let time = ManualTime()
        let transport = RecordingTransport("{\"status\":\"success\",\"data\":{\"order_id\":\"1\"}}")
        let pacer = KitePacer(queueLimit: .milliseconds(900), timing: time.callTiming())
        let client = KiteClient(
            configuration: KiteConfiguration(apiKey: "k"), transport: transport, pacer: pacer,
            retryPolicy: .standard, timing: time.callTiming())
        for _ in 0..<10 { _ = try await client.placeOrder(MisbehavingServerTests.order) }
        let error = await #expect(throws: KiteError.self) {
            try await client.placeOrder(MisbehavingServerTests.order)
        }
        #expect(error?.code == .rateLimited && error?.effect == KiteError.Effect.none && error?.httpStatus == nil)
        #expect(error?.message.hasSuffix("would have waited longer than 0.9 seconds; nothing was sent") == true)
        #expect(transport.requests.count == 10)
        // Another client of the same key shares the room; another account has its own.
        let same = KiteClient(
            configuration: KiteConfiguration(apiKey: "k", accessToken: "t"), transport: transport, pacer: pacer)
        await #expect(throws: KiteError.self) { try await same.placeOrder(MisbehavingServerTests.order) }
        let other = KiteClient(
            configuration: KiteConfiguration(apiKey: "k", userID: "AB1234"), transport: transport, pacer: pacer)
        _ = try await other.placeOrder(MisbehavingServerTests.order)
    }

    @Test func `the day's orders begin anew at midnight in India`() async throws {
        let time = ManualTime()
        var limits = KiteLimits()
        limits.ordersPerDay = 5
        let lateEvening = try #require(KiteTime("2026-11-20 23:59:50"))
        let transport = RecordingTransport(
            "{\"status\":\"success\",\"data\":{\"order_id\":\"1\",\"children\":[{\"order_id\":\"2\"},"
                + "{\"order_id\":\"3\"}]}}")
        let client = KiteClient(
            configuration: KiteConfiguration(apiKey: "k"), transport: transport,
            pacer: KitePacer(limits: limits, timing: time.callTiming(unixSeconds: lateEvening.unixSeconds)))
        var iceberg = MisbehavingServerTests.order
        iceberg.variety = .iceberg
        iceberg.icebergLegs = 3
        // Two slices count two, three legs three, though this answer gives slices to all.
        _ = try await client.placeAutoslicedOrder(MisbehavingServerTests.order)
        let tooMany = await #expect(throws: KiteError.self) {
            var five = iceberg
            five.icebergLegs = 5
            _ = try await client.placeOrder(five)
        }
        #expect(tooMany?.code == .orderLimit && tooMany?.effect == KiteError.Effect.none)
        _ = try await client.placeOrder(iceberg)
        await #expect(throws: KiteError.self) { try await client.placeOrder(MisbehavingServerTests.order) }
        time.advance(by: .seconds(9))
        await #expect(throws: KiteError.self) { try await client.placeOrder(MisbehavingServerTests.order) }
        time.advance(by: .seconds(1))
        _ = try await client.placeOrder(MisbehavingServerTests.order)
        #expect(transport.requests.count == 3)
    }

    @Test func `an order is changed twenty-five times, then the client says no`() async throws {
        let time = ManualTime()
        let transport = RecordingTransport("{\"status\":\"success\",\"data\":{\"order_id\":\"1\"}}")
        let client = KiteClient(
            configuration: KiteConfiguration(apiKey: "k"), transport: transport,
            pacer: KitePacer(timing: time.callTiming()))
        for _ in 0..<25 {
            try await client.modifyOrder("1", change: KiteOrderChange(quantity: 1))
            time.advance(by: .seconds(1))
        }
        let error = await #expect(throws: KiteError.self) {
            try await client.modifyOrder("1", change: KiteOrderChange(quantity: 1))
        }
        #expect(error?.code == .orderLimit && error?.message.hasSuffix("nothing was sent") == true)
        try await client.cancelOrder("1")
        #expect(transport.requests.count == 26)
    }

    @Test func `a call that Kite turns away for its number makes its kind pause`() async throws {
        let time = ManualTime()
        let transport = RecordingTransport("{}", status: 429)
        let client = KiteClient(
            configuration: KiteConfiguration(apiKey: "k"), transport: transport,
            pacer: KitePacer(queueLimit: .milliseconds(500), timing: time.callTiming()))
        await #expect(throws: KiteError.self) { try await client.orders() }
        let paused = await #expect(throws: KiteError.self) { try await client.orders() }
        #expect(paused?.httpStatus == nil && paused?.code == .rateLimited)
        time.advance(by: .seconds(1))
        let again = await #expect(throws: KiteError.self) { try await client.orders() }
        #expect(again?.httpStatus == 429)
        #expect(transport.requests.count == 2)
    }

    @Test func `a request tells when it leaves, and one that gets no connection never does`() async throws {
        let told = Kept(0)
        let send: @Sendable (Int, AsyncHTTPTransport) async -> Void = { port, transport in
            var request = PreparedRequest(
                method: .post, url: "http://127.0.0.1:\(port)/orders/regular", headers: [],
                body: ByteBuffer(string: "a=b"), bodyLimit: 1000, timeout: .seconds(5))
            request.leaves = { told.withLock { $0 += 1 } }
            _ = await transport.send(request)
        }
        try await withHTTPClient({ _ in }) { http in
            let transport = AsyncHTTPTransport(client: http)
            try await RawServer.with(.answer(RawServer.http("200 OK", "text/plain", ""))) { server in
                await send(server.port, transport)
                #expect(told.withLock { $0 } == 1)
            }
            let closed = try await RawServer.with(.hang) { $0.port }
            await send(closed, transport)
            #expect(told.withLock { $0 } == 1)
        }
    }
}
