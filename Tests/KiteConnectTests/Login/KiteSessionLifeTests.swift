import Synchronization
import Testing

@testable import KiteConnect

@Suite struct KiteSessionLifeTests {
    private func time(_ text: String) throws -> KiteTime { try #require(KiteTime(text)) }

    @Test(arguments: [
        ("2026-08-18 09:00:00", "2026-08-19 06:00:00"), ("2026-08-18 05:59:59", "2026-08-18 06:00:00"),
        ("2026-08-18 06:00:00", "2026-08-19 06:00:00"), ("2026-08-18 00:00:00", "2026-08-18 06:00:00"),
        ("2026-12-31 23:59:59", "2027-01-01 06:00:00"), ("2028-02-28 12:00:00", "2028-02-29 06:00:00"),
    ])
    func `a session ends at the next six in the morning`(login: String, end: String) throws {
        #expect(KiteSessionLife(loginTime: try time(login)).expiry == (try time(end)))
    }

    @Test(arguments: [
        ("2026-08-18 09:00:00", KiteSessionLife.State.fresh), ("2026-08-19 05:19:59", .fresh),
        ("2026-08-19 05:20:00", .expiring), ("2026-08-19 05:59:59", .expiring), ("2026-08-19 06:00:00", .expired),
        ("2026-08-21 12:00:00", .expired),
    ])
    func `it is uncertain for the last forty minutes`(now: String, state: KiteSessionLife.State) throws {
        let life = KiteSessionLife(loginTime: try time("2026-08-18 09:00:00"))
        #expect(life.state(at: try time(now)) == state)
    }

    @Test(arguments: [(0.0, "2026-08-19 06:01:00"), (0.5, "2026-08-19 06:02:00"), (0.999, "2026-08-19 06:02:59")])
    func `renewal is planned within minutes after the end`(chance: Double, moment: String) throws {
        let life = KiteSessionLife(loginTime: try time("2026-08-18 09:00:00"))
        #expect(life.renewal(chance: chance) == (try time(moment)))
    }

    @Test(arguments: [-3.0, 7.0]) func `chance out of bounds stays within the spread`(chance: Double) throws {
        let life = KiteSessionLife(loginTime: try time("2026-08-18 09:00:00"))
        let moment = life.renewal(chance: chance)
        #expect((60...180).contains(moment.unixSeconds - life.expiry.unixSeconds))
    }
}

@Suite(.timeLimit(.minutes(1))) struct KiteSessionWatchTests {
    private static let dead = RawServer.http(
        "403 Forbidden", "application/json",
        #"{"status":"error","message":"Incorrect `api_key` or `access_token`.","data":null,"error_type":"TokenException"}"#
    )
    private static let refused = RawServer.http(
        "403 Forbidden", "application/json",
        #"{"status":"error","message":"Not for this app.","data":null,"error_type":"PermissionException"}"#)

    private final class Deaths: Sendable {
        let tokens = Mutex<[String]>([])
        var watch: KiteSessionWatch { KiteSessionWatch { token in self.tokens.withLock { $0.append(token) } } }
    }

    @Test func `a dead session is told of once for each token`() async throws {
        let deaths = Deaths()
        try await RawServer.with(.answer(Self.dead)) { server in
            try await withClient(port: server.port) { client in
                let watched = client.watched(by: deaths.watch)
                for _ in 0..<3 {
                    await #expect(throws: KiteError.self) { try await watched.orders() }
                }
                await #expect(throws: KiteError.self) { try await watched.profile() }
                await #expect(throws: KiteError.self) { try await watched.with(accessToken: "second").orders() }
            }
        }
        #expect(deaths.tokens.withLock { $0 } == ["accesstoken-1", "second"])
    }

    @Test func `another refusal and a refused request token are no death`() async throws {
        let deaths = Deaths()
        _ = try await RawServer.with(.answer(Self.refused)) { server in
            try await withClient(port: server.port) { client in
                await #expect(throws: KiteError.self) { try await client.watched(by: deaths.watch).orders() }
            }
        }
        _ = try await RawServer.with(.answer(Self.dead)) { server in
            try await withClient(port: server.port) { client in
                await #expect(throws: KiteError.self) {
                    try await client.watched(by: deaths.watch).generateSession(requestToken: "rt", apiSecret: "s")
                }
            }
        }
        #expect(deaths.tokens.withLock { $0 }.isEmpty)
    }
}
