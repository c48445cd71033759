import Accounts
import Testing

struct SecretTests {
    @Test func `no way of printing shows a secret`() {
        let secret = Secret("canary-7f3a")
        var dumped = ""
        dump(secret, to: &dumped)
        dump(BrokerCredentials([.apiSecret: secret]), to: &dumped)
        let shown = ["\(secret)", String(reflecting: secret), String(describing: [secret]), dumped]
        #expect(shown.allSatisfy { !$0.contains("canary") })
    }

    @Test func `secrets are equal when their texts are`() {
        #expect(Secret("abc") == Secret("abc"))
        #expect(Secret("abc") != Secret("abd"))
        #expect(Secret("abc") != Secret("abcd"))
    }

    @Test func `a random password keeps the rules and does not come twice`() {
        var generator = SystemRandomNumberGenerator()
        let passwords = (0..<100).map { _ in Secret.randomPassword(using: &generator) }
        #expect(passwords.allSatisfy { PasswordRules.fault(in: $0) == nil && $0.reveal().count == 20 })
        #expect(Set(passwords.map { $0.reveal() }).count == 100)
    }
}
