import JSON
import NIOCore
import PaperExchange
import Testing
import Trading
import WebSocket

@testable import KiteSimulator

@Suite(.timeLimit(.minutes(1))) struct TickerTests {
    /// A packet's token and length.
    private struct Tick: Hashable {
        let token: UInt32
        let length: Int
    }

    private func ticks(_ message: ByteBuffer) -> [Tick] {
        var rest = message
        let count = rest.readInteger(as: UInt16.self) ?? 0
        var ticks: [Tick] = []
        for _ in 0..<count {
            let length = Int(rest.readInteger(as: UInt16.self) ?? 0)
            var packet = rest.readSlice(length: length) ?? ByteBuffer()
            ticks.append(Tick(token: packet.readInteger(as: UInt32.self) ?? 0, length: length))
        }
        #expect(rest.readableBytes == 0)
        return ticks
    }

    /// The next message of ticks, heartbeats left out.
    private func nextTicks(_ connection: WebSocketConnection) async throws -> [Tick] {
        for await message in connection.inbound {
            if case .binary(let bytes) = message, bytes.readableBytes > 1 { return ticks(bytes) }
        }
        Issue.record("the connection ended")
        return []
    }

    /// The next text message.
    private func nextText(_ connection: WebSocketConnection) async throws -> JSONValue {
        for await message in connection.inbound {
            if case .text(let text) = message { return try JSONValue(parsing: text) }
        }
        Issue.record("the connection ended")
        return .null
    }

    @Test func `a bad token is refused before the upgrade`() async throws {
        try await withKite { running in
            do {
                _ = try await running.ticker("token key1:wrong")
                Issue.record("the ticker let a bad token in")
            } catch WebSocketConnectError.refused(let status, let body) {
                #expect(status == 403)
                let answer = try JSONValue(parsing: body)
                #expect(answer.at("status")?.string == "error")
                #expect(answer.at("message")?.string == "Authentication failed.")
            }
        }
    }

    @Test func `a subscription begins with a snapshot in quote mode, a mode change with another`() async throws {
        try await withKite { running in
            let connection = try await running.ticker(try await running.signIn())
            let future = try running.future.token.rawValue
            try await connection.send(#"{"a":"subscribe","v":[\#(future),256265,1]}"#)
            #expect(
                Set(try await nextTicks(connection)) == [
                    Tick(token: future, length: 44), Tick(token: 256_265, length: 28),
                ])
            try await connection.send(#"{"a": "mode", "v": ["full", [\#(future), 256265]]}"#)
            var seen = Set<Tick>()
            while !seen.isSuperset(of: [Tick(token: future, length: 184), Tick(token: 256_265, length: 32)]) {
                seen.formUnion(try await nextTicks(connection))
            }
            try await connection.send(#"{"a":"mode","v":["ltp",[\#(future)]]}"#)
            while !seen.contains(Tick(token: future, length: 8)) { seen.formUnion(try await nextTicks(connection)) }
            await connection.close()
        }
    }

    @Test func `only what changed is sent, and nothing that was unsubscribed`() async throws {
        try await withKite { running in
            let connection = try await running.ticker(try await running.signIn())
            let future = try running.future.token.rawValue
            try await connection.send(#"{"a":"subscribe","v":[\#(future),256265]}"#)
            try await connection.send(#"{"a":"unsubscribe","v":[256265]}"#)
            try await connection.send(#"{"a":"mode","v":["full",[\#(future)]]}"#)
            // The answer to the last request is behind all that came before it.
            while try await nextTicks(connection) != [Tick(token: future, length: 184)] {}
            for _ in 0..<5 {
                await running.venue.advance()
                #expect(try await nextTicks(connection) == [Tick(token: future, length: 184)])
            }
            await connection.close()
        }
    }

    @Test func `silence is broken by a heartbeat of one zero byte`() async throws {
        let options = TickerOptions(interval: .milliseconds(10), heartbeat: .milliseconds(30))
        try await withKite(ticker: options) { running in
            let connection = try await running.ticker(try await running.signIn())
            var beats = 0
            for await message in connection.inbound {
                #expect(message == .binary(ByteBuffer(bytes: [0])))
                beats += 1
                if beats == 3 { break }
            }
            await connection.close()
        }
    }

    @Test func `more instruments than allowed cost an error for the surplus only`() async throws {
        let options = TickerOptions(interval: .milliseconds(10), instrumentLimit: 2)
        try await withKite(ticker: options) { running in
            let connection = try await running.ticker(try await running.signIn())
            let tokens = (0..<3).map { running.venue.listing.instrument(at: $0).token.rawValue }
            try await connection.send(#"{"a":"subscribe","v":[\#(tokens[0]),\#(tokens[1]),\#(tokens[2])]}"#)
            let error = try await nextText(connection)
            #expect(error.at("type")?.string == "error")
            #expect(Set(try await nextTicks(connection).map(\.token)) == Set(tokens.prefix(2)))
            try await connection.send("nonsense")
            #expect(try await nextText(connection).at("type")?.string == "error")
            await connection.close()
        }
    }

    @Test func `order messages reach every session of the user and nobody else`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let first = try await running.ticker(session)
            let second = try await running.ticker(try await running.signIn())
            let stranger = try await running.ticker(try await running.signIn("CD5678"))
            while await running.kite.tickerConnections < 3 { await Task.yield() }
            let id = try await running.call(
                "POST", "/orders/regular", session: session,
                form: try running.form(extra: "&market_protection=-1&tag=abc")
            ).orderID
            for connection in [first, second] {
                var message = try await nextText(connection)
                while message.at("data", "status")?.string == "UPDATE" { message = try await nextText(connection) }
                #expect(message.at("type")?.string == "order")
                #expect(message.at("data", "order_id")?.string == id)
                #expect(message.at("data", "status")?.string == "COMPLETE")
                #expect(message.at("data", "tag")?.string == "abc")
                let time = try #require(message.at("data", "order_timestamp")?.string)
                #expect(message.at("data", "checksum")?.string == SessionBook.hexSHA256(id + time + "secret1"))
                if SampleData.isPresent {
                    let sample = try SampleData.json("postback.json")
                    #expect(try #require(message.at("data")).names.isSuperset(of: sample.names))
                }
            }
            let theirs = try await running.call(
                "POST", "/orders/regular", session: try await running.signIn("CD5678"), form: try running.form()
            ).orderID
            #expect(try await nextText(stranger).at("data", "order_id")?.string == theirs)
            for connection in [first, second, stranger] { await connection.close() }
        }
    }

    @Test func `a modification is an update, a cancellation is named, a placement is silent`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let connection = try await running.ticker(session)
            while await running.kite.tickerConnections < 1 { await Task.yield() }
            let price = try await running.restingPrice()
            let id = try await running.call(
                "POST", "/orders/regular", session: session,
                form: try running.form(type: "LIMIT", extra: "&price=\(price)")
            ).orderID
            let lower = price - (try running.future.tickSize)
            _ = try await running.call("PUT", "/orders/regular/\(id)", session: session, form: "price=\(lower)")
            _ = try await running.call("DELETE", "/orders/regular/\(id)", session: session)
            #expect(try await nextText(connection).at("data", "status")?.string == "UPDATE")
            #expect(try await nextText(connection).at("data", "status")?.string == "CANCELLED")
            await connection.close()
        }
    }

    @Test func `the connection of a session that ends is closed`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let ended = try await running.ticker(session)
            while await running.kite.tickerConnections < 1 { await Task.yield() }
            let token = try #require(session.split(separator: ":").last)
            _ = try await running.call("DELETE", "/session/token?api_key=key1&access_token=\(token)")
            #expect(await ended.waitUntilClosed().code == .policyViolation)
            let expired = try await running.ticker(try await running.signIn())
            while await running.kite.tickerConnections < 1 { await Task.yield() }
            running.clock.advance(by: .seconds(86_400))
            #expect(await expired.waitUntilClosed().code == .policyViolation)
        }
    }

    @Test func `a client that reads nothing holds nobody up and is cut off`() async throws {
        let options = TickerOptions(
            interval: .milliseconds(10), patience: .milliseconds(300), sendBufferBytes: 64 << 10)
        try await withKite(ticker: options) { running in
            let session = try await running.signIn()
            let token = try #require(session.split(separator: ":").last)
            let small = WebSocketOptions(receiveBufferBytes: 1 << 10)
            let slow = try await WebSocketClient().connect(
                to: "\(running.socketURL)/?api_key=key1&access_token=\(token)", options: small)
            let quick = try await running.ticker(session)
            let count = min(300, running.venue.listing.count)
            let tokens = (0..<count).map { "\(running.venue.listing.instrument(at: $0).token)" }
                .joined(separator: ",")
            for connection in [slow, quick] {
                try await connection.send(#"{"a":"mode","v":["full",[\#(tokens)]]}"#)
            }
            while await running.kite.tickerConnections < 2 { await Task.yield() }
            while await running.kite.tickerConnections == 2 {
                await running.venue.advance()
                #expect(try await !nextTicks(quick).isEmpty)
            }
            #expect(quick.closure == nil)
            await quick.close()
        }
    }
}
