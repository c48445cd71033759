import Accounts
import Testing

struct PasswordRulesTests {
    @Test(arguments: [
        ("1234567", PasswordFault.tooShort),
        ("12345678", nil),
        ("with spaces in it ", nil),
        (String(repeating: "x", count: 128), nil),
        (String(repeating: "x", count: 129), .tooLong),
        ("पासवर्ड१", nil),
        (String(repeating: "🔑", count: 7), .tooShort),
        (String(repeating: "🔑", count: 128), nil),
        (String(repeating: "x", count: 1_048_576), .tooLong),
    ])
    func `length alone decides`(password: String, fault: PasswordFault?) {
        #expect(PasswordRules.fault(in: Secret(password)) == fault)
    }
}
