/// Splits CSV bytes into records as they come, without copying those that lie in one chunk.
///
/// Takes LF and CRLF, quoted fields with doubled quotes and line ends inside, a byte order mark, blank lines and a last
/// line without an end. A quote inside a field that does not begin with one is text. Source: RFC 4180.
struct CSVReader: Sendable {
    /// Number of the record that was handed out last, the header being 1.
    private(set) var recordNumber = 0
    /// The record whose end has not come yet.
    private var rest: [UInt8] = []
    /// Where its fields end so far, counted from its first byte.
    private var fieldEnds: [Int] = []
    private var place = Place.fieldStart
    private var isFirstLine = true

    /// Where in a field the reader stands.
    private enum Place: Sendable {
        case fieldStart
        case plain
        case quoted
        case afterQuote
    }

    /// Longest record that is taken, in bytes.
    static let recordLimit = 1 << 20
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Takes the next chunk and hands out every record that it completes.
    mutating func read(
        _ chunk: UnsafeBufferPointer<UInt8>, _ body: (CSVRecord) throws(KiteError) -> Void
    ) throws(KiteError) {
        var start = 0
        while let end = try endOfRecord(chunk, from: start) {
            if rest.isEmpty {
                try hand(UnsafeBufferPointer(rebasing: chunk[start..<end]), body)
            } else {
                rest.append(contentsOf: chunk[start..<end])
                try handRest(body)
            }
            start = end + 1
        }
        rest.append(contentsOf: chunk[start...])
        try checkLength(rest.count)
    }

    /// Hands out the last record when it has no line end.
    mutating func finish(_ body: (CSVRecord) throws(KiteError) -> Void) throws(KiteError) {
        guard place != .quoted else { throw .unreadable("csv: the last record ends inside quotes") }
        if !rest.isEmpty { try handRest(body) }
    }

