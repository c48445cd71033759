import Accounts
import Gateway
import Synchronization
import Testing
import Trading

@testable import Server

/// The life of logins over a stub of Kite, with six in the morning when the test says.
@Suite(.serialized, .timeLimit(.minutes(2))) struct BrokerSessionsTests {
    @Test func `an unattended account trades, stops at six and goes on minutes later without a person`() async throws {
        try await SessionFixture.run(.unattended, at: "2026-08-18 09:00:00") { it in
            try await it.wait { await it.isReady }
            #expect(await it.state == .signedIn)
            #expect(try await it.place("one").status == .acknowledged)
            it.clock.move(to: try SessionFixture.time("2026-08-19 05:30:00"))
            #expect(await it.state == .expiring)
            #expect(try await it.place("two").status == .acknowledged)

            it.clock.move(to: try SessionFixture.time("2026-08-19 06:00:00"))
            let error = await #expect(throws: GatewayError.self) { try await it.place("three") }
            guard case .signedOut(let reason) = error else { throw StartError.machine("another error") }
            #expect(reason.contains("2026-08-19 06:00:00"))
            let standing = try #require(await it.sessions.standing(of: it.account.id))
            #expect(standing.state == .signedOut)
            #expect(standing.nextSignIn == (try SessionFixture.time("2026-08-19 06:02:00")))
            #expect(it.kite.state.withLock { $0.passwordLogins } == 1)

            it.kite.kill()
            it.clock.move(to: try SessionFixture.time("2026-08-19 06:02:00"))
            try await it.wait { await it.isReady }
            #expect(try await it.place("three").status == .acknowledged)
            let seen = it.kite.state.withLock { ($0.passwordLogins, $0.placedWith, $0.refusals) }
            #expect(seen.0 == 2)
            #expect(seen.1.count == 3 && seen.1[0] == seen.1[1] && seen.1[1] != seen.1[2])
            let renewed = try #require(await it.sessions.standing(of: it.account.id))
            #expect(renewed.validUntil == (try SessionFixture.time("2026-08-20 06:00:00")))
        }
    }

    @Test func `a token that the broker refuses is replaced at once, once`() async throws {
        try await SessionFixture.run(.unattended, at: "2026-08-18 09:00:00") { it in
            try await it.wait { await it.isReady }
            it.clock.move(by: .seconds(120))
            it.kite.kill()
            try await it.wait { it.kite.state.withLock { $0.passwordLogins } == 2 }
            try await it.wait { await it.isReady }
            #expect(try await it.place("one").status == .acknowledged)
            #expect(it.kite.state.withLock { $0.passwordLogins } == 2)
        }
    }

    @Test func `a kept session is used after a restart, without a login`() async throws {
        try await SessionFixture.run(
            .unattended, at: "2026-08-18 11:00:00", stored: ("AT0", "2026-08-18 09:00:00"),
            prepare: { kite in kite.state.withLock { $0.livingTokens = ["AT0"] } }
        ) { it in
            try await it.wait { await it.isReady }
            #expect(it.kite.state.withLock { $0.passwordLogins } == 0)
        }
    }

    @Test func `a kept session of yesterday is not tried, and a person is asked for`() async throws {
        try await SessionFixture.run(
            .person, at: "2026-08-19 11:00:00", stored: ("AT0", "2026-08-18 09:00:00"),
            prepare: { kite in kite.state.withLock { $0.livingTokens = ["AT0"] } }
        ) { it in
            let standing = try #require(await it.sessions.standing(of: it.account.id))
            #expect(standing.state == .signedOut)
            #expect(standing.nextSignIn == nil)
            #expect(standing.reason?.contains("2026-08-19 06:00:00") == true)
            #expect(it.desk.session(of: it.account.id) == nil)
        }
    }

    @Test func `a token that another process keeps is taken up within a look`() async throws {
        try await SessionFixture.run(.person, at: "2026-08-18 09:00:00") { it in
            #expect(await it.state == .signedOut)
            it.kite.state.withLock { $0.livingTokens = ["CLI1"] }
            let session = BrokerSessionToken(accessToken: Secret("CLI1"), loginTime: it.clock.now)
            try await it.vault.replace(.session, with: session.sealed, of: it.account.id)
            try await it.wait { await it.isReady }
            // A later login takes over from a session that still works, with no order in between refused.
            it.kite.state.withLock { $0.livingTokens = ["CLI1", "CLI2"] }
            let next = BrokerSessionToken(
                accessToken: Secret("CLI2"), loginTime: it.clock.now.advanced(by: .seconds(1)))
            try await it.vault.replace(.session, with: next.sealed, of: it.account.id)
            var number = 0
            while it.kite.state.withLock({ $0.placedWith.last }) != "CLI2", number < 500 {
                number += 1
                #expect(try await it.place("order \(number)").brokerOrderID != nil)
            }
            #expect(it.kite.state.withLock { $0.placedWith.last } == "CLI2")
            #expect(it.kite.state.withLock { $0.placedWith.count } == number)
        }
    }

    @Test func `a wrong password is sent once, until somebody types another`() async throws {
        try await SessionFixture.run(.wrongPassword, at: "2026-08-18 09:00:00") { it in
            #expect(await it.state == .signedOut)
            let reason = await it.sessions.standing(of: it.account.id)?.reason
            #expect(reason?.contains("Invalid username or password.") == true)
            for _ in 0..<20 {
                it.clock.move(by: .seconds(3_600))
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(it.kite.state.withLock { $0.passwordLogins } == 1)
            try await it.vault.replace(.password, with: Secret("hunter-22"), of: it.account.id)
            try await it.wait { await it.isReady }
            #expect(it.kite.state.withLock { $0.passwordLogins } == 2)
        }
    }

    @Test func `a login elsewhere that ends our session is taken over rather than fought`() async throws {
        try await SessionFixture.run(.unattended, at: "2026-08-18 09:00:00") { it in
            try await it.wait { await it.isReady }
            it.clock.move(by: .seconds(120))
            let session = BrokerSessionToken(accessToken: Secret("CLI"), loginTime: it.clock.now)
            try await it.vault.replace(.session, with: session.sealed, of: it.account.id)
            it.kite.state.withLock { $0.livingTokens = ["CLI"] }
            try await it.wait {
                (try? await it.place("probe \(UInt64.random(in: 0...UInt64.max))"))?.brokerOrderID != nil
            }
            #expect(it.kite.state.withLock { $0.placedWith.last } == "CLI")
            #expect(it.kite.state.withLock { $0.passwordLogins } == 1)
        }
    }

    @Test func `instruments that cannot be read hold the account back only until they can`() async throws {
        try await SessionFixture.run(
            .unattended, at: "2026-08-18 09:00:00",
            prepare: { kite in kite.state.withLock { $0.hidesInstruments = true } }
        ) { it in
            let standing = try #require(await it.sessions.standing(of: it.account.id))
            #expect(standing.state == .signedIn && standing.reason != nil)
            #expect(it.desk.session(of: it.account.id) == nil)
            it.kite.state.withLock { $0.hidesInstruments = false }
            it.clock.move(by: BrokerSessions.troublePause)
            try await it.wait { await it.isReady }
            #expect(await it.sessions.standing(of: it.account.id)?.reason == nil)
            #expect(it.kite.state.withLock { $0.passwordLogins } == 1)
        }
    }

    @Test func `a web that is down is tried again`() async throws {
        try await SessionFixture.run(
            .unattended, at: "2026-08-18 09:00:00", prepare: { kite in kite.state.withLock { $0.failsWithPage = true } }
        ) { it in
            let standing = try #require(await it.sessions.standing(of: it.account.id))
            #expect(standing.nextSignIn == it.clock.now.advanced(by: .seconds(60)))
            it.kite.state.withLock { $0.failsWithPage = false }
            it.clock.move(by: .seconds(60))
            try await it.wait { await it.isReady }
            #expect(it.kite.state.withLock { $0.passwordLogins } == 2)
        }
    }
}

@Suite(.serialized, .timeLimit(.minutes(2))) struct KiteLoginsTests {
    private func answer(_ invitation: LoginInvitation, _ token: String, status: String = "success") -> LoginReturn {
        LoginReturn(state: invitation.state, status: status, requestToken: Secret(token))
    }

    @Test func `a person signs an account in and the session is there`() async throws {
        try await SessionFixture.run(.person, at: "2026-08-18 09:00:00") { it in
            let invitation = try await it.logins.begin(it.account, by: it.owner)
            #expect(
                invitation.url.contains("/connect/login?v=3&api_key=key-1&redirect_params=state%3D\(invitation.state)"))
            #expect(invitation.state.count == 64)
            let token = it.kite.mint()
            #expect(try await it.logins.finish(answer(invitation, token)).id == it.account.id)
            try await it.wait { await it.isReady }
            #expect(await it.state == .signedIn)
            #expect(try await it.accounts.account(it.account.id)?.status == .active)
            await #expect(throws: BrokerLoginError.unknownState) {
                try await it.logins.finish(answer(invitation, it.kite.mint()))
            }
        }
    }

    @Test func `a state is spent by the first try, and lives ten minutes`() async throws {
        try await SessionFixture.run(.person, at: "2026-08-18 09:00:00") { it in
            let first = try await it.logins.begin(it.account, by: it.owner)
            await #expect(throws: BrokerLoginError.declined) {
                try await it.logins.finish(answer(first, "RT", status: "failure"))
            }
            await #expect(throws: BrokerLoginError.unknownState) {
                try await it.logins.finish(answer(first, it.kite.mint()))
            }
            let second = try await it.logins.begin(it.account, by: it.owner)
            it.clock.move(by: .seconds(600))
            await #expect(throws: BrokerLoginError.unknownState) {
                try await it.logins.finish(answer(second, it.kite.mint()))
            }
        }
    }

    @Test func `somebody else's session is not kept, nor one for a person who lost the right`() async throws {
        try await SessionFixture.run(.person, at: "2026-08-18 09:00:00") { it in
            it.kite.state.withLock { $0.userID = "ZZ9999" }
            let invitation = try await it.logins.begin(it.account, by: it.owner)
            let error = await #expect(throws: BrokerLoginError.self) {
                try await it.logins.finish(answer(invitation, it.kite.mint()))
            }
            guard case .otherUser = error else {
                throw StartError.machine("another error: \(String(describing: error))")
            }
            let stranger = try await it.logins.begin(it.account, by: UserID(99))
            await #expect(throws: BrokerLoginError.notAllowed) {
                try await it.logins.finish(answer(stranger, it.kite.mint()))
            }
            #expect(try await it.vault.credentials(of: it.account.id).session == nil)
        }
    }

    @Test func `a request token that the broker does not know is refused`() async throws {
        try await SessionFixture.run(.person, at: "2026-08-18 09:00:00") { it in
            let invitation = try await it.logins.begin(it.account, by: it.owner)
            await #expect(throws: BrokerLoginError.refused("Token is invalid or has expired.")) {
                try await it.logins.finish(answer(invitation, "never given"))
            }
            #expect(await it.state == .signedOut)
        }
    }
}
