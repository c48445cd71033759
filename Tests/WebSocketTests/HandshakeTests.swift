import Testing

@testable import WebSocket

struct HandshakeTests {
    @Test func `the key of RFC 6455 section 1_3 is answered as there`() {
        #expect(Handshake.accept(for: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    /// RFC 3174, section 7.3, and the empty message.
    @Test(arguments: [
        ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
        ),
        (String(repeating: "a", count: 1_000_000), "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
        (
            String(repeating: "0123456701234567012345670123456701234567012345670123456701234567", count: 10),
            "dea356a2cddd90c7a7ecedc5ebb563934f460452"
        ),
    ])
    func `SHA-1 of a published message`(message: String, digest: String) {
        let hex = SHA1.digest(of: Array(message.utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        #expect(hex.joined() == digest)
    }

    @Test func `keys are valid and differ`() {
        let keys = (0..<20).map { _ in Handshake.makeKey() }
        #expect(Set(keys).count == 20)
        #expect(keys.allSatisfy { Handshake.isValid(key: $0) })
    }

    @Test(arguments: ["", "short", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ!!", "dGhlIHNhbXBsZSBub25jZQ==A"])
    func `a key that is not 16 bytes in base64 is refused`(key: String) {
        #expect(!Handshake.isValid(key: key))
    }
}
