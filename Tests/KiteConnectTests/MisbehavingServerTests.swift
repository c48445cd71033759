import AsyncHTTPClient
import NIOCore
import Testing

@testable import KiteConnect

/// Real sockets that misbehave, and what the client says of a write and of a read.
@Suite struct MisbehavingServerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var behaviour: RawServer.Behaviour
        var code: KiteError.Code

        init(_ name: String, _ behaviour: RawServer.Behaviour, _ code: KiteError.Code) {
            testDescription = name
            self.behaviour = behaviour
            self.code = code
        }
    }

    static let html = "<html><body><h1>Bad Gateway</h1></body></html>"
    static let envelope = "{\"status\":\"success\",\"data\":{\"order_id\":\"1\"}}"

    static let doubtful: [Case] = [
        Case("closed on accept", .closeAtOnce, .transport),
        Case("closed after the request", .answerAndClose([]), .transport),
        Case("half a head", .answerAndClose(Array("HTTP/1.1 200 OK\r\nConte".utf8)), .transport),
        Case(
            "half a body", .answerAndClose(Array(RawServer.http("200 OK", "application/json", envelope).dropLast(20))),
            .invalidResponse),
        Case("502 with HTML", .answer(RawServer.http("502 Bad Gateway", "text/html", html)), .network),
        Case("503 with HTML", .answer(RawServer.http("503 Service Unavailable", "text/html", html)), .network),
        Case("504 without a body", .answer(RawServer.http("504 Gateway Timeout", "text/plain", "")), .network),
        Case("200 with HTML", .answer(RawServer.http("200 OK", "text/html", html)), .invalidResponse),
        Case("200 and empty", .answer(RawServer.http("200 OK", "application/json", "")), .invalidResponse),
        Case(
            "200 with truncated JSON",
            .answer(RawServer.http("200 OK", "application/json", String(envelope.dropLast(5)))), .invalidResponse),
        Case(
            "200 without order_id",
            .answer(RawServer.http("200 OK", "application/json", "{\"status\":\"success\",\"data\":{}}")),
            .invalidResponse),
        Case(
            "200 with data null",
            .answer(RawServer.http("200 OK", "application/json", "{\"status\":\"success\",\"data\":null}")),
            .invalidResponse),
        Case(
            "a redirect", .answer(RawServer.http("302 Found", "text/html", html, extra: "Location: /elsewhere\r\n")),
            .invalidResponse),
        Case(
            "a redirect that repeats the body",
            .answer(RawServer.http("307 Temporary Redirect", "text/html", "", extra: "Location: /elsewhere\r\n")),
            .invalidResponse),
        Case("not HTTP", .answerAndClose(Array("SSH-2.0-OpenSSH_9.2\r\n\r\n".utf8)), .invalidResponse),
        Case(
            "an announced body over the limit",
            .answer(Array("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n".utf8)), .invalidResponse),
    ]

    static let order = KiteOrderRequest(
        exchange: .nse, tradingsymbol: "INFY", transactionType: .buy, quantity: 1, product: .cnc, orderType: .limit,
        price: 1500, tag: "t1")

    @Test(arguments: doubtful.dropFirst()) func `a broken answer leaves an order in doubt`(one: Case) async throws {
        try await RawServer.with(one.behaviour) { server in
            try await withClient(port: server.port) { client in
                let error = await #expect(throws: KiteError.self) { try await client.placeOrder(Self.order) }
                #expect(error?.code == one.code)
                #expect(error?.effect == .unknown)
                #expect(server.requests.count <= 1)
            }
        }
    }

    @Test func `a connection closed on accept is never taken for a refusal`() async throws {
        try await RawServer.with(.closeAtOnce) { server in
            try await withClient(port: server.port) { client in
                let error = await #expect(throws: KiteError.self) { try await client.placeOrder(Self.order) }
                #expect(error?.code == .transport)
                // Whether the body was asked for before the close was seen is a race; each side of it is told truly.
                #expect(error?.effect != .refused)
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test(arguments: doubtful.filter { !$0.testDescription.contains("null") })
    func `a broken answer leaves a cancellation in doubt and a read without effect`(one: Case) async throws {
        try await RawServer.with(one.behaviour) { server in
            try await withClient(port: server.port) { client in
                let cancel = await #expect(throws: KiteError.self) { try await client.cancelOrder("1") }
                #expect(cancel?.effect == .unknown)
                let read = await #expect(throws: KiteError.self) { try await client.orders() }
                #expect(read?.effect == KiteError.Effect.none)
                #expect(read?.isRetryable == (one.code != .invalidResponse))
            }
        }
    }

    @Test(arguments: [
        RawServer.Behaviour.hang,
        .answer(Array("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"status\":".utf8)),
        .drip(Array("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n".utf8)),
    ])
    func `the total time ends a call that hangs, stops half way or drips`(behaviour: RawServer.Behaviour) async throws {
        try await RawServer.with(behaviour) { server in
            try await withClient(port: server.port, timeout: .milliseconds(300)) { client in
                let start = ContinuousClock.now
                let error = await #expect(throws: KiteError.self) { try await client.placeOrder(Self.order) }
                #expect(error?.code == .timeout)
                #expect(error?.effect == .unknown)
                #expect(start.duration(to: .now) < .seconds(4))
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test func `a cancelled call leaves an order in doubt`() async throws {
        try await RawServer.with(.hang) { server in
            try await withClient(port: server.port, timeout: .seconds(30)) { client in
                await withTaskGroup(of: KiteError?.self) { group in
                    group.addTask {
                        await #expect(throws: KiteError.self) { try await client.placeOrder(Self.order) }
                    }
                    while server.requests.isEmpty { await Task.yield() }
                    group.cancelAll()
                    let error = await group.next() ?? nil
                    #expect(error?.code == .cancelled)
                    #expect(error?.effect == .unknown)
                }
            }
        }
    }

    @Test func `a refused connection means never sent`() async throws {
        let port = try await RawServer.with(.hang) { $0.port }
        try await withClient(port: port) { client in
            let error = await #expect(throws: KiteError.self) { try await client.placeOrder(Self.order) }
            #expect(error?.code == .transport)
            #expect(error?.effect == KiteError.Effect.none)
            #expect(error?.isRetryable == true)
        }
    }

    @Test func `a server that speaks no TLS means never sent`() async throws {
        try await RawServer.with(.answerAndClose(RawServer.http("200 OK", "text/html", Self.html))) { server in
            try await withClient(port: server.port, scheme: "https") { client in
                let cancel = await #expect(throws: KiteError.self) { try await client.cancelOrder("1") }
                #expect(cancel?.effect == KiteError.Effect.none)
            }
        }
    }

    @Test func `a TLS handshake that hangs means never sent`() async throws {
        try await RawServer.with(.hang) { server in
            try await withClient(
                port: server.port, scheme: "https", adjust: { $0.timeout.connect = .milliseconds(200) }
            ) {
                client in
                let cancel = await #expect(throws: KiteError.self) { try await client.cancelOrder("1") }
                #expect(cancel?.code == .timeout)
                #expect(cancel?.effect == KiteError.Effect.none)
            }
        }
    }

    @Test func `an order that never got a connection from the pool was never sent`() async throws {
        try await RawServer.with(.hang) { server in
            let adjust: (inout HTTPClient.Configuration) -> Void = {
                $0.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1
            }
            try await withHTTPClient(adjust) { http in
                let patient = testClient(port: server.port, timeout: .seconds(4), http)
                let hasty = testClient(port: server.port, timeout: .milliseconds(400), http)
                // The first order keeps the only connection for longer than the second one waits.
                async let first: KiteError? = #expect(throws: KiteError.self) {
                    try await patient.placeOrder(Self.order)
                }
                while server.requests.isEmpty { await Task.yield() }
                let second = await #expect(throws: KiteError.self) {
                    var other = Self.order
                    other.tag = "t2"
                    _ = try await hasty.placeOrder(other)
                }
                #expect(second?.effect == KiteError.Effect.none)
                #expect(await first?.effect == .unknown)
                #expect(!server.requests.contains { $0.contains("tag=t2") })
            }
        }
    }

    @Test func `a client that follows redirects still reports doubt`() async throws {
        let redirect = RawServer.http("302 Found", "text/html", "", extra: "Location: /elsewhere\r\n")
        try await RawServer.with(.answer(redirect)) { server in
            let adjust: (inout HTTPClient.Configuration) -> Void = {
                $0.redirectConfiguration = .follow(max: 3, allowCycles: true)
            }
            try await withClient(port: server.port, adjust: adjust) { client in
                let error = await #expect(throws: KiteError.self) { try await client.placeOrder(Self.order) }
                #expect(error?.effect == .unknown)
            }
        }
    }

    @Test func `an answer that grows beyond the limit is given up`() async throws {
        let chunk = "FFFF\r\n" + String(repeating: " ", count: 0xFFFF) + "\r\n"
        let body = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + String(repeating: chunk, count: 300)
        try await RawServer.with(.answer(Array(body.utf8))) { server in
            try await withClient(port: server.port, timeout: .seconds(60)) { client in
                let error = await #expect(throws: KiteError.self) { try await client.orders() }
                #expect(error?.code == .invalidResponse)
                #expect(error?.message == "the answer is larger than allowed")
            }
        }
    }
}
