/// Texts made of chance.
enum RandomText {
    /// 32 letters and digits, as the broker's tokens are.
    static func token(_ random: RandomBytes) -> String {
        text(32, of: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", random)
    }

    /// So many digits, the first of them not zero.
    static func digits(_ count: Int, _ random: RandomBytes) -> String {
        text(1, of: "123456789", random) + text(count - 1, of: "0123456789", random)
    }

    /// A universally unique identifier of the fourth version. Source: RFC 9562, section 5.4.
    static func uuid(_ random: RandomBytes) -> String {
        var bytes = random(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (place, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(place) { text.append(UInt8(ascii: "-")) }
            text.append(contentsOf: [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func text(_ count: Int, of alphabet: String, _ random: RandomBytes) -> String {
        let letters = Array(alphabet.utf8)
        // Bytes past the last whole multiple of the alphabet would favour its first letters.
        let fair = 256 / letters.count * letters.count
        var text: [UInt8] = []
        while text.count < count {
            for byte in random(count + count / 2 + 1) where Int(byte) < fair && text.count < count {
                text.append(letters[Int(byte) % letters.count])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
