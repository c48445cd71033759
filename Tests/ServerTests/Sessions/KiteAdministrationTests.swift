import Accounts
import AsyncHTTPClient
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import Testing
import Trading
import WebServer

@testable import Server

/// What the `kite` command does, over a stub of Kite and a browser that is a test.
@Suite(.serialized, .timeLimit(.minutes(2))) struct KiteAdministrationTests {
    private static let unattended = KiteAdministration.UnattendedCredentials(
        password: Secret("hunter-22"), totpSeed: Secret(SessionFixture.seed))

    private func run(
        _ body:
            @escaping @Sendable (_ kite: StubKite, _ path: String, _ link: KiteAdministration.NewLink) async throws ->
            Void
    ) async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        _ = try await UserAdministration.create(
            email: "ann@example.com", password: "correct horse battery", dataDirectory: directory.path)
        let kite = StubKite(now: SystemTime.now)
        let listener = try await kite.bind()
        let link = KiteAdministration.NewLink(
            ownerEmail: "ann@example.com", brokerUserID: "AB1234", name: "Main", apiKey: Secret("key-1"),
            apiSecret: Secret("secret-1"),
            endpoint: BrokerEndpoint(baseURL: listener.url, tickerURL: "ws" + listener.url.dropFirst(4)))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let group = ServiceGroup(configuration: .init(services: [.init(service: listener)], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            defer { tasks.cancelAll() }
            try await body(kite, directory.path, link)
            await group.triggerGracefulShutdown()
        }
    }

    /// Comes back from the login page as a browser does: with the state that the page was opened with.
    private static func comeBack(_ loginURL: String, _ redirectURL: String, token: String) async throws {
        let state = try #require(loginURL.split(separator: "state%3D").last)
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        let answer = try await http.execute(
            HTTPClientRequest(url: "\(redirectURL)?status=success&request_token=\(token)&state=\(state)"),
            timeout: .seconds(5))
        _ = try await answer.body.collect(upTo: 65_536)
        try await http.shutdown()
    }

    @Test func `an account is linked, signed in at the page and keeps its session`() async throws {
        try await run { kite, path, link in
            try await KiteAdministration.with(dataDirectory: path) { admin in
                let id = try await admin.link(link)
                let before = try await admin.status()
                #expect(before.map(\.state) == ["signed out"])
                #expect(before.first?.id == id && before.first?.validUntil == nil)
                let (pages, page) = AsyncStream.makeStream(of: (String, String).self)
                let token = kite.mint()
                let done = try await withThrowingTaskGroup(of: KiteAdministration.SignedIn?.self) { tasks in
                    tasks.addTask {
                        try await admin.logIn(nil, port: 0, path: "/back", within: .seconds(20)) {
                            page.yield(($0, $1))
                        }
                    }
                    tasks.addTask {
                        for await (login, back) in pages {
                            try await Self.comeBack(login, back, token: token)
                            break
                        }
                        return nil
                    }
                    var done: KiteAdministration.SignedIn?
                    for try await result in tasks { done = done ?? result }
                    return done
                }
                #expect(done?.brokerUserID == "AB1234")
                #expect(done?.validUntil.hasSuffix(" 06:00:00") == true)
                let after = try await admin.status()
                #expect(after.first?.state != "signed out")
                #expect(after.first?.validUntil == done?.validUntil)
                #expect(after.first?.isUnattended == false)
            }
            // A process of its own later finds the session.
            let later = try await KiteAdministration.with(dataDirectory: path) { try await $0.status() }
            #expect(later.first?.validUntil != nil)
        }
    }

    @Test func `unattended login takes the vault's credentials, or those typed, and stores no more than asked`()
        async throws
    {
        try await run { kite, path, link in
            try await KiteAdministration.with(dataDirectory: path) { admin in
                _ = try await admin.link(link)
                #expect(try await !admin.hasUnattendedCredentials("AB1234"))
                _ = try await admin.logInUnattended("AB1234", given: Self.unattended)
                #expect(try await !admin.hasUnattendedCredentials("AB1234"))
                #expect(try await admin.status().first?.isUnattended == false)
                try await admin.setUnattended(Self.unattended, of: "AB1234")
                #expect(try await admin.status().first?.isUnattended == true)
                _ = try await admin.logInUnattended(nil, given: nil)
                try await admin.setUnattended(nil, of: nil)
                #expect(try await admin.status().first?.isUnattended == false)
            }
            #expect(kite.state.withLock { $0.passwordLogins } == 2)
        }
    }

    @Test func `what is wrong is one sentence with the right exit status and no secret`() async throws {
        try await run { kite, path, link in
            try await KiteAdministration.with(dataDirectory: path) { admin in
                await Self.expect(2) { _ = try await admin.logInUnattended(nil, given: nil) }
                _ = try await admin.link(link)
                await Self.expect(2) { _ = try await admin.link(link) }
                let stranger = KiteAdministration.NewLink(
                    ownerEmail: "nobody@example.com", brokerUserID: "ZZ1", name: "x", apiKey: Secret("k"),
                    apiSecret: Secret("s"), endpoint: nil)
                await Self.expect(2) { _ = try await admin.link(stranger) }
                await Self.expect(2) { _ = try await admin.logInUnattended("nobody", given: nil) }
                await Self.expect(1) { _ = try await admin.logInUnattended("AB1234", given: nil) }
                kite.state.withLock { $0.password = "another" }
                await Self.expect(1) { _ = try await admin.logInUnattended("AB1234", given: Self.unattended) }
                let noSeed = KiteAdministration.UnattendedCredentials(
                    password: Secret("hunter-22"), totpSeed: Secret("not a seed!"))
                await Self.expect(2) { try await admin.setUnattended(noSeed, of: nil) }
            }
        }
    }

    private static func expect(
        _ exitCode: Int32, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
    ) async {
        do {
            try await body()
            Issue.record("it worked", sourceLocation: sourceLocation)
        } catch let error as StartError {
            #expect(error.exitCode == exitCode, sourceLocation: sourceLocation)
            for secret in ["hunter", SessionFixture.seed, "secret-1"] {
                #expect(!error.description.contains(secret), sourceLocation: sourceLocation)
            }
        } catch {
            Issue.record(error, sourceLocation: sourceLocation)
        }
    }
}
