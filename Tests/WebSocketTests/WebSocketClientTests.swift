import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Testing

@testable import WebSocket

/// The client against a server written by hand.
@Suite(.timeLimit(.minutes(1)))
struct WebSocketClientTests {
    private let client = WebSocketClient()

    private func accept(_ request: String) -> String {
        let key = request.split(separator: "\r\n").first { $0.hasPrefix("Sec-WebSocket-Key: ") }?.dropFirst(19) ?? ""
        return """
            HTTP/1.1 101 Switching Protocols\r
            connection: keep-alive, upgrade\r
            UPGRADE: WebSocket\r
            sec-websocket-accept: \(Handshake.accept(for: String(key)))\r
            \r\n
            """
    }

    private func failure(of client: WebSocketClient, _ url: String) async -> WebSocketConnectError? {
        do throws(WebSocketConnectError) {
            _ = try await client.connect(to: url)
            return nil
        } catch {
            return error
        }
    }

    @Test func `it asks as RFC 6455 wants and speaks at once`() async throws {
        try await RawPeer.serve { peer in
            let request = try await peer.receive(until: "\r\n\r\n")
            #expect(request.hasPrefix("GET /path?token=1 HTTP/1.1\r\n"))
            for line in ["X-Kite-Version: 3", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
            {
                #expect(request.contains("\r\n\(line)\r\n"))
            }
            // Frames in the same packet as the 101.
            try await peer.send(Array(accept(request).utf8) + [0x81, 2, 104, 105, 0x82, 1, 0])
            let frame = try await peer.receive(6 + 5)
            #expect(frame.prefix(2) == [0x81, 0x85])
            try await peer.send([0x88, 2, 0x03, 0xE8])
            _ = await peer.receiveRest()
        } client: { port in
            let socket = try await client.connect(
                to: "ws://127.0.0.1:\(port)/path?token=1", headers: ["X-Kite-Version": "3"])
            try await socket.send("hello")
            var seen: [WebSocketMessage] = []
            for await message in socket.inbound { seen.append(message) }
            #expect(seen == [.text("hi"), .binary(ByteBuffer(bytes: [0]))])
            #expect(await socket.waitUntilClosed() == WebSocketClosure(code: .normal, origin: .peer))
        }
    }

    @Test func `a refusal carries status and body`() async throws {
        try await RawPeer.serve { peer in
            _ = try await peer.receive(until: "\r\n\r\n")
            try await peer.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 12\r\n\r\nbad token. \n")
            _ = await peer.receiveRest()
        } client: { port in
            await #expect(throws: WebSocketConnectError.refused(status: 403, body: "bad token. \n")) {
                try await client.connect(to: "ws://127.0.0.1:\(port)")
            }
        }
    }

    @Test func `a refusal's endless body is cut at 4 KiB`() async throws {
        try await RawPeer.serve { peer in
            _ = try await peer.receive(until: "\r\n\r\n")
            try await peer.send("HTTP/1.1 500 Oops\r\n\r\n")
            while true { try await peer.send(String(repeating: "x", count: 1000)) }
        } client: { port in
            await #expect(throws: WebSocketConnectError.refused(status: 500, body: String(repeating: "x", count: 4096)))
            {
                try await client.connect(to: "ws://127.0.0.1:\(port)")
            }
        }
    }

    @Test(arguments: [
        "HTTP/1.1 101 OK\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: $\r\n\r\n",
        "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: $\r\n\r\n",
        "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n\r\n", "",
    ])
    func `a server that is no WebSocket server is told apart`(answer: String) async throws {
        try await RawPeer.serve { peer in
            let request = try await peer.receive(until: "\r\n\r\n")
            let key = accept(request).split(separator: "accept: ").last?.prefix { $0 != "\r\n" } ?? ""
            try await peer.send(answer.replacing("$", with: key))
        } client: { port in
            guard case .badHandshake = await failure(of: client, "ws://127.0.0.1:\(port)") else {
                Issue.record("no bad handshake")
                return
            }
        }
    }

    @Test func `nobody listening is a failed connection`() async throws {
        let taken = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = taken.localAddress?.port ?? 0
        try await taken.close()
        guard case .connectFailed = await failure(of: client, "ws://127.0.0.1:\(port)") else {
            Issue.record("no failed connection")
            return
        }
    }

    @Test func `a silent server times out`() async throws {
        try await RawPeer.serve { peer in
            _ = await peer.receiveRest()
        } client: { port in
            await #expect(throws: WebSocketConnectError.timedOut) {
                try await client.connect(to: "ws://127.0.0.1:\(port)", timeout: .milliseconds(50))
            }
        }
    }

    @Test func `a cancelled attempt ends at once`() async throws {
        // A bare listener: the connection may be gone before anything of it could be handed out.
        let listening = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = listening.localAddress?.port ?? 0
        await withTaskGroup { group in
            group.addTask {
                await #expect(throws: WebSocketConnectError.cancelled) {
                    try await client.connect(to: "ws://127.0.0.1:\(port)", timeout: .seconds(50))
                }
            }
            group.cancelAll()
        }
        try await listening.close()
    }

    // MARK: TLS

    @Test(.enabled(if: TestCertificate.openssl != nil, "needs the openssl command"))
    func `wss works with a trusted certificate and with no other`() async throws {
        let trusted = try TestCertificate.make(name: "localhost")
        try await RawPeer.serve { channel in
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: try trusted.context()))
        } server: { peer in
            let request = try await peer.receive(until: "\r\n\r\n")
            try await peer.send(Array(accept(request).utf8) + [0x81, 2, 104, 105])
            _ = await peer.receiveRest()
        } client: { port in
            let knowing = WebSocketClient(additionalTrustRoots: [trusted.certificate])
            let socket = try await knowing.connect(to: "wss://localhost:\(port)")
            var iterator = socket.inbound.makeAsyncIterator()
            #expect(await iterator.next() == .text("hi"))
            await socket.close()
            for (stranger, host) in [(client, "localhost"), (knowing, "127.0.0.1")] {
                guard case .tlsFailed = await failure(of: stranger, "wss://\(host):\(port)") else {
                    Issue.record("\(host) was trusted")
                    return
                }
            }
        }
    }
}

/// A self-signed certificate, made afresh: no key lies in the repository.
struct TestCertificate {
    let certificate: NIOSSLCertificate
    private let key: NIOSSLPrivateKey

    static var openssl: String? {
        ["/usr/bin/openssl", "/usr/local/bin/openssl"].first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static func make(name: String) throws -> TestCertificate {
        let folder = FileManager.default.temporaryDirectory.appending(path: "certificate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let process = Process()
        process.executableURL = URL(filePath: openssl ?? "")
        process.currentDirectoryURL = folder
        process.standardError = FileHandle.nullDevice
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-keyout", "key.pem", "-out", "cert.pem",
        ]
        try process.run()
        process.waitUntilExit()
        let certificates = try NIOSSLCertificate.fromPEMFile(folder.appending(path: "cert.pem").path())
        return TestCertificate(
            certificate: try #require(certificates.first),
            key: try NIOSSLPrivateKey(file: folder.appending(path: "key.pem").path(), format: .pem))
    }

    func context() throws -> NIOSSLContext {
        try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)))
    }
}
