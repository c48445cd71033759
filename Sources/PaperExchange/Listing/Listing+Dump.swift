import Trading

extension Listing {
    /// Reads an instruments dump, already unpacked; columns are found by name. Indices of exchanges that are not in
    /// the vocabulary are left out. Throws an error that names line and column. Source: Kite Connect, instruments.
    package static func parse(csv bytes: [UInt8]) throws(FileFormatError) -> Listing {
        var scanner = CSVScanner(bytes)
        guard try scanner.advance() else { throw .empty }
        let columns = try DumpColumns(header: scanner)
        var builder = ListingBuilder()
        var lines: [UInt32] = []
        while try scanner.advance() {
            guard scanner.fields.count == columns.count else {
                throw .fieldCount(line: scanner.line, expected: columns.count, found: scanner.fields.count)
            }
            guard let row = try DumpRow(scanner, columns, &builder) else { continue }
            builder.append(row.packed, symbol: bytes[scanner.trimmed(columns.symbol)])
            lines.append(UInt32(scanner.line))
        }
        guard !lines.isEmpty else { throw .noRows }
        let listing = builder.build()
        if let (first, second) = listing.repeatedToken() {
            throw .tokenRepeated(
                line: Int(lines[second]), firstLine: Int(lines[first]), token: listing.rows[second].token)
        }
        return listing
    }

    /// Writes the listing, or one exchange of it, as an instruments dump with the columns of Kite Connect.
    package func csv(exchange: Exchange? = nil) -> [UInt8] {
        var text = Array((DumpColumns.names.joined(separator: ",") + "\r\n").utf8)
        text.reserveCapacity(count * 110)
        for place in rows.indices where exchange == nil || rows[place].market == exchange {
            let row = rows[place]
            text.append(contentsOf: "\(row.token),\(row.token >> 8),".utf8)
            let start = Int(row.symbolStart)
            text.append(contentsOf: symbols[start..<start + Int(row.symbolLength)])
            let expiry =
                row.expiry == ListedRow.noExpiry ? "" : CalendarDate(daysSinceEpoch: Int(row.expiry)).description
            let strike = Price(tenThousandths: row.strike)
            let tick = Price(tenThousandths: Int64(row.tick))
            text.append(contentsOf: ",\(quoted(names[Int(row.name)])),0,\(expiry),\(strike),\(tick),\(row.lot),".utf8)
            text.append(contentsOf: "\(row.typeText),\(row.segmentText),\(row.market.rawValue)\r\n".utf8)
        }
        return text
    }

    private func quoted(_ name: String) -> String {
        let needsQuotes = name.utf8.contains {
            $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r")
        }
        guard needsQuotes else { return name }
        // Scalar by scalar: a mark that combines with a quote makes another character of it.
        var quoted = "\"".unicodeScalars
        for scalar in name.unicodeScalars {
            if scalar == "\"" { quoted.append(scalar) }
            quoted.append(scalar)
        }
        return String(quoted) + "\""
    }
}

extension ListedRow {
    /// Kite's word for what sort of thing it is.
    var typeText: String {
        switch kind {
        case .equity, .index: "EQ"
        case .future: "FUT"
        case .call: "CE"
        case .put: "PE"
        }
    }

    /// Kite's word for the part of the market.
    var segmentText: String {
        switch kind {
        case .equity: market.rawValue
        case .index: "INDICES"
        case .future: market.rawValue + "-FUT"
        case .call, .put: market.rawValue + "-OPT"
        }
    }
}

/// Where the columns stand that a listing needs.
private struct DumpColumns {
    static let names = [
        "instrument_token", "exchange_token", "tradingsymbol", "name", "last_price", "expiry", "strike", "tick_size",
        "lot_size", "instrument_type", "segment", "exchange",
    ]

    let count: Int
    let token, symbol, name, expiry, strike, tick, lot, type, segment, exchange: Int

    init(header: CSVScanner) throws(FileFormatError) {
        let titles = header.fields.indices.map { header.text($0).lowercased() }
        func place(_ name: String) throws(FileFormatError) -> Int {
            guard let place = titles.firstIndex(of: name) else { throw .columnMissing(name) }
            return place
        }
        count = titles.count
        token = try place("instrument_token")
        symbol = try place("tradingsymbol")
        name = try place("name")
        expiry = try place("expiry")
        strike = try place("strike")
        tick = try place("tick_size")
        lot = try place("lot_size")
        type = try place("instrument_type")
        segment = try place("segment")
        exchange = try place("exchange")
    }
}

