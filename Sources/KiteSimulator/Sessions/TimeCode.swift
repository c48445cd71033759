import Crypto
import Trading

/// One-time codes by time. Source: RFC 6238 over RFC 4226, SHA-1, six digits, thirty seconds.
enum TimeCode {
    /// The code of a moment; nil where the secret is not base32.
    static func code(secret: String, at time: Timestamp) -> String? {
        guard let key = base32(secret) else { return nil }
        var counter = UInt64(max(0, time.seconds) / 30).bigEndian
        let message = withUnsafeBytes(of: &counter) { Array($0) }
        let digest = Array(
            HMAC<Insecure.SHA1>.authenticationCode(for: message, using: SymmetricKey(data: key)))
        let offset = Int(digest[digest.count - 1] & 15)
        let number = digest[offset..<(offset + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let text = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - text.count) + text
    }

    /// The half minute since 1970 that a code is of: this one or one beside it; nil where it is of none of them.
    static func step(of code: String, secret: String, at time: Timestamp) -> Int64? {
        let offset = [0, -30, 30].first { Self.code(secret: secret, at: time.advanced(by: .seconds($0))) == code }
        return offset.map { (max(0, time.seconds) + Int64($0)) / 30 }
    }

    private static func base32(_ text: String) -> [UInt8]? {
        var output: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text.uppercased().utf8 where byte != UInt8(ascii: "=") && byte != UInt8(ascii: " ") {
            let value: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
            case UInt8(ascii: "2")...UInt8(ascii: "7"): value = byte - UInt8(ascii: "2") + 26
            default: return nil
            }
            bits = bits << 5 | UInt32(value)
            count += 5
            if count >= 8 {
                count -= 8
                output.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return output.isEmpty ? nil : output
    }
}
