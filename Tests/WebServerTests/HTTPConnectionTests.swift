import NIOCore
import Testing

@testable import WebServer

/// Plain HTTP, byte by byte.
@Suite(.timeLimit(.minutes(1)))
struct HTTPConnectionTests {
    private func connected(
        options: HTTPConnectionOptions = .init(), _ body: (RawPeer) async throws -> Void
    ) async throws {
        try await ServerHarness.run(options: options) { listener in
            try await RawPeer.connect(port: listener.port, body)
        }
    }

    @Test(arguments: [true, false])
    func `a connection answers one request after the other`(runsOnEventLoop: Bool) async throws {
        try await connected(options: .init(runsOnEventLoop: runsOnEventLoop)) { peer in
            for _ in 0..<3 {
                let response = try await peer.get("/hello")
                #expect(response.status == 200)
                #expect(response.text == "hello")
                #expect(response.headers["date"]?.hasSuffix(" GMT") == true)
                #expect(response.headers["connection"] == nil)
            }
            #expect(try await peer.get("/nowhere").status == 404)
            #expect(try await peer.get("/broken").status == 500)
            #expect(try await peer.get("/hello").status == 200)
        }
    }

    @Test func `pipelined requests are answered in order`() async throws {
        try await connected { peer in
            let post = "POST /length HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nabcd"
            let chunked = "POST /length HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
            try await peer.send(
                post + "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n" + chunked + "GET /x HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await peer.response().text == "4")
            #expect(try await peer.response().text == "hello")
            #expect(try await peer.response().text == "3")
            #expect(try await peer.response().status == 404)
        }
    }

    @Test func `fifty pipelined requests pass the read-ahead limit`() async throws {
        try await connected { peer in
            try await peer.send(String(repeating: "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n", count: 50))
            for _ in 0..<50 { #expect(try await peer.response().text == "hello") }
        }
    }

    @Test(arguments: [
        "GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: h\r\nConnection: Close\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: h\r\nConnection: TE, close\r\n\r\n", "GET /hello HTTP/1.0\r\n\r\n",
    ])
    func `a client that wants the connection closed gets that`(request: String) async throws {
        try await connected { peer in
            try await peer.send(request + "GET /ignored HTTP/1.1\r\nHost: h\r\n\r\n")
            let response = try await peer.response()
            #expect(response.status == 200)
            #expect(response.headers["connection"] == "close")
            #expect(await peer.receiveRest() == [])
        }
    }

    @Test func `HTTP 1_0 can keep the connection`() async throws {
        try await connected { peer in
            for _ in 0..<2 {
                try await peer.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                #expect(try await peer.response().headers["connection"] == "keep-alive")
            }
        }
    }

    @Test func `HEAD has a length and no body`() async throws {
        try await connected { peer in
            try await peer.send("HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await peer.response(hasBody: false).status == 200)
            #expect(try await peer.get("/hello").text == "hello")
        }
    }

    @Test func `a body over the route's limit is 413 and the answer arrives`() async throws {
        try await connected { peer in
            try await peer.send("POST /length HTTP/1.1\r\nHost: h\r\nContent-Length: 10000000\r\n\r\n")
            // Sent while the server answers; it must not be a reset that takes the answer along.
            async let upload: Void = {
                for _ in 0..<100 { try? await peer.send(String(repeating: "x", count: 100_000)) }
            }()
            let response = try await peer.response()
            #expect(response.status == 413)
            #expect(response.headers["connection"] == "close")
            await upload
        }
    }

    @Test func `a refused body that fits in the connection's buffers is skipped or closes`() async throws {
        try await connected { peer in
            try await peer.send("POST /refuse HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nabcd")
            let response = try await peer.response()
            #expect(response.status == 401)
            if response.headers["connection"] == nil { #expect(try await peer.get("/hello").status == 200) }
        }
    }

    @Test func `100-continue is sent when the body is wanted and not before`() async throws {
        try await connected { peer in
            let head = "HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
            try await peer.send("POST /length \(head)")
            #expect(try await peer.response().status == 100)
            try await peer.send("abc")
            #expect(try await peer.response().text == "3")
            try await peer.send("POST /refuse \(head)")
            let refused = try await peer.response()
            #expect(refused.status == 401)
            #expect(refused.headers["connection"] == "close")
        }
    }

    @Test(arguments: [
        ("no HTTP at all", "hello there\r\n\r\n", 400),
        ("a header without a name", "GET / HTTP/1.1\r\n: x\r\n\r\n", 400),
        ("two lengths", "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
        (
            "length and chunks", "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400
        ),
        ("a bad chunk", "POST /length HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        ("huge headers", "GET /hello HTTP/1.1\r\nX: \(String(repeating: "x", count: 40_000))\r\n\r\n", 431),
        ("many headers", "GET /hello HTTP/1.1\r\n\(String(repeating: "X: y\r\n", count: 200))\r\n", 431),
    ])
    func `what cannot be understood is answered and closed`(name: String, bytes: String, status: Int) async throws {
        try await connected { peer in
            try await peer.send(bytes)
            let response = try await peer.response()
            #expect(response.status == status, "\(name)")
            #expect(response.headers["connection"] == "close")
            #expect(await peer.receiveRest() == [])
        }
    }

    @Test func `good requests before a bad one are answered first`() async throws {
        try await connected { peer in
            try await peer.send(
                "GET /hello HTTP/1.1\r\nHost: h\r\n\r\nGET /hello HTTP/1.1\r\nHost: h\r\n\r\nbad\r\n\r\n")
            #expect(try await peer.response().text == "hello")
            #expect(try await peer.response().text == "hello")
            #expect(try await peer.response().status == 400)
            #expect(await peer.receiveRest() == [])
        }
    }

    @Test func `a client that ends its side still gets its answer`() async throws {
        try await connected { peer in
            try await peer.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n")
            peer.outbound.finish()
            let bytes = await peer.receiveRest()
            #expect(bytes.count > 3_000_000)
        }
    }

    @Test func `a large answer arrives whole`() async throws {
        try await connected { peer in
            for _ in 0..<2 {
                let response = try await peer.get("/large")
                #expect(response.body.count == 3_000_000)
            }
        }
    }

    @Test(arguments: ["", "GET /hel", "POST /length HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab"])
    func `a client that stops is closed after the idle time`(bytes: String) async throws {
        try await connected(options: .init(idleTimeout: .milliseconds(80))) { peer in
            // On a slow machine the time may be over before the first byte.
            if !bytes.isEmpty { try? await peer.send(bytes) }
            #expect(await peer.receiveRest() == [])
        }
    }

    @Test func `bytes that trickle in do not extend a request's time`() async throws {
        try await connected(options: .init(idleTimeout: .milliseconds(150))) { peer in
            let clock = ContinuousClock()
            let start = clock.now
            do {
                try await peer.send("POST /length HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n")
                while clock.now - start < .seconds(20) {
                    try await peer.send("x")
                    try await clock.sleep(for: .milliseconds(5))
                }
                Issue.record("still open after 20 s")
            } catch {
                #expect(clock.now - start < .seconds(20))
            }
        }
    }

    @Test func `a client that does not read is closed`() async throws {
        try await ServerHarness.run(options: .init(idleTimeout: .milliseconds(300))) { listener in
            // On a slow machine the time may be over at any step; what counts is that the server lets go.
            try? await RawPeer.connect(port: listener.port) { peer in
                _ = try await peer.get("/hello")
                try? await peer.send(String(repeating: "GET /large HTTP/1.1\r\nHost: h\r\n\r\n", count: 20))
                while listener.connectionCount > 0 { await Task.yield() }
            }
        }
    }

    @Test func `connections over the limit are closed`() async throws {
        try await ServerHarness.run(options: .init(maxConnections: 1)) { listener in
            try await RawPeer.connect(port: listener.port) { first in
                #expect(try await first.get("/hello").status == 200)
                try await RawPeer.connect(port: listener.port) { second in
                    #expect(await second.receiveRest() == [])
                }
            }
        }
    }
}
