import Testing

@testable import WebSocket

struct HandshakeTests {
    @Test func `the key of RFC 6455 section 1_3 is answered as there`() {
        #expect(Handshake.accept(for: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    /// RFC 3174, section 7.3, and the empty message.
    @Test(arguments: [
        ("", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
        ),
        (
            "0123456701234567012345670123456701234567012345670123456701234567", 10,
            "dea356a2cddd90c7a7ecedc5ebb563934f460452"
        ),
    ])
    func `SHA-1 of a published message`(unit: String, count: Int, digest: String) {
        let message = Array(String(repeating: unit, count: count).utf8)
        let hex = SHA1.digest(of: message).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        #expect(hex.joined() == digest)
    }

    /// Around the padding's edges against the message lengths' own digests from coreutils' sha1sum.
    @Test(arguments: [
        (55, "c1c8bbdc22796e28c0e15163d20899b65621d65a"), (56, "c2db330f6083854c99d4b5bfb6e8f29f201be699"),
        (63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5"), (64, "0098ba824b5c16427bd7a1122a5a442a25ec644d"),
        (65, "11655326c708d70319be2610e8a57d9a5b959d3b"),
    ])
    func `SHA-1 pads at a block's edge`(length: Int, digest: String) {
        let hex = SHA1.digest(of: [UInt8](repeating: 0x61, count: length)).map { byte in
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