    /// Finds the line's end from a place of the chunk on, and notes where fields end on the way.
    private mutating func endOfRecord(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) throws(KiteError) -> Int? {
        let before = rest.count - start
        var place = place
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                switch place {
                case .fieldStart, .afterQuote: place = .quoted
                case .quoted: place = .afterQuote
                case .plain: break
                }
            } else if place == .quoted {
                // Commas and line ends in quotes are text.
            } else if byte == UInt8(ascii: ",") {
                fieldEnds.append(index + before)
                place = .fieldStart
            } else if byte == UInt8(ascii: "\n") {
                self.place = .fieldStart
                return index
            } else if place == .fieldStart {
                if !isMark(byte, at: index + before) { place = .plain }
            } else if place == .afterQuote, byte != UInt8(ascii: "\r") {
                throw .unreadable("csv: record \(recordNumber + 1) has text after a closing quote")
            }
            index &+= 1
        }
        self.place = place
        return nil
    }

    private func isMark(_ byte: UInt8, at place: Int) -> Bool {
        isFirstLine && place < 3 && byte == Self.byteOrderMark[place]
    }

    private func checkLength(_ length: Int) throws(KiteError) {
        guard length <= Self.recordLimit else { throw .unreadable("csv: record \(recordNumber + 1) is too long") }
    }

    private mutating func handRest(_ body: (CSVRecord) throws(KiteError) -> Void) throws(KiteError) {
        let record = rest
        rest.removeAll(keepingCapacity: true)
        let result: Result<Void, KiteError> = record.withUnsafeBufferPointer { bytes in
            do throws(KiteError) {
                return .success(try hand(bytes, body))
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    private mutating func hand(
        _ bytes: UnsafeBufferPointer<UInt8>, _ body: (CSVRecord) throws(KiteError) -> Void
    ) throws(KiteError) {
        defer {
            fieldEnds.removeAll(keepingCapacity: true)
            isFirstLine = false
        }
        try checkLength(bytes.count)
        var bytes = bytes
        if bytes.last == UInt8(ascii: "\r") { bytes = UnsafeBufferPointer(rebasing: bytes.dropLast()) }
        if isFirstLine, bytes.starts(with: Self.byteOrderMark) {
            bytes = UnsafeBufferPointer(rebasing: bytes.dropFirst(3))
            for index in fieldEnds.indices { fieldEnds[index] -= 3 }
        }
        if bytes.isEmpty { return }
        recordNumber += 1
        fieldEnds.append(bytes.count)
        try body(CSVRecord(bytes: bytes, ends: fieldEnds, number: recordNumber))
    }
}

/// The fields of one record; valid only while it is handed out.
struct CSVRecord {
    fileprivate let bytes: UnsafeBufferPointer<UInt8>
    fileprivate let ends: [Int]
    /// Its place in the file, the header being 1.
    let number: Int

    var count: Int { ends.count }

    /// The bytes of a field, quotes included; empty beyond the last.
    subscript(column: Int) -> UnsafeBufferPointer<UInt8> {
        guard column < ends.count else { return UnsafeBufferPointer(rebasing: bytes[..<0]) }
        let start = column == 0 ? 0 : ends[column - 1] + 1
        return UnsafeBufferPointer(rebasing: bytes[start..<ends[column]])
    }

    /// A field as text, quotes removed.
    func text(_ column: Int) -> String {
        let field = self[column]
        guard field.first == UInt8(ascii: "\""), field.count >= 2 else { return String(decoding: field, as: UTF8.self) }
        var inner: [UInt8] = []
        inner.reserveCapacity(field.count)
        var isSecond = false
        for byte in field.dropFirst().dropLast() {
            isSecond = byte == UInt8(ascii: "\"") && !isSecond
            if !isSecond || byte != UInt8(ascii: "\"") { inner.append(byte) }
        }
        return String(decoding: inner, as: UTF8.self)
    }

    /// A field as a number; empty reads as zero, as some rows have it.
    func number(_ column: Int) throws(KiteError) -> Double {
        let field = self[column]
        if let value = Self.shortDecimal(field) { return value }
        guard let value = DecimalText.double(text(column)) else { throw fault(column, "a number") }
        return value
    }

    /// A field as a whole number, exactly; empty reads as zero.
    func integer(_ column: Int) throws(KiteError) -> Int {
        let field = self[column]
        if field.count <= 18, let value = decimal(field, 0..<field.count) { return value }
        guard let value = DecimalText.whole(text(column)) else { throw fault(column, "a whole number") }
        return value
    }

    func fault(_ column: Int, _ expected: String) -> KiteError {
        .unreadable("csv: record \(number), field \(column + 1) is not \(expected)")
    }

    /// Reads plain digits with at most one point; nil for anything that needs the general reader.
    ///
    /// Up to 15 digits and a power of ten up to 22 are exact doubles, so one division rounds correctly.
    private static func shortDecimal(_ field: UnsafeBufferPointer<UInt8>) -> Double? {
        guard field.count <= 16 else { return nil }
        var mantissa: Int64 = 0
        var scale = -1
        var digits = 0
        for byte in field {
            let digit = byte &- UInt8(ascii: "0")
            if digit < 10 {
                mantissa = mantissa &* 10 &+ Int64(digit)
                digits += 1
                if scale >= 0 { scale += 1 }
            } else if byte == UInt8(ascii: "."), scale < 0 {
                scale = 0
            } else {
                return nil
            }
        }
        guard digits <= 15, digits > 0 || field.isEmpty else { return nil }
        return scale > 0 ? Double(mantissa) / powersOfTen[scale] : Double(mantissa)
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]
}

/// Finds columns by the names in a header.
struct CSVHeader: Sendable {
    private let names: [String]

    init(_ record: CSVRecord) {
        names = (0..<record.count).map { record.text($0) }
    }

    /// The place of a column; throws when the header lacks it.
    func column(_ name: String) throws(KiteError) -> Int {
        guard let index = names.firstIndex(of: name) else { throw .unreadable("csv: the column \(name) is missing") }
        return index
    }
}
