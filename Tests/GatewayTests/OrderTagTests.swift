import Crypto
import Testing

@testable import Gateway

struct OrderTagTests {
    /// Source: RFC 4648, section 10, without padding.
    @Test(arguments: [
        ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
        ("foobar", "MZXW6YTBOI"),
    ])
    func `base32 meets its published vectors`(text: String, encoded: String) {
        #expect(Base32.encode(text.utf8) == encoded)
    }

    private func tag(_ secret: UInt8, _ key: String) -> String {
        OrderTag(secret: SymmetricKey(data: [UInt8](repeating: secret, count: 32))).tag(for: key)
    }

    @Test func `a tag is twenty characters that every broker keeps`() {
        for key in ["", "a", "0198c2f0-7e1b-7cc4-a2b4-3a5d9d1f2e11", String(repeating: "x", count: 1_000), "ключ"] {
            let tag = tag(1, key)
            #expect(tag.utf8.count == 20)
            #expect(tag.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber) })
        }
    }

    /// Value: Python, base64.b32encode(hmac.new(bytes([1]) * 32, b"key-1", "sha256").digest())[:20].
    @Test func `the same secret and key give the same tag for ever`() {
        #expect(tag(1, "key-1") == "TBRQUCEZMIOHEGQC4LT3")
        #expect(tag(1, "key-1") == tag(1, "key-1"))
    }

    @Test func `other accounts and other keys give other tags`() {
        let tags = (0..<20 as Range<UInt8>).flatMap { secret in (0..<500).map { tag(secret, "key-\($0)") } }
        #expect(Set(tags).count == tags.count)
    }
}
