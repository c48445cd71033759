import Hummingbird
import NIOCore
import Testing
import WebSocket

@testable import WebServer

/// The way from HTTP to WebSocket, byte by byte and with the module's own client.
@Suite(.timeLimit(.minutes(1)))
struct WebSocketUpgradeTests {
    private func connected(_ body: (RawPeer) async throws -> Void) async throws {
        try await ServerHarness.run { listener in try await RawPeer.connect(port: listener.port, body) }
    }

    @Test func `client and server talk`() async throws {
        try await ServerHarness.run { listener in
            let socket = try await WebSocketClient().connect(to: "ws://127.0.0.1:\(listener.port)/ws")
            var inbound = socket.inbound.makeAsyncIterator()
            for text in ["a", "", String(repeating: "long ", count: 10_000)] {
                try await socket.send(text)
                #expect(await inbound.next() == .text("echo " + text))
            }
            #expect(await socket.close().code == .normal)
        }
    }

    @Test func `the handler's end decides the close code`() async throws {
        try await ServerHarness.run { listener in
            for (text, code) in [("return", WebSocketCloseCode.normal), ("throw", .internalError)] {
                let socket = try await WebSocketClient().connect(to: "ws://127.0.0.1:\(listener.port)/ws")
                try await socket.send(text)
                #expect(await socket.waitUntilClosed() == WebSocketClosure(code: code, origin: .peer))
            }
        }
    }

    @Test func `the upgrade answers as RFC 6455 wants`() async throws {
        try await connected { peer in
            try await peer.send(ServerHarness.upgradeRequest())
            let response = try await peer.response()
            #expect(response.status == 101)
            #expect(response.headers["upgrade"] == "websocket")
            #expect(response.headers["connection"] == "Upgrade")
            #expect(response.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            #expect(response.headers["content-length"] == nil)
            #expect(response.headers["transfer-encoding"] == nil)
        }
    }

    @Test func `frames in the request's packet are not lost`() async throws {
        try await connected { peer in
            let frames = ServerHarness.frame("one") + ServerHarness.frame("two")
            try await peer.send(Array(ServerHarness.upgradeRequest().utf8) + frames)
            #expect(try await peer.response().status == 101)
            #expect(
                try await peer.receive(20) == [0x81, 8] + Array("echo one".utf8) + [0x81, 8] + Array("echo two".utf8))
        }
    }

    @Test func `a kept-alive connection can be upgraded later`() async throws {
        try await connected { peer in
            #expect(try await peer.get("/hello").status == 200)
            #expect(try await peer.get("/nowhere").status == 404)
            try await peer.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n" + ServerHarness.upgradeRequest())
            #expect(try await peer.response().text == "hello")
            #expect(try await peer.response().status == 101)
            try await peer.send(ServerHarness.frame("x"))
            #expect(try await peer.receive(8) == [0x81, 6] + Array("echo x".utf8))
        }
    }

    @Test(arguments: [
        (ServerHarness.upgradeRequest("/forbidden"), 403), (ServerHarness.upgradeRequest("/nowhere"), 404),
        (ServerHarness.upgradeRequest("/hello"), 200),
        (ServerHarness.upgradeRequest().replacing("Version: 13", with: "Version: 8"), 426),
        (ServerHarness.upgradeRequest().replacing("Sec-WebSocket-Version: 13\r\n", with: ""), 426),
        (ServerHarness.upgradeRequest().replacing("Upgrade: websocket", with: "Upgrade: h2c"), 426),
        (ServerHarness.upgradeRequest().replacing("Upgrade: websocket\r\n", with: ""), 426),
        (ServerHarness.upgradeRequest().replacing("keep-alive, Upgrade", with: "keep-alive"), 426),
        (ServerHarness.upgradeRequest().replacing("dGhl", with: "####"), 400),
        (ServerHarness.upgradeRequest().replacing("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", with: ""), 400),
    ])
    func `a refused upgrade is answered and the connection goes on`(request: String, status: Int) async throws {
        try await connected { peer in
            try await peer.send(request)
            let response = try await peer.response()
            #expect(response.status == status)
            if status == 426 { #expect(response.headers["sec-websocket-version"] == "13") }
            // Pipelined behind a second refusal, then alone, then an upgrade after all.
            try await peer.send(request + "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await peer.response().status == status)
            #expect(try await peer.response().text == "hello")
            #expect(try await peer.get("/hello").text == "hello")
            try await peer.send(ServerHarness.upgradeRequest())
            #expect(try await peer.response().status == 101)
        }
    }

    @Test func `an upgrade asked for with a body is refused and goes on`() async throws {
        try await connected { peer in
            let head =
                "POST /length HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n\r\n"
            try await peer.send(head + "abc" + "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await peer.response().text == "3")
            #expect(try await peer.response().text == "hello")
        }
    }

    @Test func `a refused client learns the status`() async throws {
        try await ServerHarness.run { listener in
            for (path, status) in [("forbidden", 403), ("nowhere", 404)] {
                do throws(WebSocketConnectError) {
                    _ = try await WebSocketClient().connect(to: "ws://127.0.0.1:\(listener.port)/\(path)")
                    Issue.record("connected")
                } catch {
                    #expect(error == .refused(status: status, body: ""))
                }
            }
        }
    }

    @Test func `a flood behind an upgrade request waits for the decision`() async throws {
        try await connected { peer in
            let frames = (0..<200).flatMap { _ in ServerHarness.frame(String(repeating: "f", count: 100)) }
            try await peer.send(Array(ServerHarness.upgradeRequest().utf8) + frames)
            #expect(try await peer.response().status == 101)
            let bytes = try await peer.receive(200 * 107)
            #expect(bytes.count == 200 * 107)
        }
    }

    @Test(arguments: [("too big", 70_000, WebSocketCloseCode.messageTooBig), ("fits", 65_536, .normal)])
    func `the server's message limit is 64 KiB`(name: String, size: Int, code: WebSocketCloseCode) async throws {
        try await ServerHarness.run { listener in
            let socket = try await WebSocketClient().connect(to: "ws://127.0.0.1:\(listener.port)/ws")
            try await socket.send(ByteBuffer(repeating: 0, count: size))
            // The server may have closed by now, which is what the first row is about.
            try? await socket.send("return")
            #expect(await socket.waitUntilClosed().code == code, "\(name)")
        }
    }
}
