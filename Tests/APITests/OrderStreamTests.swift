import Accounts
import Brokers
import HTTPTypes
import JSON
import Logging
import NIOCore
import NIOHTTP1
import Testing
import Trading
import WebServer
import WebSocket

@testable import API

struct OrderStreamTests {
    /// Serves a house on a real port.
    private func serve(
        _ change: @Sendable (inout APIDependencies) -> Void = { _ in },
        _ test: @Sendable @escaping (House, String) async throws -> Void
    ) async throws {
        try await House.run(change) { house in
            let listener = try await HTTPListener.bind(
                name: "api", host: "127.0.0.1", port: 0, router: house.routes.router(), logger: Logger(label: "test"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await listener.run() }
                try await test(house, "ws://127.0.0.1:\(listener.port)")
                group.cancelAll()
            }
        }
    }

    private func connect(_ url: String, origin: String? = nil) async throws -> WebSocketConnection {
        guard let origin else { return try await WebSocketClient().connect(to: url) }
        return try await WebSocketClient().connect(to: url, headers: ["Origin": origin])
    }

    private func next(_ messages: inout WebSocketMessages.AsyncIterator) async throws -> JSONObject {
        guard case .text(let text) = try #require(await messages.next()) else { throw Unexpected() }
        return try #require(try JSONValue(parsing: text).object)
    }

    private struct Unexpected: Error {}

    @Test func `an order is followed to its end, flat and under data`() async throws {
        try await serve { house, url in
            let socket = try await connect("\(url)/ws/orders/primary?token=\(house.ann)")
            var messages = socket.inbound.makeAsyncIterator()
            let hello = try await next(&messages)
            #expect(hello["type"]?.string == "connection_established")
            #expect(hello["account_id"]?.string == "DW1234")
            let number = try await house.place()
            let pending = try await next(&messages)
            #expect(pending["type"]?.string == "order_update")
            #expect(pending["status"]?.string == "PENDING")
            #expect(pending["order_id"]?.isNull == true)
            let acknowledged = try await next(&messages)
            #expect(acknowledged["order_id"]?.string == number)
            #expect(acknowledged["status"]?.string == "OPEN PENDING")
            house.broker.set { $0.positions.net = [PortfolioRoutesTests.future] }
            house.broker.edit(number) { report in
                report.status = .filled
                report.filledQuantity = 75
                report.averagePrice = Price("24500.5")
            }
            await house.broker.push(number)
            let filled = try await next(&messages)
            #expect(filled["account_id"]?.string == "DW1234")
            #expect(filled["status"]?.string == "COMPLETE")
            #expect(filled["filled_quantity"]?.number?.int == 75)
            #expect(filled["average_price"]?.number?.text == "24500.5")
            #expect(filled["timestamp"]?.string == "2025-11-07T04:00:00Z")
            #expect(filled["data"]?.object?["tradingsymbol"]?.string == House.future)
            let position = try await next(&messages)
            #expect(position["type"]?.string == "position_update")
            #expect(position["tradingsymbol"]?.string == House.future)
            #expect(position["quantity"]?.number?.int == 75)
            #expect(position["pnl"]?.number?.text == "3712.5")
            #expect(position["data"]?.object?["product"]?.string == "NRML")
            await socket.close()
        }
    }

