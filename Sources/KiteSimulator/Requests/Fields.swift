/// Names and values of a query string or a form body, in the order they were sent.
struct Fields: Sendable, Equatable {
    private var pairs: [(name: String, value: String)] = []

    /// No fields.
    init() {}

    /// Reads `application/x-www-form-urlencoded` text; a broken escape stands for itself.
    init(_ encoded: some Sequence<UInt8>) {
        var name: [UInt8] = []
        var value: [UInt8]?
        func decoded(_ bytes: [UInt8]) -> String { String(decoding: Self.unescaped(bytes), as: UTF8.self) }
        for byte in encoded {
            switch byte {
            case UInt8(ascii: "&"):
                if !name.isEmpty { pairs.append((decoded(name), decoded(value ?? []))) }
                name = []
                value = nil
            case UInt8(ascii: "=") where value == nil:
                value = []
            default:
                if value == nil { name.append(byte) } else { value?.append(byte) }
            }
        }
        if !name.isEmpty { pairs.append((decoded(name), decoded(value ?? []))) }
    }

    /// Adds the fields of another part of the request behind these.
    mutating func append(_ other: Fields) {
        pairs.append(contentsOf: other.pairs)
    }

    /// The first value under a name; nil where there is none or it is empty. Later repetitions do not count.
    subscript(name: String) -> String? {
        guard let value = pairs.first(where: { $0.name == name })?.value, !value.isEmpty else { return nil }
        return value
    }

    /// All values under a name, in order.
    func all(_ name: String) -> [String] {
        pairs.compactMap { $0.name == name ? $0.value : nil }
    }

    /// The first value under a name.
    ///
    /// - Throws: Kite's refusal for a missing field.
    func required(_ name: String) throws(KiteRefusal) -> String {
        guard let value = self[name] else { throw .missing(name) }
        return value
    }

    /// A truth value in any letter case; anything but `true` and `1` is false.
    func flag(_ name: String) -> Bool {
        guard let value = self[name]?.lowercased() else { return false }
        return value == "true" || value == "1"
    }

    static func == (left: Fields, right: Fields) -> Bool {
        left.pairs.elementsEqual(right.pairs) { $0 == $1 }
    }

    private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else { return bytes }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.count, let high = hexDigit(bytes[index + 1]),
                let low = hexDigit(bytes[index + 2])
            {
                output.append(high << 4 | low)
                index += 3
            } else {
                output.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                index += 1
            }
        }
        return output
    }

    /// A path segment with its escapes resolved; `+` stands for itself there.
    static func pathSegment(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        let bytes = Array(text.utf8).flatMap { $0 == UInt8(ascii: "+") ? Array("%2B".utf8) : [$0] }
        return String(decoding: unescaped(bytes), as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
