import NIOCore
import Synchronization
import Testing

@testable import KiteConnect

/// Gives one prepared outcome after the other, the last one for ever.
private final class ScriptedTransport: HTTPTransport {
    private let script: Mutex<[WireOutcome]>
    private let sent = Mutex<[PreparedRequest]>([])

    init(_ script: [WireOutcome]) { self.script = Mutex(script) }

    var count: Int { sent.withLock { $0.count } }

    func send(_ request: PreparedRequest) async -> WireOutcome {
        sent.withLock { $0.append(request) }
        return script.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
    }
}

private func answer(_ status: Int, _ body: String) -> WireOutcome {
    .answer(WireAnswer(status: status, body: .complete(ByteBuffer(string: body))))
}

private func refusal(_ status: Int, _ type: String) -> WireOutcome {
    answer(status, "{\"status\":\"error\",\"message\":\"no\",\"error_type\":\"\(type)\"}")
}

/// A clock that jumps to the end of every sleep.
private final class JumpingTime: Sendable {
    private let state = Mutex<(now: Duration, slept: [Duration])>((.zero, []))
    var slept: [Duration] { state.withLock { $0.slept } }

    func timing(random: Double) -> KiteCallTiming {
        KiteCallTiming(
            uptime: { self.state.withLock { $0.now } }, unixSeconds: { 0 },
            sleep: { duration in
                self.state.withLock {
                    $0.now += duration
                    $0.slept.append(duration)
                }
            }, random: { random })
    }
}

/// What is asked again, and what never is.
@Suite struct RetryTests {
    private static let list = answer(200, "{\"status\":\"success\",\"data\":[]}")
    private static let receipt = answer(200, "{\"status\":\"success\",\"data\":{\"order_id\":\"1\"}}")

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var outcome: WireOutcome
        /// Attempts of a read and of an order when every attempt ends like this.
        var reads: Int
        var orders: Int

