import Crypto

/// Derives the tag by which the broker's book knows an order.
///
/// The same account secret and key give the same tag for ever, on any node and after any restore, so that an order
/// can be found again even when our own records are lost.
package struct OrderTag: Sendable {
    private let secret: SymmetricKey

    /// Takes the account's secret.
    package init(secret: SymmetricKey) {
        self.secret = secret
    }

    /// The tag of a key: the first 20 characters of base32 over HMAC-SHA256.
    package func tag(for idempotencyKey: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Array(idempotencyKey.utf8), using: secret)
        return String(Base32.encode(code).prefix(20))
    }
}

/// RFC 4648 base32 without padding.
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// Encodes bytes, five bits a character.
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var output: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                output.append(alphabet[Int(buffer >> UInt32(bits)) & 31])
            }
            buffer &= 1 << UInt32(bits) - 1
        }
        if bits > 0 { output.append(alphabet[Int(buffer << UInt32(5 - bits)) & 31]) }
        return String(decoding: output, as: UTF8.self)
    }
}
