import Trading

/// Walks over the lines of a CSV file without copying. Quoted fields, doubled quotes, CRLF and a byte-order mark are
/// understood. Source: RFC 4180.
struct CSVScanner {
    /// The whole file.
    let bytes: [UInt8]
    /// The fields of the current line; quotes are not part of a field.
    private(set) var fields: [Range<Int>] = []
    /// The number of the current line's first line, from 1.
    private(set) var line = 0
    private var nextLine = 1
    private var position = 0
    /// The fields of the current line that hold doubled quotes.
    private var escaped: [Int] = []

    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let lineFeed = UInt8(ascii: "\n")

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Moves to the next line that is not blank; false at the end.
    mutating func advance() throws(FileFormatError) -> Bool {
        repeat {
            guard position < bytes.count else { return false }
            try readLine()
        } while fields.count == 1 && fields[0].isEmpty
        return true
    }

    private mutating func readLine() throws(FileFormatError) {
        fields.removeAll(keepingCapacity: true)
        if !escaped.isEmpty { escaped.removeAll(keepingCapacity: true) }
        line = nextLine
        nextLine += 1
        while true {
            if position < bytes.count, bytes[position] == Self.quote {
                try readQuoted()
            } else {
                readPlain()
            }
            guard position < bytes.count, bytes[position] == Self.comma else { break }
            position += 1
        }
        if position < bytes.count, bytes[position] == Self.carriageReturn { position += 1 }
        if position < bytes.count, bytes[position] == Self.lineFeed { position += 1 }
    }

    private mutating func readPlain() {
        let start = position
        var end = position
        while end < bytes.count, bytes[end] != Self.comma, bytes[end] != Self.lineFeed { end += 1 }
        position = end
        let endsLine = end == bytes.count || bytes[end] == Self.lineFeed
        if endsLine, end > start, bytes[end - 1] == Self.carriageReturn { end -= 1 }
        fields.append(start..<end)
    }

    private mutating func readQuoted() throws(FileFormatError) {
        let start = position + 1
        var end = start
        while true {
            guard end < bytes.count else { throw .quoteNotClosed(line: line) }
            if bytes[end] == Self.lineFeed { nextLine += 1 }
            if bytes[end] != Self.quote {
                end += 1
            } else if end + 1 < bytes.count, bytes[end + 1] == Self.quote {
                if escaped.last != fields.count { escaped.append(fields.count) }
                end += 2
            } else {
                break
            }
        }
        fields.append(start..<end)
        position = end + 1
        let endsField =
            position == bytes.count || bytes[position] == Self.comma || bytes[position] == Self.lineFeed
            || bytes[position] == Self.carriageReturn
        guard endsField else { throw .quoteNotClosed(line: line) }
    }

    /// The text of a field of the current line, blanks around it removed.
    func text(_ field: Int) -> String {
        let range = trimmed(field)
        guard escaped.contains(field) else { return String(decoding: bytes[range], as: UTF8.self) }
        var plain: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            plain.append(bytes[index])
            index += bytes[index] == Self.quote ? 2 : 1
        }
        return String(decoding: plain, as: UTF8.self)
    }

    /// Where a field of the current line lies, blanks around it left out.
    func trimmed(_ field: Int) -> Range<Int> {
        var range = fields[field]
        while let first = range.first, bytes[first] == UInt8(ascii: " ") { range = first + 1..<range.upperBound }
        while let last = range.last, bytes[last] == UInt8(ascii: " ") { range = range.lowerBound..<last }
        return range
    }

    /// The whole number in a field; nil where it is none.
    func integer(_ field: Int) -> Int64? {
        guard let units = decimal(field, decimals: 0) else { return nil }
        return units
    }

    /// The decimal in a field in ten-thousandths; nil where it is none or not exact.
    func tenThousandths(_ field: Int) -> Int64? { decimal(field, decimals: 4) }

    /// Digits with a point allowed; further decimals must be zeros. Scaled by ten to the number of decimals.
    private func decimal(_ field: Int, decimals: Int) -> Int64? {
        var range = trimmed(field)
        guard let first = range.first else { return nil }
        let isNegative = bytes[first] == UInt8(ascii: "-")
        if isNegative { range = first + 1..<range.upperBound }
        var value: Int64 = 0
        var seenDigit = false
        var places: Int?
        for index in range {
            let byte = bytes[index]
            if byte == UInt8(ascii: "."), places == nil, seenDigit {
                places = 0
                continue
            }
            guard byte &- UInt8(ascii: "0") < 10, value < 10_000_000_000_000 else { return nil }
            seenDigit = true
            if let count = places {
                if count == decimals {
                    if byte != UInt8(ascii: "0") { return nil }
                    continue
                }
                places = count + 1
            }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        guard seenDigit else { return nil }
        for _ in (places ?? 0)..<decimals { value *= 10 }
        return isNegative ? -value : value
    }

    /// The date in a field written `yyyy-mm-dd`, in days since 1970-01-01; nil where it is none.
    func isoDate(_ field: Int) -> Int32? {
        let range = trimmed(field)
        let start = range.lowerBound
        guard range.count == 10, bytes[start + 4] == UInt8(ascii: "-"), bytes[start + 7] == UInt8(ascii: "-"),
            let year = digits(start..<start + 4), let month = digits(start + 5..<start + 7),
            let day = digits(start + 8..<start + 10)
        else { return nil }
        return CalendarDate(year: year, month: month, day: day).map { Int32($0.daysSinceEpoch) }
    }

    private func digits(_ range: Range<Int>) -> Int? {
        var value = 0
        for index in range {
            guard bytes[index] &- UInt8(ascii: "0") < 10 else { return nil }
            value = value * 10 + Int(bytes[index] - UInt8(ascii: "0"))
        }
        return value
    }
}
