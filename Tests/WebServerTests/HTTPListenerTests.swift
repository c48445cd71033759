import Hummingbird
import NIOCore
import Synchronization
import Testing
import WebSocket

@testable import WebServer

@Suite(.timeLimit(.minutes(1)))
struct HTTPListenerTests {
    private func bind(host: String = "127.0.0.1", port: Int = 0) async throws(ListenerError) -> HTTPListener {
        try await HTTPListener.bind(
            name: "test", host: host, port: port, router: ServerHarness.router(), logger: ServerHarness.quiet)
    }

    @Test func `the port is known before it runs and waiting clients are served then`() async throws {
        let listener = try await bind()
        #expect(listener.port > 0)
        #expect(listener.url == "http://127.0.0.1:\(listener.port)")
        try await RawPeer.connect(port: listener.port) { peer in
            try await peer.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n")
            try await withThrowingTaskGroup { group in
                group.addTask { try await listener.run() }
                #expect(try await peer.response().text == "hello")
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }

    @Test func `a port in use is one clear sentence`() async throws {
        let first = try await bind()
        await #expect(throws: ListenerError.portInUse(host: "127.0.0.1", port: first.port)) {
            try await bind(port: first.port)
        }
        let sentence = "\(ListenerError.portInUse(host: "127.0.0.1", port: 8081))"
        #expect(sentence == "Port 8081 on 127.0.0.1 is in use by another program; stop it or choose another port.")
        await first.close()
        let second = try await bind(port: first.port)
        await second.close()
    }

    @Test(arguments: ["203.0.113.7", "no-such-host.invalid"])
    func `an address of nobody or of others is refused`(host: String) async {
        do throws(ListenerError) {
            _ = try await bind(host: host)
            Issue.record("bound \(host)")
        } catch {
            guard case .unknownAddress = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test func `a listener that never ran gives its port back`() async throws {
        let port = try await bind().port
        // The listener is gone; its socket closes on its own thread.
        while true {
            if let again = try? await bind(port: port) {
                await again.close()
                return
            }
            await Task.yield()
        }
    }

    @Test func `a graceful stop lets a request finish and closes idle connections`() async throws {
        let (entered, enter) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let router = ServerHarness.router()
        router.get("slow") { _, _ in
            enter.yield()
            for await _ in released { break }
            return "done"
        }
        try await ServerHarness.runGracefully(router) { listener, stop in
            try await RawPeer.connect(port: listener.port) { idle in
                #expect(try await idle.get("/hello").status == 200)
                try await RawPeer.connect(port: listener.port) { busy in
                    try await busy.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
                    for await _ in entered { break }
                    await stop()
                    #expect(await idle.receiveRest() == [])
                    release.yield()
                    let response = try await busy.response()
                    #expect(response.text == "done")
                    #expect(response.headers["connection"] == "close")
                    #expect(await busy.receiveRest() == [])
                }
            }
        }
    }

    @Test func `a graceful stop closes WebSockets with 1001`() async throws {
        try await ServerHarness.runGracefully { listener, stop in
            let socket = try await WebSocketClient().connect(to: "ws://127.0.0.1:\(listener.port)/ws")
            var inbound = socket.inbound.makeAsyncIterator()
            try await socket.send("x")
            #expect(await inbound.next() == .text("echo x"))
            await stop()
            #expect(await inbound.next() == nil)
            #expect(await socket.waitUntilClosed().code == .goingAway)
        }
    }

    @Test func `a client that never ends is cut after the drain time`() async throws {
        try await ServerHarness.runGracefully(options: .init(drainTimeout: .milliseconds(50))) { listener, stop in
            try await RawPeer.connect(port: listener.port) { peer in
                try await peer.send("POST /length HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab")
                while listener.connectionCount == 0 { await Task.yield() }
                await stop()
                _ = await peer.receiveRest()
            }
        }
    }

    @Test func `a handler that never ends is cancelled after the drain time`() async throws {
        let router = ServerHarness.router()
        router.get("stuck") { request, context in
            try WebSocketUpgrade.response(to: request, context: context) { connection in
                try await connection.send("in")
                try await Task.sleep(for: .seconds(100))
            }
        }
        try await ServerHarness.runGracefully(router, options: .init(drainTimeout: .milliseconds(50))) {
            listener, stop in
            let socket = try await WebSocketClient().connect(to: "ws://127.0.0.1:\(listener.port)/stuck")
            var inbound = socket.inbound.makeAsyncIterator()
            #expect(await inbound.next() == .text("in"))
            await stop()
            await socket.waitUntilClosed()
        }
    }

    @Test func `stopped while clients keep connecting, it ends and loses no socket`() async throws {
        for _ in 0..<20 {
            let listener = try await bind()
            await withTaskGroup { group in
                for _ in 0..<4 {
                    group.addTask {
                        while !Task.isCancelled {
                            _ = try? await RawPeer.connect(port: listener.port) { try await $0.get("/hello") }
                        }
                    }
                }
                await withTaskGroup { server in
                    server.addTask { try? await listener.run() }
                    while listener.connectionCount < 2 { await Task.yield() }
                    server.cancelAll()
                }
                group.cancelAll()
            }
            while listener.connectionCount > 0 { await Task.yield() }
        }
    }
}
