import Accounts
import Testing

struct EmailAddressTests {
    @Test(arguments: [
        ("ann@example.com", "ann@example.com"),
        ("  Ann.Lee+nse@Example.CO.IN\n", "ann.lee+nse@example.co.in"),
        ("o'neil@x-y.io", "o'neil@x-y.io"),
        ("a@b.c1x", "a@b.c1x"),
    ])
    func `an address is trimmed and made small`(typed: String, kept: String) {
        #expect(EmailAddress(typed)?.text == kept)
    }

    @Test(arguments: [
        "", " ", "ann", "@example.com", "ann@", "ann@example", "a@b@c.de", ".ann@example.com", "ann.@example.com",
        "a..b@example.com", "ann@.com", "ann@example..com", "ann@-x.com", "ann@x-.com", "ann@1.2.3.4", "a b@c.de",
        "ann@ex_ample.com", "ann@example.com\r\nBcc: eve@example.com", "ann\u{0}@example.com", "\"ann\"@example.com",
        "аnn@example.com", "ann@exämple.com", "ann'--@example.com; DROP TABLE users",
        String(repeating: "a", count: 65) + "@example.com",
    ])
    func `what is not an address is refused`(typed: String) {
        #expect(EmailAddress(typed) == nil)
    }

    @Test func `254 characters are accepted and 255 are not`() {
        let labels = Array(repeating: String(repeating: "b", count: 61), count: 3).joined(separator: ".")
        let tail = "@\(labels).com"
        let fits = String(repeating: "a", count: 64) + tail
        #expect(fits.utf8.count == 64 + 1 + 185 + 4)
        #expect(EmailAddress(fits) != nil)
        #expect(EmailAddress(String(repeating: "a", count: 64) + "@\(labels)b.com") == nil)
    }
}
