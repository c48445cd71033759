/// Takes tokens and passwords out of text about to be logged; the last net, not the first.
enum Redaction {
    /// Members of queries and JSON whose values never appear; a name matches by its end, as `access_token` by `token`.
    private static let names = ["token", "password", "secret", "checksum", "totp"].map { Array($0.utf8) }
    private static let header = Array("authorization".utf8)
    private static let mark = Array("<redacted>".utf8)

    /// The text with the values of `token=`, `"password":`, `Authorization:` and their like replaced.
    static func strip(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }) else { return text }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard let (start, end) = value(in: bytes, at: index) else {
                result.append(bytes[index])
                index += 1
                continue
            }
            result += bytes[index..<start]
            result += mark
            index = end
        }
        return result.count == bytes.count && result == bytes ? text : String(decoding: result, as: UTF8.self)
    }

    /// The range of the value, where a name that must not be told begins at an index.
    private static func value(in bytes: [UInt8], at index: Int) -> (start: Int, end: Int)? {
        if matches(header, in: bytes, at: index) {
            return span(in: bytes, after: index + header.count, isHeader: true)
        }
        for name in names where matches(name, in: bytes, at: index) {
            return span(in: bytes, after: index + name.count, isHeader: false)
        }
        return nil
    }

    private static func span(in bytes: [UInt8], after nameEnd: Int, isHeader: Bool) -> (start: Int, end: Int)? {
        var index = nameEnd
        let isQuoted = index < bytes.count && isQuote(bytes[index])
        if isQuoted { index += 1 }
        skipSpaces(bytes, &index)
        guard index < bytes.count else { return nil }
        let isColon = bytes[index] == UInt8(ascii: ":")
        guard bytes[index] == UInt8(ascii: "=") || (isColon && (isQuoted || isHeader)) else { return nil }
        index += 1
        skipSpaces(bytes, &index)
        if index < bytes.count, isQuote(bytes[index]) { index += 1 }
        var end = index
        while end < bytes.count, !endsValue(bytes[end], isHeader: isHeader) { end += 1 }
        return end > index ? (index, end) : nil
    }

    private static func endsValue(_ byte: UInt8, isHeader: Bool) -> Bool {
        if isQuote(byte) || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return true }
        if isHeader { return byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "}") }
        return " &,;)}]\t".utf8.contains(byte)
    }

    private static func matches(_ name: [UInt8], in bytes: [UInt8], at index: Int) -> Bool {
        guard index + name.count <= bytes.count else { return false }
        for (offset, letter) in name.enumerated() where bytes[index + offset] | 0x20 != letter { return false }
        return true
    }

    private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    private static func skipSpaces(_ bytes: [UInt8], _ index: inout Int) {
        while index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
    }
}
