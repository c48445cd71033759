import Accounts
import KiteConnect
import Testing
import Trading

@testable import Server

struct SessionPlanTests {
    private func time(_ text: String) throws -> Timestamp { Timestamp(try #require(KiteTime(text))) }

    private func session(_ token: String, _ login: String) throws -> BrokerSessionToken {
        BrokerSessionToken(accessToken: Secret(token), loginTime: try time(login))
    }

    private func plan(
        _ method: SessionPlan.Method, login: String? = "2026-08-18 09:00:00", chance: Double = 0
    ) throws -> SessionPlan {
        var plan = SessionPlan()
        plan.method = method
        if let login { plan.offer(try session("A", login), chance: chance) }
        return plan
    }

    @Test(arguments: [SessionPlan.Method.person, .unattended, .paper], ["2026-08-18 09:00:00", "2026-08-19 05:59:59"])
    func `a session works until the end of its day`(method: SessionPlan.Method, now: String) throws {
        #expect(try plan(method).step(at: time(now)) == .run(session("A", "2026-08-18 09:00:00")))
    }

    @Test func `an unattended account waits from six o'clock to its planned moment`() throws {
        let plan = try plan(.unattended, chance: 0.5)
        let reason = "The login at the broker ended at 2026-08-19 06:00:00 Indian time."
        let moment = try time("2026-08-19 06:02:00")
        #expect(plan.step(at: try time("2026-08-19 06:00:00")) == .wait(until: moment, reason: reason))
        #expect(plan.step(at: try time("2026-08-19 06:01:59")) == .wait(until: moment, reason: reason))
        #expect(plan.step(at: moment) == .signIn)
    }

    @Test func `without that permission a person is asked for, and never a sign-in tried`() throws {
        let plan = try plan(.person)
        for now in ["2026-08-19 06:00:00", "2026-08-19 06:10:00", "2026-08-25 12:00:00"] {
            guard case .askPerson(let reason) = plan.step(at: try time(now)) else {
                Issue.record("nobody was asked at \(now)")
                return
            }
            #expect(reason.contains("06:00:00"))
        }
    }

    @Test func `a first start signs in at once, or asks`() throws {
        let now = try time("2026-08-18 09:00:00")
        #expect(try plan(.unattended, login: nil).step(at: now) == .signIn)
        guard case .askPerson = try plan(.person, login: nil).step(at: now) else {
            Issue.record("nobody was asked")
            return
        }
    }

    @Test func `an old session of the vault is not tried at a start long after`() throws {
        #expect(try plan(.unattended, login: "2026-08-17 09:00:00").step(at: time("2026-08-18 09:00:00")) == .signIn)
    }

    @Test func `a refused token is not used again and news of an older one changes nothing`() throws {
        var plan = try plan(.unattended)
        let now = try time("2026-08-18 10:00:00")
        var taken = [plan.refuse(Secret("older"))]
        #expect(plan.step(at: now) == .run(try session("A", "2026-08-18 09:00:00")))
        taken += [plan.refuse(Secret("A")), plan.refuse(Secret("A"))]
        #expect(taken == [false, true, false])
        #expect(plan.step(at: now) == .signIn)
        plan.offer(try session("B", "2026-08-18 10:00:01"), chance: 0)
        #expect(plan.step(at: now) == .run(try session("B", "2026-08-18 10:00:01")))
    }

    @Test func `an older session never takes the place of a newer one`() throws {
        var plan = try plan(.unattended)
        let taken = [
            plan.offer(try session("old", "2026-08-18 08:59:59"), chance: 0),
            plan.offer(try session("A", "2026-08-18 09:00:00"), chance: 0),
            plan.offer(try session("same second", "2026-08-18 09:00:00"), chance: 0),
        ]
        #expect(taken == [false, false, true])
    }

    @Test(arguments: [
        KiteLoginError.Code.wrongPassword, .accountLocked, .captcha, .secondFactor, .otherUser, .settings, .leavesHost,
    ])
    func `a login that would do harm is not tried again until somebody changes the credentials`(
        code: KiteLoginError.Code
    ) throws {
        var plan = try plan(.unattended, login: nil)
        let now = try time("2026-08-18 09:00:00")
        plan.failed(KiteLoginError(code, "no"), at: now)
        for seconds in [0, 60, 86_400 * 30] {
            guard case .askPerson(let reason) = plan.step(at: now.advanced(by: .seconds(seconds))) else {
                Issue.record("it tried again after \(seconds) s")
                return
            }
            #expect(reason.contains("no"))
        }
        plan.credentialsChanged()
        #expect(plan.step(at: now.advanced(by: .seconds(60))) == .signIn)
    }

    @Test(arguments: [KiteLoginError.Code.wrongCode, .unknownPage, .exchange, .declined])
    func `a doubtful failure is tried once more`(code: KiteLoginError.Code) throws {
        var plan = try plan(.unattended, login: nil)
        let now = try time("2026-08-18 09:00:00")
        plan.failed(KiteLoginError(code, "no"), at: now)
        guard case .wait(let moment, _) = plan.step(at: now) else {
            Issue.record("it was not tried again")
            return
        }
        #expect(moment == now.advanced(by: .seconds(60)))
        plan.failed(KiteLoginError(code, "no"), at: moment)
        guard case .askPerson = plan.step(at: moment.advanced(by: .seconds(86_400))) else {
            Issue.record("it was tried a third time")
            return
        }
    }

    @Test func `passing troubles are waited out, longer each time and never more than half an hour`() throws {
        var pacing = SignInPacing()
        var now = try time("2026-08-18 09:00:00")
        var gaps: [Int64] = []
        for _ in 0..<8 {
            pacing.failed(KiteLoginError(.unreachable, "no"), at: now)
            gaps.append(pacing.notBefore.since(now).components.seconds)
            now = pacing.notBefore
        }
        #expect(gaps == [60, 120, 240, 480, 960, 1_800, 1_800, 1_800])
        #expect(pacing.bar == nil)
        now = now.advanced(by: SignInPacing.calm)
        pacing.succeeded(at: now)
        #expect(pacing.notBefore == now.advanced(by: .seconds(60)))
    }

    @Test func `a broker that refuses every new token does not get a storm of logins`() throws {
        var plan = try plan(.unattended, login: nil)
        var now = try time("2026-08-18 09:00:00")
        let end = now.advanced(by: .seconds(3_600))
        var logins = 0
        while now < end {
            if plan.step(at: now) == .signIn {
                logins += 1
                plan.signedIn(at: now)
                plan.offer(BrokerSessionToken(accessToken: Secret("\(logins)"), loginTime: now), chance: 0)
                _ = plan.refuse(Secret("\(logins)"))
            }
            now = now.advanced(by: .seconds(2))
        }
        #expect((5...7).contains(logins))
    }
}
