/// Reads the query of an address that came from outside.
enum QueryText {
    /// Names and values in sequence, decoded; nil where an escape is malformed or the text is not UTF-8.
    static func pairs(_ query: some StringProtocol) -> [(name: String, value: String)]? {
        var result: [(name: String, value: String)] = []
        for part in query.utf8.split(separator: UInt8(ascii: "&")) {
            let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(Array(halves[0])),
                let value = halves.count == 2 ? decoded(Array(halves[1])) : ""
            else { return nil }
            result.append((name, value))
        }
        return result
    }

    /// What lies between the first `?` and a `#` of an address of any scheme; nil where it has no query.
    static func query(of address: some StringProtocol) -> Substring? {
        let whole = Substring(address.prefix { $0 != "#" })
        return whole.firstIndex(of: "?").map { whole[whole.index(after: $0)...] }
    }

    /// The value of a name that occurs exactly once.
    static func only(_ name: String, in pairs: [(name: String, value: String)]) -> String? {
        let found = pairs.filter { $0.name == name }
        return found.count == 1 ? found[0].value : nil
    }

    private static func decoded(_ bytes: [UInt8]) -> String? {
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "+"): output.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard index + 2 < bytes.count, let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2])
                else { return nil }
                output.append(high << 4 | low)
                index += 2
            default: output.append(bytes[index])
            }
            index += 1
        }
        return String(validating: output, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