/// One line of a dump, checked.
private struct DumpRow {
    let packed: ListedRow

    /// Nil where the line is an index of an exchange that is not in the vocabulary.
    init?(_ line: CSVScanner, _ columns: DumpColumns, _ names: inout ListingBuilder) throws(FileFormatError) {
        let isIndex = line.text(columns.segment) == "INDICES"
        guard let exchange = Exchange.allCases.firstIndex(where: { $0.rawValue == line.text(columns.exchange) }) else {
            if isIndex { return nil }
            throw Self.problem(line, "exchange", "\"\(line.text(columns.exchange))\" is not known")
        }
        let kind = try Self.kind(line, columns, isIndex: isIndex)
        guard let number = line.integer(columns.token), let token = UInt32(exactly: number), token > 0 else {
            throw Self.problem(line, "instrument_token", "is not a token")
        }
        let symbol = line.bytes[line.trimmed(columns.symbol)]
        guard 1...255 ~= symbol.count else { throw Self.problem(line, "tradingsymbol", "is empty or too long") }
        guard symbol.allSatisfy(Self.isSymbolCharacter) else {
            throw Self.problem(line, "tradingsymbol", "has a character that no symbol has")
        }
        guard let tick = line.tenThousandths(columns.tick).flatMap(Int32.init(exactly:)), tick >= 0 else {
            throw Self.problem(line, "tick_size", "is not a price")
        }
        guard let lot = line.integer(columns.lot).flatMap(Int32.init(exactly:)), lot >= 0 else {
            throw Self.problem(line, "lot_size", "is not a whole number")
        }
        var row = ListedRow(
            token: token, symbolStart: 0, name: 0, lot: lot, expiry: ListedRow.noExpiry, tick: tick, strike: 0,
            symbolLength: 0, exchange: UInt8(exchange), kind: kind)
        if row.isDerivative { try Self.readTerms(line, columns, &row) }
        var name = line.text(columns.name)
        if name.isEmpty, row.isDerivative { name = Self.underlying(line.text(columns.symbol), row) }
        row.name = names.number(ofName: name)
        packed = row
    }

    /// Symbols are plain printable text, so that a dump can carry them without quotes.
    private static func isSymbolCharacter(_ byte: UInt8) -> Bool {
        0x20..<0x7F ~= byte && byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\"")
    }

    private static func problem(_ line: CSVScanner, _ column: String, _ problem: String) -> FileFormatError {
        .field(line: line.line, column: column, problem: problem)
    }

    private static func kind(
        _ line: CSVScanner, _ columns: DumpColumns, isIndex: Bool
    ) throws(FileFormatError) -> ListedRow.Kind {
        switch line.text(columns.type) {
        case "EQ": return isIndex ? .index : .equity
        case "FUT": return .future
        case "CE": return .call
        case "PE": return .put
        case let other: throw problem(line, "instrument_type", "\"\(other)\" is not EQ, FUT, CE or PE")
        }
    }

    private static func readTerms(
        _ line: CSVScanner, _ columns: DumpColumns, _ row: inout ListedRow
    ) throws(FileFormatError) {
        guard !line.trimmed(columns.expiry).isEmpty else { throw problem(line, "expiry", "is empty") }
        guard let expiry = line.isoDate(columns.expiry) else { throw problem(line, "expiry", "is not a date") }
        row.expiry = expiry
        guard row.tick > 0 else { throw problem(line, "tick_size", "is not more than zero") }
        guard row.lot > 0 else { throw problem(line, "lot_size", "is not more than zero") }
        guard row.isOption else { return }
        guard let strike = line.tenThousandths(columns.strike) else { throw problem(line, "strike", "is not a price") }
        guard strike > 0 else { throw problem(line, "strike", "is not more than zero") }
        row.strike = strike
    }

    /// The underlying out of a symbol: what stands before five characters of date and the contract's tail.
    private static func underlying(_ symbol: String, _ row: ListedRow) -> String {
        let tail = row.isOption ? Price(tenThousandths: row.strike).description.utf8.count + 2 : 3
        return String(symbol.dropLast(tail + 5))
    }
}