    @Test func `pings are answered in kind and nonsense is told`() async throws {
        try await serve { house, url in
            let socket = try await WebSocketClient().connect(
                to: "\(url)/ws/orders", headers: ["Authorization": "Bearer \(house.vera)"])
            var messages = socket.inbound.makeAsyncIterator()
            let hello = try await next(&messages)
            #expect(hello["accounts"] == .array([.string("DW1234")]))
            try await socket.send("ping")
            #expect(await messages.next() == .text("pong"))
            try await socket.send(#"{"type":"ping"}"#)
            let pong = try await next(&messages)
            #expect(pong["type"]?.string == "pong")
            #expect(pong["timestamp"]?.string == "2025-11-07T04:00:00Z")
            try await socket.send("subscribe:everything")
            #expect(try await next(&messages)["code"]?.string == "unknown_message")
            await socket.close()
        }
    }

    @Test func `whoever may not listen is told before the upgrade`() async throws {
        try await serve {
            $0.allowedOrigins = ["http://localhost:3000"]
        } _: { house, url in
            let table: [(String, String?, Int)] = [
                ("/ws/orders/DW1234", nil, 401), ("/ws/orders/DW1234?token=\(House.forged)", nil, 401),
                ("/ws/orders/DW1234?token=\(house.eve)", nil, 404), ("/ws/orders?token=x", nil, 401),
                ("/ws/orders/DW1234?token=\(house.ann)", "http://evil.example", 403),
                ("/accounts/DW1234?token=\(house.ann)", nil, 401),
            ]
            for (path, origin, expected) in table {
                do {
                    _ = try await connect(url + path, origin: origin)
                    Issue.record("\(path) was upgraded")
                } catch WebSocketConnectError.refused(let status, let body) {
                    #expect(status == expected, "\(path) \(body)")
                }
            }
            let listed = try await connect(
                url + "/ws/orders/DW1234?token=\(house.ann)", origin: "http://localhost:3000")
            await listed.close()
            let plain = try await house.send(.get, "/ws/orders/DW1234", as: house.ann)
            #expect(plain.status == 426)
            #expect(plain.string("code") == "upgrade_required")
        }
    }

    @Test func `the socket ends with the access token`() async throws {
        try await serve { house, url in
            let socket = try await connect("\(url)/ws/orders/DW1234?token=\(house.ann)")
            var messages = socket.inbound.makeAsyncIterator()
            _ = try await next(&messages)
            house.clock.advance(by: .seconds(900))
            let closure = await socket.waitUntilClosed()
            #expect(closure.code.rawValue == 4401)
        }
    }

    @Test func `the socket ends when the right is taken away`() async throws {
        try await serve { house, url in
            let socket = try await connect("\(url)/ws/orders/DW1234?token=\(house.vera)")
            var messages = socket.inbound.makeAsyncIterator()
            _ = try await next(&messages)
            try await house.stores.setMembership(
                Membership(
                    account: TradingAccountID(1), user: UserID(3), permissions: [], grantedBy: UserID(1),
                    grantedTime: ManualClock.origin))
            // The watch may not sleep yet; one that begins later sleeps from a later moment.
            while socket.closure == nil {
                house.clock.advance(by: .seconds(15))
                guard (try? await socket.send("ping")) != nil, await messages.next() != nil else { break }
            }
            #expect(await socket.waitUntilClosed().code.rawValue == 4403)
        }
    }

    @Test func `a client that talks too much, too long or in bytes is closed`() async throws {
        try await serve { house, url in
            let address = "\(url)/ws/orders/DW1234?token=\(house.ann)"
            let chatty = try await connect(address)
            for _ in 0..<11 { try? await chatty.send("ping") }
            #expect(await chatty.waitUntilClosed().code == .policyViolation)
            let long = try await connect(address)
            try await long.send(String(repeating: "x", count: 70_000))
            #expect(await long.waitUntilClosed().code == .messageTooBig)
            let binary = try await connect(address)
            try await binary.send(.init(bytes: [1, 2, 3]))
            #expect(await binary.waitUntilClosed().code == .unacceptableData)
        }
    }

    @Test func `the status counts only what the caller may see`() async throws {
        try await serve { house, url in
            let socket = try await connect("\(url)/ws/orders/DW1234?token=\(house.ann)")
            var messages = socket.inbound.makeAsyncIterator()
            _ = try await next(&messages)
            let mine = try await house.send(.get, "/ws/status", as: house.ann)
            #expect(mine.text == #"{"status":"active","total_clients":1,"channels":["orders:DW1234"]}"#)
            let other = try await house.send(.get, "/ws/status", as: house.eve)
            #expect(other.text == #"{"status":"active","total_clients":0,"channels":[]}"#)
            await socket.close()
        }
    }
}
