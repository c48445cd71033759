import Trading

/// The instruments that are listed, immutable and compact.
package struct Listing: Sendable {
    let rows: [ListedRow]
    /// All symbols behind one another, as UTF-8.
    let symbols: [UInt8]
    let names: [String]
    private let rowByToken: [UInt32]
    private let rowBySymbol: SymbolTable
    /// The earliest expiry of any contract; nil where nothing expires.
    package let earliestExpiry: CalendarDate?
    /// Levels to start from that come with the listing itself.
    package let origins: PriceOrigins

    init(rows: [ListedRow], symbols: [UInt8], names: [String], origins: PriceOrigins = PriceOrigins()) {
        self.rows = rows
        self.symbols = symbols
        self.names = names
        self.origins = origins
        rowByToken = rows.indices.map(UInt32.init).sorted { rows[Int($0)].token < rows[Int($1)].token }
        rowBySymbol = SymbolTable(rows: rows, symbols: symbols)
        let expiries = rows.lazy.map(\.expiry).filter { $0 != ListedRow.noExpiry }
        earliestExpiry = expiries.min().map { CalendarDate(daysSinceEpoch: Int($0)) }
    }

    /// The number of instruments.
    package var count: Int { rows.count }

    /// The exchanges that have instruments, in the order of the vocabulary.
    package var exchanges: [Exchange] {
        let present = Set(rows.lazy.map(\.exchange))
        return Exchange.allCases.enumerated().filter { present.contains(UInt8($0.offset)) }.map(\.element)
    }

    /// The instrument in a place 0..<count, in the order of the listing.
    package func instrument(at place: Int) -> Instrument {
        let row = rows[place]
        return Instrument(
            token: InstrumentToken(row.token), id: id(at: place), name: names[Int(row.name)], kind: kind(of: row),
            tickSize: Price(tenThousandths: Int64(row.tick)), lotSize: Quantity(Int64(row.lot)),
            freezeQuantity: freezeQuantity(at: place))
    }

    /// The instrument of an exchange and symbol; nil where it is not listed.
    package func instrument(_ id: InstrumentID) -> Instrument? {
        row(of: id).map(instrument(at:))
    }

    /// The instrument of a token; nil where it is not listed.
    package func instrument(_ token: InstrumentToken) -> Instrument? {
        row(of: token).map(instrument(at:))
    }

    /// The token of an exchange and symbol; nil where it is not listed. Cheaper than the whole instrument.
    package func token(of id: InstrumentID) -> InstrumentToken? {
        row(of: id).map { InstrumentToken(rows[$0].token) }
    }

    func row(of token: InstrumentToken) -> Int? {
        var low = 0
        var high = rowByToken.count
        while low < high {
            let middle = (low + high) / 2
            let candidate = rows[Int(rowByToken[middle])].token
            if candidate == token.rawValue { return Int(rowByToken[middle]) }
            if candidate < token.rawValue { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    func row(of id: InstrumentID) -> Int? {
        guard let exchange = Exchange.allCases.firstIndex(of: id.exchange) else { return nil }
        return rowBySymbol.row(of: Array(id.symbol.utf8), exchange: UInt8(exchange), rows: rows, symbols: symbols)
    }

    func id(at place: Int) -> InstrumentID {
        InstrumentID(exchange: rows[place].market, symbol: symbol(at: place))
    }

    func symbol(at place: Int) -> String {
        let row = rows[place]
        let start = Int(row.symbolStart)
        return String(decoding: symbols[start..<start + Int(row.symbolLength)], as: UTF8.self)
    }

    func freezeQuantity(at place: Int) -> Quantity? {
        let row = rows[place]
        guard row.isDerivative else { return nil }
        let day = CalendarDate(daysSinceEpoch: Int(row.expiry))
        return FreezeQuantities.published.quantity(underlying: names[Int(row.name)], on: day)
    }

    /// Two places with the same token; nil where all differ.
    func repeatedToken() -> (first: Int, second: Int)? {
        for (left, right) in zip(rowByToken, rowByToken.dropFirst())
        where rows[Int(left)].token == rows[Int(right)].token {
            return (Int(min(left, right)), Int(max(left, right)))
        }
        return nil
    }

    private func kind(of row: ListedRow) -> Instrument.Kind {
        let expiry = CalendarDate(daysSinceEpoch: Int(row.expiry))
        let name = names[Int(row.name)]
        switch row.kind {
        case .equity: return .equity
        case .index: return .index
        case .future: return .future(underlying: name, expiry: expiry)
        case .call, .put:
            let right: OptionRight = row.kind == .call ? .call : .put
            let strike = Price(tenThousandths: row.strike)
            return .option(OptionContract(underlying: name, expiry: expiry, strike: strike, right: right))
        }
    }
}

/// A hash table from exchange and symbol to the row, four bytes a slot; the first of two equal symbols wins.
struct SymbolTable: Sendable {
    private let slots: [UInt32]
    private static let free = UInt32.max

    init(rows: [ListedRow], symbols: [UInt8]) {
        var size = 16
        while size < rows.count * 2 { size *= 2 }
        var slots = [UInt32](repeating: Self.free, count: size)
        for (index, row) in rows.enumerated() {
            let range = Int(row.symbolStart)..<Int(row.symbolStart) + Int(row.symbolLength)
            var slot = Self.hash(symbols, range, row.exchange) & (size - 1)
            var isKnown = false
            while slots[slot] != Self.free, !isKnown {
                let other = rows[Int(slots[slot])]
                isKnown = other.exchange == row.exchange && Self.equal(other, symbols, symbols, range)
                if !isKnown { slot = (slot + 1) & (size - 1) }
            }
            if !isKnown { slots[slot] = UInt32(index) }
        }
        self.slots = slots
    }

    func row(of symbol: [UInt8], exchange: UInt8, rows: [ListedRow], symbols: [UInt8]) -> Int? {
        var slot = Self.hash(symbol, symbol.indices, exchange) & (slots.count - 1)
        while slots[slot] != Self.free {
            let candidate = rows[Int(slots[slot])]
            if candidate.exchange == exchange, Self.equal(candidate, symbols, symbol, symbol.indices) {
                return Int(slots[slot])
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private static func equal(_ row: ListedRow, _ pool: [UInt8], _ text: [UInt8], _ range: Range<Int>) -> Bool {
        guard Int(row.symbolLength) == range.count else { return false }
        let start = Int(row.symbolStart)
        for offset in 0..<range.count where pool[start + offset] != text[range.lowerBound + offset] { return false }
        return true
    }

    /// FNV-1a over the bytes, with a last mix for the low bits.
    private static func hash(_ text: [UInt8], _ range: Range<Int>, _ exchange: UInt8) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(exchange)
        for index in range { hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01b3 }
        return Int(truncatingIfNeeded: (hash ^ (hash >> 29)) & 0x7fff_ffff)
    }
}
