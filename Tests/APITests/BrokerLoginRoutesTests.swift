import Accounts
import Gateway
import HTTPTypes
import JSON
import Synchronization
import Testing
import Trading

@testable import API

/// Logins that do as the test says.
private final class ScriptedLogins: BrokerLogins {
    private let state: Mutex<(standing: BrokerStanding?, failure: BrokerLoginError?, returns: [LoginReturn])>

    init(_ standing: BrokerStanding? = nil, failure: BrokerLoginError? = nil) {
        state = Mutex((standing, failure, []))
    }

    var returns: [LoginReturn] { state.withLock { $0.returns } }

    func standing(of account: TradingAccountID) async -> BrokerStanding? { state.withLock { $0.standing } }

    func begin(_ account: TradingAccount, by user: UserID) async throws(BrokerLoginError) -> LoginInvitation {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return LoginInvitation(
            url: "https://kite.example/\(account.id)/\(user)", state: "S", expiry: ManualClock.origin)
    }

    func finish(_ answer: LoginReturn) async throws(BrokerLoginError) -> TradingAccount {
        let failure = state.withLock { state in
            state.returns.append(answer)
            return state.failure
        }
        if let failure { throw failure }
        return TradingAccount(
            id: TradingAccountID(1), owner: UserID(1), broker: .kite, brokerUserID: "DW1234", name: "Main",
            endpoint: nil, status: .active, linkedTime: ManualClock.origin)
    }
}

struct BrokerLoginRoutesTests {
    @Test func `whoever may view sees how the login stands, and no secret`() async throws {
        let until = Timestamp(indianDate: CalendarDate(daysSinceEpoch: 20_418), secondOfDay: 6 * 3_600)
        let standing = BrokerStanding(.expiring, validUntil: until, isUnattended: true)
        try await House.run {
            $0.logins = ScriptedLogins(standing)
        } _: { house in
            let reply = try await house.send(.get, "/accounts/DW1234/session", as: house.vera)
            #expect(
                reply.text
                    == #"{"status":"success","account_id":"DW1234","state":"expiring","valid_until":"\#(until)","#
                    + #""reason":null,"next_sign_in":null,"unattended":true}"#)
            #expect(try await house.send(.get, "/accounts/DW1234/session", as: house.eve).status == 404)
            #expect(try await house.send(.get, "/accounts/DW1234/session", as: nil).status == 401)
        }
    }

    @Test func `an account that is not looked after here stands elsewhere`() async throws {
        try await House.run { house in
            let reply = try await house.send(.get, "/accounts/DW1234/session", as: house.ann)
            #expect(reply.string("state") == "elsewhere")
            #expect(reply["unattended"] == .null)
            let login = try await house.send(.post, "/accounts/DW1234/login/kite", as: house.ann)
            #expect(login.string("code") == "login_not_supported")
        }
    }

    @Test func `only whoever may manage begins a login`() async throws {
        try await House.run {
            $0.logins = ScriptedLogins()
        } _: { house in
            let path = "/accounts/DW1234/login/kite"
            let reply = try await house.send(.post, path, as: house.ann)
            #expect(reply.status == 200)
            #expect(reply.string("login_url") == "https://kite.example/1/1")
            #expect(reply.string("state") == "S")
            #expect(reply.string("expires_at") == "\(ManualClock.origin)")
            #expect(reply.headers[.cacheControl] == "no-store")
            for user in [house.tom, house.vera] {
                let refused = try await house.send(.post, path, as: user)
                #expect(refused.status == 403)
                #expect(refused.string("code") == "permission_missing")
            }
            #expect(try await house.send(.post, path, as: house.eve).status == 404)
            #expect(try await house.send(.post, path, as: nil).status == 401)
            #expect(try await house.send(.get, path, as: house.ann).status == 405)
        }
    }

    @Test func `the broker's way back needs no token and shows a page without one`() async throws {
        let logins = ScriptedLogins()
        try await House.run {
            $0.logins = logins
        } _: { house in
            let uri = "/accounts/kite/callback?request_token=RT77&action=login&status=success&state=S"
            let reply = try await house.send(.get, uri, as: nil)
            #expect(reply.status == 200)
            #expect(reply.headers[.contentType]?.hasPrefix("text/html") == true)
            #expect(reply.headers[.cacheControl] == "no-store")
            #expect(reply.text.contains("DW1234") && !reply.text.contains("RT77"))
            #expect(logins.returns.map(\.state) == ["S"])
            #expect(logins.returns.map(\.status) == ["success"])
            #expect(logins.returns.first?.requestToken == Secret("RT77"))
        }
    }

    @Test(arguments: [
        "", "?status=success&request_token=RT", "?state=&status=success&request_token=RT",
        "?status=success&request_token=RT&state=\(String(repeating: "s", count: 257))",
    ])
    func `a return without a state is nobody's`(query: String) async throws {
        let logins = ScriptedLogins()
        try await House.run {
            $0.logins = logins
        } _: { house in
            let reply = try await house.send(.get, "/accounts/kite/callback" + query, as: nil)
            #expect(reply.status == 400)
            #expect(reply.string("code") == "invalid_login_state")
            #expect(logins.returns.isEmpty)
        }
    }

    @Test func `a return without a token is never a success`() async throws {
        let logins = ScriptedLogins()
        try await House.run {
            $0.logins = logins
        } _: { house in
            _ = try await house.send(.get, "/accounts/kite/callback?status=success&state=S", as: nil)
            let odd = try await house.send(
                .get, "/accounts/kite/callback?status=success&state=S&request_token=a%20b", as: nil)
            #expect(odd.string("code") == "invalid_parameter")
            #expect(logins.returns.map(\.status) == [""])
        }
    }

    @Test(arguments: [
        (BrokerLoginError.unknownState, 400, "invalid_login_state"), (.notAllowed, 403, "permission_missing"),
        (.declined, 400, "login_declined"), (.otherUser("x"), 409, "broker_user_mismatch"),
        (.refused("x"), 400, "rejected_by_broker"), (.unreachable("x"), 502, "broker_unreachable"),
        (.unsupported("x"), 400, "login_not_supported"), (.unavailable, 503, "store_unavailable"),
    ])
    func `every failure of a login has its code`(error: BrokerLoginError, status: Int, code: String) async throws {
        try await House.run {
            $0.logins = ScriptedLogins(failure: error)
        } _: { house in
            let reply = try await house.send(
                .get, "/accounts/kite/callback?request_token=RT&status=success&state=S", as: nil)
            #expect(reply.status == status)
            #expect(reply.string("code") == code)
        }
    }

    @Test func `an account whose login has ended refuses orders with a code of its own`() async throws {
        try await House.run { house in
            await house.session.setLogin(.missing(reason: "The login ended; it is renewed at 06:02."))
            let refused = try await house.send(
                .post, "/accounts/DW1234/orders", as: house.ann, House.limitOrder)
            #expect(refused.status == 503)
            #expect(refused.string("code") == "broker_session_expired")
            #expect(refused.string("detail") == "The login ended; it is renewed at 06:02.")
            #expect(house.broker.commands == 0)
            let account = try await house.send(.get, "/accounts/DW1234", as: house.ann)
            #expect(account["account", "session_state"]?.string == "signed_out")
            #expect(try await house.send(.get, "/health", as: nil).string("status") == "degraded")
            await house.session.setLogin(.valid(until: nil))
            #expect(
                try await house.send(.post, "/accounts/DW1234/orders", as: house.ann, House.limitOrder).status == 200)
        }
    }
}
