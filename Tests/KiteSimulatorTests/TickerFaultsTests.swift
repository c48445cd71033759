import JSON
import NIOCore
import PaperExchange
import Testing
import Trading
import WebSocket

@testable import KiteSimulator

@Suite(.timeLimit(.minutes(1))) struct TickerFaultsTests {
    private static let quick = TickerOptions(interval: .milliseconds(10), heartbeat: .milliseconds(20))

    /// The next message.
    private func next(_ connection: WebSocketConnection) async throws -> WebSocketMessage {
        for await message in connection.inbound { return message }
        throw WebSocketError.closed
    }

    /// The next message that is neither a heartbeat nor a tick.
    private func nextText(_ connection: WebSocketConnection) async throws -> String {
        for await message in connection.inbound {
            if case .text(let text) = message { return text }
        }
        throw WebSocketError.closed
    }

    @Test func `one connection falls silent and the other goes on`() async throws {
        try await withKite(ticker: Self.quick) { running in
            let session = try await running.signIn()
            let first = try await running.ticker(session)
            while await running.kite.tickerConnections < 1 { await Task.yield() }
            let second = try await running.ticker(session)
            _ = try await next(first)
            let id = running.kite.faults.inject(try FaultRule(spec: "silent-ticker:ticker/1"))
            // Whatever was on its way when the silence began has come after ten of the other's heartbeats.
            for _ in 0..<10 { _ = try await next(second) }
            let fired = try #require(running.kite.faults.statuses.first { $0.id == id }).fired
            #expect(fired > 0)
            let silent = first.inbound
            let isQuiet = try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    var count = 0
                    for await _ in silent { count += 1 }
                    return count <= 12
                }
                for _ in 0..<10 { _ = try await next(second) }
                first.beginClose()
                return try await group.next() ?? false
            }
            #expect(isQuiet)
            await second.close()
        }
    }

    @Test(arguments: GarbageFrame.allCases)
    func `garbage comes between the right frames and the connection stays`(kind: GarbageFrame) async throws {
        try await withKite(ticker: Self.quick) { running in
            let connection = try await running.ticker(try await running.signIn())
            _ = try await next(connection)
            running.kite.faults.inject(try FaultRule(spec: "garbage-ticker=\(kind.rawValue):times=1"))
            let heartbeat = WebSocketMessage.binary(ByteBuffer(bytes: [0]))
            var message = try await next(connection)
            while message == heartbeat { message = try await next(connection) }
            switch kind {
            case .text, .unknown: #expect(message != heartbeat)
            default:
                guard case .binary(let bytes) = message else {
                    Issue.record("\(message) is not binary")
                    return
                }
                #expect(bytes.readableBytes != 1)
            }
            #expect(try await next(connection) == heartbeat)
            await connection.close()
        }
    }

    @Test func `a connection is closed in good order or cut`() async throws {
        try await withKite(ticker: Self.quick) { running in
            let session = try await running.signIn()
            for (spec, code) in [
                ("close-ticker:times=1", WebSocketCloseCode.goingAway), ("kill-ticker:times=1", .abnormal),
            ] {
                let connection = try await running.ticker(session)
                _ = try await next(connection)
                running.kite.faults.inject(try FaultRule(spec: spec))
                #expect(await connection.waitUntilClosed().code == code)
            }
        }
    }

    @Test func `an outage cuts connections and lets nobody in until it is over`() async throws {
        try await withKite(ticker: Self.quick) { running in
            let session = try await running.signIn()
            let connection = try await running.ticker(session)
            _ = try await next(connection)
            running.kite.faults.inject(try FaultRule(spec: "outage:for=30s"))
            #expect(await connection.waitUntilClosed().code == .abnormal)
            await #expect(throws: (any Error).self) { try await running.ticker(session) }
            await #expect(throws: (any Error).self) {
                try await running.call("GET", "/user/profile", session: session)
            }
            running.clock.advance(by: .seconds(30))
            #expect(try await running.call("GET", "/user/profile", session: session).status == 200)
            await (try await running.ticker(session)).close()
        }
    }

    @Test func `handshakes alone can be refused`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            running.kite.faults.inject(try FaultRule(spec: "status=503:ticker:times=1"))
            #expect(try await running.call("GET", "/user/profile", session: session).status == 200)
            do {
                _ = try await running.ticker(session)
                Issue.record("the handshake was let through")
            } catch WebSocketConnectError.refused(let status, _) {
                #expect(status == 503)
            }
            await (try await running.ticker(session)).close()
        }
    }

    @Test func `order messages are doubled, lost and swapped`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let connection = try await running.ticker(session)
            while await running.kite.tickerConnections < 1 { await Task.yield() }
            let price = try await running.restingPrice()
            func place() async throws -> String {
                try await running.call(
                    "POST", "/orders/regular", session: session,
                    form: try running.form(type: "LIMIT", extra: "&price=\(price)")
                ).orderID
            }
            func cancel(_ id: String) async throws {
                _ = try await running.call("DELETE", "/orders/regular/\(id)", session: session)
            }
            func told() async throws -> String? {
                try JSONValue(parsing: try await nextText(connection)).at("data", "order_id")?.string
            }
            let ids = [try await place(), try await place(), try await place(), try await place()]
            running.kite.faults.inject(try FaultRule(spec: "duplicate-update:times=1"))
            try await cancel(ids[0])
            #expect(try await [told(), told()] == [ids[0], ids[0]])
            running.kite.faults.inject(try FaultRule(spec: "lose-update:times=1"))
            running.kite.faults.inject(try FaultRule(spec: "reorder-update:times=1"))
            for id in ids[1...] { try await cancel(id) }
            #expect(try await [told(), told()] == [ids[3], ids[2]])
            #expect(running.kite.faults.statuses.map(\.fired) == [1, 1, 1])
            await connection.close()
        }
    }
}
