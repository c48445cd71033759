import Trading

/// Which columns of an end-of-day file say what, by its header.
struct BhavcopyLayout {
    /// One line that was understood.
    struct Row {
        let key: Bhavcopy.Key
        let closing: Bhavcopy.Closing
        let underlyingPrice: Price?
    }

    /// The number of columns in the header.
    let count: Int
    let countsContracts: Bool
    private let titles: [String]
    private let symbol: Int
    private let isRunTogether: Bool
    private let expiry, strike, right, settlement, openInterest, underlying, series: Int?
    private let close: Int

    init(header: CSVScanner) throws(FileFormatError) {
        titles = header.fields.indices.map { header.text($0) }
        count = titles.count
        let places = Dictionary(
            titles.enumerated().map { ($0.element.lowercased(), $0.offset) }, uniquingKeysWith: { first, _ in first })
        func need(_ name: String) throws(FileFormatError) -> Int {
            guard let place = places[name.lowercased()] else { throw .columnMissing(name) }
            return place
        }
        let kind = try Self.kind(places)
        isRunTogether = kind == .runTogether
        countsContracts = kind == .runTogether
        switch kind {
        case .unified:
            symbol = try need("TckrSymb")
            close = try need("ClsPric")
            settlement = places["sttlmpric"]
            expiry = places["xprydt"]
            strike = places["strkpric"]
            right = places["optntp"]
            openInterest = places["opnintrst"]
            underlying = places["undrlygpric"]
            series = places["sctysrs"]
        case .runTogether:
            symbol = try need("CONTRACT_D")
            close = try need("CLOSE_PRIC")
            settlement = try need("SETTLEMENT")
            openInterest = try need("OI_NO_CON")
            (expiry, strike, right, underlying, series) = (nil, nil, nil, nil, nil)
        case .derivatives:
            symbol = try need("SYMBOL")
            close = try need(places["close_price"] == nil ? "CLOSE" : "CLOSE_PRICE")
            settlement = try need("SETTLE_PR")
            expiry = try need("EXPIRY_DT")
            strike = try need("STRIKE_PR")
            right = try need("OPTION_TYP")
            openInterest = try need("OPEN_INT")
            underlying = places["underlying_price"]
            series = nil
        case .cash:
            symbol = try need("SYMBOL")
            close = try need("CLOSE_PRICE")
            series = try need("SERIES")
            (expiry, strike, right, settlement, openInterest, underlying) = (nil, nil, nil, nil, nil, nil)
        }
    }

    private enum Kind {
        case unified
        case runTogether
        case derivatives
        case cash
    }

    private static func kind(_ places: [String: Int]) throws(FileFormatError) -> Kind {
        if places["fininstrmtp"] != nil { return .unified }
        if places["contract_d"] != nil { return .runTogether }
        if places["option_typ"] != nil { return .derivatives }
        if places["series"] != nil { return .cash }
        throw .unknownLayout
    }

    /// Reads the current line; nil where it is a share of another series than the usual one.
    func read(_ line: CSVScanner) throws(FileFormatError) -> Row? {
        if let series, !line.trimmed(series).isEmpty, line.text(series) != "EQ" { return nil }
        let key = isRunTogether ? try runTogetherKey(line) : try key(line)
        var closing = try positive(close, line)
        if closing == nil { closing = try positive(settlement, line) }
        return Row(
            key: key,
            closing: Bhavcopy.Closing(price: closing, openInterest: try units(openInterest, line)),
            underlyingPrice: try positive(underlying, line))
    }

    private func key(_ line: CSVScanner) throws(FileFormatError) -> Bhavcopy.Key {
        let name = line.text(symbol)
        guard !name.isEmpty else { throw problem(line, symbol, "is empty") }
        var key = Bhavcopy.Key(symbol: name)
        if let expiry, !isBlank(expiry, line) {
            guard let date = Self.date(line.text(expiry)) else { throw problem(line, expiry, "is not a date") }
            key.expiry = date
        }
        if let right, !isBlank(right, line), line.text(right) != "XX" {
            guard let side = OptionRight(rawValue: line.text(right)) else {
                throw problem(line, right, "is neither CE nor PE")
            }
            key.right = side
            key.strike = try positive(strike, line)
        }
        return key
    }

    /// `FUTIDX` or `FUTSTK`, the symbol, and eleven characters of date without anything between them.
    private func runTogetherKey(_ line: CSVScanner) throws(FileFormatError) -> Bhavcopy.Key {
        let text = line.text(symbol)
        guard text.utf8.count > 17, text.hasPrefix("FUT"), let expiry = Self.date(String(text.suffix(11))) else {
            throw problem(line, symbol, "is not a future with a date")
        }
        return Bhavcopy.Key(symbol: String(text.dropFirst(6).dropLast(11)), expiry: expiry)
    }

    private func positive(_ field: Int?, _ line: CSVScanner) throws(FileFormatError) -> Price? {
        guard let field, !isBlank(field, line) else { return nil }
        guard let price = line.tenThousandths(field).map(Price.init(tenThousandths:)) ?? rounded(line.text(field))
        else { throw problem(line, field, "is not a price") }
        return price > .zero ? price : nil
    }

    /// Averages come with more decimals than a price has.
    private func rounded(_ text: String) -> Price? {
        guard text.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: ".") }) else { return nil }
        return Double(text).flatMap(Price.init(rounding:))
    }

    private func units(_ field: Int?, _ line: CSVScanner) throws(FileFormatError) -> Quantity? {
        guard let field, !isBlank(field, line) else { return nil }
        guard let count = line.integer(field), count >= 0 else { throw problem(line, field, "is not a whole number") }
        return Quantity(count)
    }

    private func isBlank(_ field: Int, _ line: CSVScanner) -> Bool {
        let range = line.trimmed(field)
        return range.isEmpty || (range.count == 1 && line.bytes[range.lowerBound] == UInt8(ascii: "-"))
    }

    private func problem(_ line: CSVScanner, _ field: Int, _ problem: String) -> FileFormatError {
        .field(line: line.line, column: titles[field], problem: problem)
    }

    /// Reads `yyyy-mm-dd`, `dd-mm-yyyy` or `dd-MMM-yyyy`.
    static func date(_ text: String) -> CalendarDate? {
        if let date = CalendarDate(text) { return date }
        let parts = text.split(separator: "-")
        guard parts.count == 3, parts[2].count == 4, let day = Int(parts[0]), let year = Int(parts[2]) else {
            return nil
        }
        let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
        let named = months.firstIndex(of: parts[1].uppercased()).map { $0 + 1 }
        guard let month = named ?? Int(parts[1]) else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }
}
