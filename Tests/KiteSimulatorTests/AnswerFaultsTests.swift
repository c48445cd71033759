import JSON
import NIOCore
import PaperExchange
import Testing
import Trading

@testable import KiteSimulator

/// Faults of answers over a real connection: what the client sees, and what the ledger says happened.
@Suite(.timeLimit(.minutes(1))) struct AnswerFaultsTests {
    /// What a client makes of an answer: its status, or nothing where the connection broke.
    private func outcome(
        _ spec: String, _ running: RunningKite, _ session: String
    ) async throws -> (status: Int?, body: [UInt8]) {
        running.kite.faults.inject(try FaultRule(spec: spec))
        do {
            let answer = try await running.call(
                "POST", "/orders/regular", session: session, form: try running.form(), timeout: .milliseconds(1_500))
            return (answer.status, answer.body)
        } catch {
            return (nil, [])
        }
    }

    @Test(
        arguments: [
            ("drop-response:placing:times=1", nil, true), ("drop-request:placing:times=1", nil, false),
            ("hang-response:placing:times=1", nil, true), ("hang-request:placing:times=1", nil, false),
            ("status=500:placing:times=1", 500, false), ("status=500:placing:times=1:moment=after", 500, true),
            ("status=503:placing:times=1:moment=after", 503, true), ("page=502:placing:times=1", 502, false),
            ("page=502:placing:times=1:moment=after", 502, true), ("truncate:placing:times=1", 200, true),
            ("cut:placing:times=1", nil, true), ("empty:placing:times=1", 200, true),
            ("empty:placing:times=1:moment=before", 200, false), ("bare:placing:times=1", 200, true),
            ("status=504:placing:times=1:moment=after", 504, true), ("status=429:placing:times=1", 429, false),
            ("status=403:placing:times=1", 403, false), ("false-refusal=input:placing:times=1", 400, true),
            ("false-refusal=order:placing:times=1", 400, true), ("false-refusal=timeout:placing:times=1", 400, true),
            ("false-refusal=network:placing:times=1", 503, true), ("delay=100ms:placing:times=1", 200, true),
            ("delay-response=100ms:placing:times=1", 200, true), ("delay-response=6s:placing:times=1", nil, true),
            ("outage:for=10s", nil, false),
        ] as [(String, Int?, Bool)])
    func `the answer goes wrong and the ledger knows the truth`(spec: String, status: Int?, stands: Bool) async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let seen = try await outcome(spec, running, session)
            #expect(seen.status == status)
            running.kite.faults.clear()
            let orders = try await running.call("GET", "/orders", session: session).data.array ?? []
            let entries = running.kite.ledger.entries()
            #expect(orders.count == (stands ? 1 : 0))
            #expect(entries.map(\.effect.kind) == (stands ? [.placement] : []))
            #expect(entries.first?.effect.order.id == orders.first?.at("order_id")?.string)
        }
    }

    @Test func `a refusal that is no refusal carries Kite's words`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let seen = try await outcome("false-refusal=timeout:placing:times=1", running, session)
            let body = try JSONValue(parsing: seen.body)
            #expect(body.at("error_type")?.string == "OrderException")
            #expect(body.at("message")?.string?.contains("timed out") == true)
            // One that is refused in truth says why.
            running.kite.faults.inject(try FaultRule(spec: "false-refusal=timeout:placing:times=1"))
            let refused = try await running.call(
                "POST", "/orders/regular", session: session, form: try running.form(extra: ""))
            #expect(try refused.message?.contains("market protection") == true)
        }
    }

    @Test func `half an answer is no JSON, and an empty one is nothing`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let half = try await outcome("truncate:placing:times=1", running, session)
            #expect(!half.body.isEmpty)
            #expect(throws: (any Error).self) { try JSONValue(parsing: half.body) }
            #expect(try await outcome("empty:placing:times=1", running, session).body.isEmpty)
        }
    }

    @Test func `a stale book shows orders, trades and positions as they were`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let price = try await running.restingPrice()
            let resting = try await running.call(
                "POST", "/orders/regular", session: session,
                form: try running.form(type: "LIMIT", extra: "&price=\(price)")
            ).orderID
            _ = try await running.call("POST", "/orders/regular", session: session, form: try running.form())
            running.clock.advance(by: .seconds(20))
            _ = try await running.call("DELETE", "/orders/regular/\(resting)", session: session)
            _ = try await running.call("POST", "/orders/regular", session: session, form: try running.form("SELL"))
            running.kite.faults.inject(try FaultRule(spec: "stale-book=10s"))
            func quantity() async throws -> Int? {
                let positions = try await running.call("GET", "/portfolio/positions", session: session)
                return try positions.data.at("net")?.array?.first?.at("quantity")?.number?.int
            }
            let lot = Int(try running.future.lotSize.units)
            let orders = try await running.call("GET", "/orders", session: session).data.array ?? []
            #expect(orders.compactMap { $0.at("status")?.string } == ["OPEN", "COMPLETE"])
            #expect(try await quantity() == lot)
            #expect(try await running.call("GET", "/trades", session: session).data.array?.count == 1)
            let history = try await running.call("GET", "/orders/\(resting)", session: session).data.array
            #expect(history?.last?.at("status")?.string == "OPEN")
            running.clock.advance(by: .seconds(10))
            let later = try await running.call("GET", "/orders", session: session).data.array ?? []
            #expect(later.compactMap { $0.at("status")?.string } == ["CANCELLED", "COMPLETE", "COMPLETE"])
            #expect(try await quantity() == 0)
        }
    }

    @Test func `an order is invisible for a while and then there`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            running.kite.faults.inject(try FaultRule(spec: "hide-orders=8s"))
            let id = try await running.call("POST", "/orders/regular", session: session, form: try running.form())
                .orderID
            #expect(try await running.call("GET", "/orders", session: session).data == .array([]))
            #expect(try await running.call("GET", "/orders/\(id)", session: session).status == 400)
            #expect(try await running.call("GET", "/orders/\(id)/trades", session: session).status == 400)
            running.clock.advance(by: .seconds(8))
            #expect(try await running.call("GET", "/orders", session: session).data.array?.count == 1)
        }
    }

    @Test func `a skewed clock shows in what the exchange stamps`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            running.kite.faults.inject(try FaultRule(spec: "clock-skew=90s"))
            _ = try await running.call("POST", "/orders/regular", session: session, form: try running.form())
            let order = try #require(try await running.call("GET", "/orders", session: session).data.array?.first)
            let expected = running.clock.now.advanced(by: .seconds(90)).indianText
            #expect(order.at("order_timestamp")?.string == expected)
        }
    }
}
