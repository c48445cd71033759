import Crypto

/// Makes the one-time codes of a second factor from its seed.
///
/// Source: RFC 6238 over RFC 4226, SHA-1, six digits, steps of thirty seconds.
public struct KiteTimeCode: Sendable {
    /// How long a code holds, in seconds.
    public static let stepSeconds: Int64 = 30

    private let key: SymmetricKey

    /// Takes the seed in base32, as the broker shows it; blanks, hyphens, `=` and case do not matter. Nil for any other
    /// text.
    public init?(seed: String) {
        guard let bytes = Self.base32(seed) else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// The six digits of a moment; times before 1970 count as 1970.
    public func code(at time: KiteTime) -> String { code(at: time, digits: 6) }

    /// Seconds until the code of a moment gives way to the next, 1 to 30.
    public static func secondsLeft(at time: KiteTime) -> Int64 {
        stepSeconds - max(0, time.unixSeconds) % stepSeconds
    }

    /// The digits of a moment; RFC 6238's own examples have eight.
    func code(at time: KiteTime, digits: Int) -> String {
        let counter = UInt64(max(0, time.unixSeconds) / Self.stepSeconds)
        let message = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: counter >> UInt64($0)) }
        let digest = Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: key))
        let offset = Int(digest[digest.count - 1] & 15)
        let number = digest[offset..<(offset + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let modulus = (0..<digits).reduce(UInt32(1)) { product, _ in product * 10 }
        let text = String(number % modulus)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// Bytes of base32 text; nil where another character is among it or nothing is left. Source: RFC 4648, section 6.
    static func base32(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for character in text.utf8 {
            let value: UInt8
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - UInt8(ascii: "a")
            case UInt8(ascii: "2")...UInt8(ascii: "7"): value = character - UInt8(ascii: "2") + 26
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "="): continue
            default: return nil
            }
            bits = bits << 5 | UInt32(value)
            count += 5
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        return bytes.isEmpty ? nil : bytes
    }
}

extension KiteTimeCode: CustomStringConvertible, CustomReflectable {
    /// Always the same words; never the seed.
    public var description: String { "KiteTimeCode([redacted])" }

    /// Shows nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
