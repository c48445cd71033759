import Trading

/// Gathers rows while a listing is read or generated.
struct ListingBuilder {
    private(set) var rows: [ListedRow] = []
    private var symbols: [UInt8] = []
    private var names: [String] = []
    private var numberOfName: [String: UInt32] = [:]
    /// The last name that was asked for: derivatives of one underlying stand together.
    private var lastName = ""
    private var lastNumber: UInt32 = 0

    /// The number of a name, new or known.
    mutating func number(ofName name: String) -> UInt32 {
        if !names.isEmpty, name == lastName { return lastNumber }
        lastName = name
        if let known = numberOfName[name] {
            lastNumber = known
        } else {
            lastNumber = UInt32(names.count)
            numberOfName[name] = lastNumber
            names.append(name)
        }
        return lastNumber
    }

    /// Adds a row under a symbol of at most 255 bytes.
    mutating func append(_ row: ListedRow, symbol: some Sequence<UInt8>) {
        var row = row
        row.symbolStart = UInt32(symbols.count)
        symbols.append(contentsOf: symbol)
        row.symbolLength = UInt8(clamping: symbols.count - Int(row.symbolStart))
        rows.append(row)
    }

    /// The finished listing.
    consuming func build(origins: PriceOrigins = PriceOrigins()) -> Listing {
        Listing(rows: rows, symbols: symbols, names: names, origins: origins)
    }
}
