import Testing
import Trading

@testable import Accounts

struct PendingLoginsTests {
    private let start = Timestamp(seconds: 1_800_000_000)
    private let account = TradingAccountID(1)
    private let user = UserID(2)

    @Test func `a state is good once, for its account and person`() {
        var logins = PendingLogins()
        let pending = logins.add(state: "one", account: account, user: user, at: start)
        #expect(pending.expiry == start.advanced(by: .seconds(600)))
        let taken = ["two", "one", "one"].map { logins.take(state: $0, at: start) }
        #expect(taken == [nil, pending, nil])
    }

    @Test(arguments: [(599, true), (600, false), (601, false)])
    func `a state lives ten minutes`(seconds: Int64, isGood: Bool) {
        var logins = PendingLogins()
        _ = logins.add(state: "one", account: account, user: user, at: start)
        let taken = logins.take(state: "one", at: start.advanced(by: .seconds(seconds)))
        #expect((taken != nil) == isGood)
    }

    @Test func `beginning again forgets the first state, of this person and account only`() {
        var logins = PendingLogins()
        _ = logins.add(state: "one", account: account, user: user, at: start)
        _ = logins.add(state: "other person", account: account, user: UserID(3), at: start)
        _ = logins.add(state: "other account", account: TradingAccountID(9), user: user, at: start)
        _ = logins.add(state: "two", account: account, user: user, at: start)
        let taken = ["one", "two", "other person", "other account"].map { logins.take(state: $0, at: start) != nil }
        #expect(taken == [false, true, true, true])
    }

    @Test func `what waits is bounded`() {
        var logins = PendingLogins()
        for number in 0...PendingLogins.capacity {
            _ = logins.add(
                state: "\(number)", account: TradingAccountID(Int64(number)), user: user,
                at: start.advanced(by: .milliseconds(number)))
        }
        let now = start.advanced(by: .seconds(2))
        let taken = ["0", "1"].map { logins.take(state: $0, at: now) != nil }
        #expect(taken == [false, true])
    }
}

struct BrokerSessionTokenTests {
    @Test func `token and time are one secret, both ways`() {
        let session = BrokerSessionToken(accessToken: Secret("a b"), loginTime: Timestamp(seconds: 1_800_000_000))
        #expect(session.sealed == Secret("1800000000 a b"))
        #expect(BrokerSessionToken(sealed: session.sealed) == session)
        #expect(!"\(session)".contains("a b"))
    }

    @Test(arguments: ["", "token", "x token", "1800000000", "1800000000 "])
    func `anything else is no session`(text: String) {
        #expect(BrokerSessionToken(sealed: Secret(text)) == nil)
    }

    @Test func `only the owner's word, with what it takes, allows to sign in without him`() {
        let all: [CredentialField: Secret] = [
            .password: Secret("p"), .totpSeed: Secret("s"), .unattendedLogin: Secret("on"),
        ]
        #expect(BrokerCredentials(all).allowsUnattendedLogin)
        for field in all.keys {
            #expect(!BrokerCredentials(all.filter { $0.key != field }).allowsUnattendedLogin)
        }
        let off = all.merging([.unattendedLogin: Secret("off")]) { $1 }
        #expect(!BrokerCredentials(off).allowsUnattendedLogin)
    }
}