        init(_ name: String, _ outcome: WireOutcome, reads: Int, orders: Int) {
            testDescription = name
            self.outcome = outcome
            self.reads = reads
            self.orders = orders
        }
    }

    static let rows: [Row] = [
        Row("no connection", .neverSent(.connectFailed), reads: 3, orders: 2),
        Row("no connection in time", .neverSent(.connectTimeout), reads: 3, orders: 2),
        Row("none free in time", .neverSent(.poolTimeout), reads: 3, orders: 2),
        Row("cancelled before sending", .neverSent(.cancelled), reads: 1, orders: 1),
        Row("no answer in time", .noAnswer(.timeout), reads: 3, orders: 1),
        Row("connection lost", .noAnswer(.connectionLost), reads: 3, orders: 1),
        Row("cancelled", .noAnswer(.cancelled), reads: 1, orders: 1),
        Row("not HTTP", .noAnswer(.malformed), reads: 1, orders: 1),
        Row("too many requests", refusal(429, "NetworkException"), reads: 3, orders: 2),
        Row("too many requests, as HTML", answer(429, "<html>"), reads: 3, orders: 2),
        Row("503", refusal(503, "NetworkException"), reads: 3, orders: 1),
        Row("502 as HTML", answer(502, "<html>"), reads: 3, orders: 1),
        Row("500", refusal(500, "GeneralException"), reads: 3, orders: 1),
        Row("a dead session", refusal(403, "TokenException"), reads: 1, orders: 1),
        Row("bad input", refusal(400, "InputException"), reads: 1, orders: 1),
        Row("no funds", refusal(400, "MarginException"), reads: 1, orders: 1),
        Row("a redirect", answer(302, ""), reads: 1, orders: 1),
        Row("HTML for an answer", answer(200, "<html>"), reads: 1, orders: 1),
        Row("a success", receipt, reads: 1, orders: 1),
    ]

    private static func client(
        _ transport: ScriptedTransport, _ time: JumpingTime, random: Double = 0.5,
        policy: KiteRetryPolicy = .standard, pacer: KitePacer? = nil
    ) -> KiteClient {
        KiteClient(
            configuration: KiteConfiguration(apiKey: "k"), transport: transport, pacer: pacer, retryPolicy: policy,
            timing: time.timing(random: random))
    }

    @Test(arguments: rows) func `a read is asked again, an order only when it certainly never was`(row: Row) async {
        let reads = ScriptedTransport([row.outcome])
        _ = try? await Self.client(reads, JumpingTime()).orders()
        #expect(reads.count == row.reads)
        let orders = ScriptedTransport([row.outcome])
        _ = try? await Self.client(orders, JumpingTime()).placeOrder(MisbehavingServerTests.order)
        #expect(orders.count == row.orders)
        let harmless = ScriptedTransport([row.outcome])
        _ = try? await Self.client(harmless, JumpingTime()).orderMargins([KiteEndpointTests.asked])
        #expect(harmless.count == row.reads)
    }

    @Test func `a second attempt that succeeds is the result`() async throws {
        let reads = ScriptedTransport([answer(502, "<html>"), Self.list])
        let orders = try await Self.client(reads, JumpingTime()).orders()
        #expect(orders.isEmpty && reads.count == 2)
        let writes = ScriptedTransport([.neverSent(.connectFailed), Self.receipt])
        let receipt = try await Self.client(writes, JumpingTime()).placeOrder(MisbehavingServerTests.order)
        #expect(receipt.orderID == "1" && writes.count == 2)
    }

    @Test func `an order in doubt after a connection failed is not sent a third time`() async throws {
        let writes = ScriptedTransport([.neverSent(.connectFailed), .noAnswer(.timeout), Self.receipt])
        let error = await #expect(throws: KiteError.self) {
            try await Self.client(
                writes, JumpingTime(), policy: KiteRetryPolicy(writeAttempts: 9)
            ).placeOrder(MisbehavingServerTests.order)
        }
        #expect(error?.effect == .unknown && writes.count == 2)
    }

    @Test func `delays double up to a ceiling and are spread by chance`() async {
        let time = JumpingTime()
        let policy = KiteRetryPolicy(
            readAttempts: 6, firstDelay: .milliseconds(200), longestDelay: .seconds(1), patience: .seconds(60))
        let transport = ScriptedTransport([.neverSent(.connectFailed)])
        _ = try? await Self.client(transport, time, policy: policy).orders()
        #expect(
            time.slept == [
                .milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(500), .milliseconds(500),
            ])
        let still = JumpingTime()
        _ = try? await Self.client(transport, still, random: 0, policy: policy).orders()
        #expect(still.slept == Array(repeating: .zero, count: 5))
    }

    @Test func `no attempt begins after the patience has ended`() async {
        let time = JumpingTime()
        let policy = KiteRetryPolicy(readAttempts: 100, patience: .seconds(5))
        let transport = ScriptedTransport([refusal(429, "NetworkException")])
        _ = try? await Self.client(transport, time, random: 0, policy: policy).orders()
        #expect(transport.count == 6 && time.slept == Array(repeating: .seconds(1), count: 5))
    }

    @Test func `every attempt passes the pacer, and an order's deadline is that of its first`() async {
        let time = JumpingTime()
        let pacer = KitePacer(queueLimit: .milliseconds(2500), timing: time.timing(random: 0))
        let transport = ScriptedTransport([refusal(429, "NetworkException")])
        let policy = KiteRetryPolicy(readAttempts: 4, writeAttempts: 4, patience: .seconds(60))
        let client = Self.client(transport, time, random: 0, policy: policy, pacer: pacer)
        let error = await #expect(throws: KiteError.self) {
            try await client.placeOrder(MisbehavingServerTests.order)
        }
        #expect(transport.count == 3)
        #expect(error?.code == .rateLimited && error?.effect == KiteError.Effect.none)
    }

    @Test func `one attempt means one`() async {
        let transport = ScriptedTransport([.neverSent(.connectFailed)])
        _ = try? await Self.client(transport, JumpingTime(), policy: .never).orders()
        #expect(transport.count == 1)
    }
}
