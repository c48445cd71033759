import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import Testing

@testable import KiteConnect

/// A loopback server that speaks TLS with a given certificate and notes every byte that comes through it.
struct TLSServer {
    let port: Int
    let received: @Sendable () -> String

    static func with<Result>(
        certificate: String, _ body: (TLSServer) async throws -> Result
    ) async throws -> Result {
        var settings = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(try testCertificate(certificate))],
            privateKey: .privateKey(
                try NIOSSLPrivateKey(
                    bytes: [UInt8](Data(base64Encoded: TestCertificates.leafKey) ?? Data()), format: .der)))
        settings.minimumTLSVersion = .tlsv12
        let context = try NIOSSLContext(configuration: settings)
        let seen = SeenText()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLServerHandler(context: context), Answering(seen),
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = TLSServer(port: channel.localAddress?.port ?? 0, received: { seen.text })
        do {
            let result = try await body(server)
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    private final class SeenText: Sendable {
        private let store = Mutex("")
        var text: String { store.withLock { $0 } }
        func add(_ text: String) { store.withLock { $0 += text } }
    }

    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let seen: SeenText

        init(_ seen: SeenText) { self.seen = seen }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            seen.add(String(buffer: unwrapInboundIn(data)))
            let answer = RawServer.http(
                "200 OK", "application/json", "{\"status\":\"success\",\"data\":{\"order_id\":\"1\"}}")
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer)), promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}

private func testCertificate(_ base64: String) throws -> NIOSSLCertificate {
    try NIOSSLCertificate(bytes: [UInt8](Data(base64Encoded: base64) ?? Data()), format: .der)
}

/// Certificates are checked, and nothing is said to a server whose certificate does not hold.
@Suite(.timeLimit(.minutes(1))) struct TLSTests {
    private func place(
        at port: Int, trusting roots: [String], adjust: (inout HTTPClient.Configuration) -> Void = { _ in }
    ) async throws -> Result<KiteOrderReceipt, KiteError> {
        try await withHTTPClient(adjust) { http in
            let transport = AsyncHTTPTransport(
                client: http, additionalTrustRoots: try roots.map { try testCertificate($0) })
            let configuration = KiteConfiguration(
                apiKey: "apikey-1", accessToken: "accesstoken-1", baseURL: "https://127.0.0.1:\(port)")
            do {
                return .success(
                    try await KiteClient(configuration: configuration, transport: transport)
                        .placeOrder(MisbehavingServerTests.order))
            } catch let error as KiteError {
                return .failure(error)
            }
        }
    }

    @Test func `a good certificate of a trusted root carries an order`() async throws {
        try await TLSServer.with(certificate: TestCertificates.good) { server in
            let receipt = try await place(at: server.port, trusting: [TestCertificates.root]).get()
            #expect(receipt.orderID == "1")
            #expect(server.received().contains("Authorization: token apikey-1:accesstoken-1"))
        }
    }

    static let bad: [(name: String, certificate: String, roots: [String])] = [
        ("a root that nobody trusts", TestCertificates.good, []),
        ("the name of another host", TestCertificates.otherHost, [TestCertificates.root]),
        ("an expired certificate", TestCertificates.expired, [TestCertificates.root]),
    ]

    @Test(arguments: bad.indices, [true, false])
    func `a certificate that does not hold means never sent`(index: Int, isClientCareless: Bool) async throws {
        let row = Self.bad[index]
        try await TLSServer.with(certificate: row.certificate) { server in
            let result = try await place(at: server.port, trusting: row.roots) {
                // An HTTP client that was told to check nothing checks all the same.
                if isClientCareless {
                    var tls = TLSConfiguration.makeClientConfiguration()
                    tls.certificateVerification = .none
                    $0.tlsConfiguration = tls
                }
            }
            guard case .failure(let error) = result else {
                Issue.record("\(row.name) was accepted")
                return
            }
            #expect(error.code == .transport, "\(row.name)")
            #expect(error.effect == KiteError.Effect.none)
            #expect(error.message == "no secure connection to Kite could be made; nothing was sent")
            #expect(server.received() == "")
        }
    }

    @Test(arguments: bad.indices)
    func `no password goes to a server whose certificate does not hold`(index: Int) async throws {
        let row = Self.bad[index]
        try await TLSServer.with(certificate: row.certificate) { server in
            let error = try await withHTTPClient({ _ in }) { http in
                var configuration = KiteConfiguration(apiKey: "apikey-1")
                configuration.loginPageURL = "https://127.0.0.1:\(server.port)/connect/login"
                let login = KiteUnattendedLogin(
                    configuration: configuration, httpClient: http, now: { KiteTime(unixSeconds: 1_790_000_000) })
                return await #expect(throws: KiteLoginError.self) {
                    try await login.requestToken(
                        KiteLoginCredentials(
                            userID: "AB1234", password: "a password", totpSeed: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"))
                }
            }
            #expect(error != nil, "\(row.name)")
            #expect(server.received() == "", "\(row.name)")
        }
    }

    @Test(arguments: ["302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
    func `a redirect to another host is not followed and no credential leaves`(status: String) async throws {
        try await RawServer.with(.answer(RawServer.http("200 OK", "application/json", "{}"))) { elsewhere in
            let redirect = RawServer.http(
                status, "text/html", "", extra: "Location: http://localhost:\(elsewhere.port)/orders\r\n")
            try await RawServer.with(.answer(redirect)) { server in
                try await withClient(port: server.port) { client in
                    let write = await #expect(throws: KiteError.self) {
                        try await client.placeOrder(MisbehavingServerTests.order)
                    }
                    #expect(write?.code == .invalidResponse && write?.effect == .unknown)
                    let session = await #expect(throws: KiteError.self) {
                        try await client.generateSession(requestToken: "rt", apiSecret: "secret")
                    }
                    #expect(session?.message == "the answer is a redirect, which is not followed")
                    let read = await #expect(throws: KiteError.self) { try await client.orders() }
                    #expect(read?.effect == KiteError.Effect.none)
                    #expect(server.requests.count == 3)
                }
            }
            #expect(elsewhere.requests.isEmpty)
        }
    }
}
