/// Splits CSV bytes into records as they come, without copying those that lie in one chunk.
///
/// Takes LF and CRLF, quoted fields with doubled quotes and line ends inside, a byte order mark, blank lines and a last
/// line without an end. Source: RFC 4180.
struct CSVReader: Sendable {
    /// Number of the record that was handed out last, the header being 1.
    private(set) var recordNumber = 0
    private var rest: [UInt8] = []
    private var isInQuotes = false
    private var fieldEnds: [Int] = []

    /// Longest record that is taken, in bytes.
    static let recordLimit = 1 << 20

    /// Takes the next chunk and hands out every record that it completes.
    mutating func read(
        _ chunk: UnsafeBufferPointer<UInt8>, _ body: (CSVRecord) throws(KiteError) -> Void
    ) throws(KiteError) {
        var start = 0
        while let end = endOfRecord(chunk, from: start) {
            if rest.isEmpty {
                try hand(UnsafeBufferPointer(rebasing: chunk[start..<end]), body)
            } else {
                rest.append(contentsOf: chunk[start..<end])
                try handRest(body)
            }
            start = end + 1
        }
        rest.append(contentsOf: chunk[start...])
        guard rest.count <= Self.recordLimit else { throw .unreadable("csv: record \(recordNumber + 1) is too long") }
    }

    /// Hands out the last record when it has no line end.
    mutating func finish(_ body: (CSVRecord) throws(KiteError) -> Void) throws(KiteError) {
        guard !isInQuotes else { throw .unreadable("csv: the last record ends inside quotes") }
        if !rest.isEmpty { try handRest(body) }
    }

    private mutating func endOfRecord(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                isInQuotes.toggle()
            } else if byte == UInt8(ascii: "\n"), !isInQuotes {
                return index
            }
            index &+= 1
        }
        return nil
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
        var bytes = bytes
        if bytes.last == UInt8(ascii: "\r") { bytes = UnsafeBufferPointer(rebasing: bytes.dropLast()) }
        if recordNumber == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            bytes = UnsafeBufferPointer(rebasing: bytes.dropFirst(3))
        }
        if bytes.isEmpty { return }
        recordNumber += 1
        fieldEnds.removeAll(keepingCapacity: true)
        var quoted = false
        for index in 0..<bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                quoted.toggle()
            } else if byte == UInt8(ascii: ","), !quoted {
                fieldEnds.append(index)
            }
        }
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
        let inner = String(decoding: field.dropFirst().dropLast(), as: UTF8.self)
        return inner.contains("\"\"") ? inner.replacing("\"\"", with: "\"") : inner
    }

    /// A field as a number; empty reads as zero, as some rows have it.
    func number(_ column: Int) throws(KiteError) -> Double {
        let field = self[column]
        if let value = Self.shortDecimal(field) { return value }
        guard let value = Double(text(column)), value.isFinite else { throw fault(column, "a number") }
        return value
    }

    /// A field as a whole number; empty reads as zero.
    func integer(_ column: Int) throws(KiteError) -> Int {
        let field = self[column]
        if field.count <= 18, let value = decimal(field, 0..<field.count) { return value }
        guard let value = Int(exactly: try number(column)) else { throw fault(column, "a whole number") }
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
