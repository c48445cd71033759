import NIOCore
import Testing
import WebSocket

@testable import KiteConnect

/// The ticker over real WebSockets on loopback.
@Suite(.timeLimit(.minutes(1))) struct KiteTickerSocketTests {
    private static func withTicker(
        _ server: TickerServer, firstDelay: Duration = .milliseconds(10), _ body: (KiteTicker) async throws -> Void
    ) async throws {
        var options = KiteTickerOptions()
        options.firstDelay = firstDelay
        let ticker = KiteTicker(
            configuration: KiteConfiguration(
                apiKey: "thekey", accessToken: "the token", tickerURL: server.url),
            options: options)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await ticker.run() }
            try await body(ticker)
            group.cancelAll()
        }
    }

    private static func next<Sequence: AsyncSequence>(_ sequence: Sequence) async throws -> Sequence.Element? {
        var iterator = sequence.makeAsyncIterator()
        return try await iterator.next()
    }

    @Test func `ticks and order messages arrive, and again after the socket was killed`() async throws {
        try await TickerServer.with { server in
            try await Self.withTicker(server) { ticker in
                try await ticker.subscribe([408_065], mode: .ltp)
                for round in UInt32(1)...3 {
                    let visit = try #require(await Self.next(server.visits))
                    #expect(visit.request.hasPrefix("GET /?api_key=thekey&access_token=the%20token HTTP/1.1\r\n"))
                    #expect(visit.request.lowercased().contains("\r\nx-kite-version: 3\r\n"))
                    #expect(try await Self.next(ticker.events) == .connected)
                    #expect(try await Self.next(visit.connection.inbound) == .text(#"{"a":"subscribe","v":[408065]}"#))
                    #expect(
                        try await Self.next(visit.connection.inbound) == .text(#"{"a":"mode","v":["ltp",[408065]]}"#))
                    try await visit.connection.send(ByteBuffer(bytes: [0]))
                    let packet = PacketFixture.message([PacketFixture.lastPrice(408_065, round)])
                    try await visit.connection.send(ByteBuffer(bytes: packet))
                    #expect(try await Self.next(ticker.ticks)?.map(\.rawLastPrice) == [round])
                    try await visit.connection.send(
                        #"{"type":"order","data":{"order_id":"\#(round)","status":"COMPLETE","exchange":"NSE","#
                            + #""tradingsymbol":"INFY","transaction_type":"BUY","quantity":1,"filled_quantity":1}}"#)
                    #expect(try await Self.next(ticker.orderUpdates)?.order.orderID == String(round))
                    await visit.connection.close(code: .goingAway)
                    guard case .disconnected(.closed(1001, _), _)? = try await Self.next(ticker.events) else {
                        Issue.record("the loss was not reported")
                        return
                    }
                }
            }
        }
    }

    @Test func `a refused handshake is typed`() async throws {
        try await TickerServer.with(refusing: "403 Forbidden") { server in
            try await Self.withTicker(server) { ticker in
                guard case .disconnected(.refused(403), let delay)? = try await Self.next(ticker.events) else {
                    Issue.record("the refusal was not reported")
                    return
                }
                #expect(delay >= .seconds(15))
            }
        }
    }

    @Test func `a port that nobody listens on is a connection that was not made`() async throws {
        var url = ""
        try await TickerServer.with { url = $0.url }
        let ticker = KiteTicker(
            configuration: KiteConfiguration(apiKey: "thekey", accessToken: "thetoken", tickerURL: url))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await ticker.run() }
            guard case .disconnected(.connectFailed(let sentence), _)? = try await Self.next(ticker.events) else {
                Issue.record("the failure was not reported")
                group.cancelAll()
                return
            }
            #expect(!sentence.contains("thetoken") && !sentence.contains("thekey"))
            group.cancelAll()
        }
    }
}
