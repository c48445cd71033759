import Trading

/// End-of-day prices and open interest of an exchange.
package struct Bhavcopy: Sendable {
    /// What identifies a contract or a share across files.
    package struct Key: Sendable, Hashable {
        /// The underlying of a derivative, or the share's symbol.
        package var symbol: String
        /// The contract's last day; nil for a share.
        package var expiry: CalendarDate?
        /// An option's strike; nil for anything else.
        package var strike: Price?
        /// An option's right; nil for anything else.
        package var right: OptionRight?

        /// Puts a key together.
        package init(
            symbol: String, expiry: CalendarDate? = nil, strike: Price? = nil, right: OptionRight? = nil
        ) {
            self.symbol = symbol
            self.expiry = expiry
            self.strike = strike
            self.right = right
        }
    }

    /// What the day left behind.
    package struct Closing: Sendable, Hashable {
        /// The closing price, or the settlement price where there is none; nil where there is neither.
        package var price: Price?
        /// Open interest; nil where the file has none.
        package var openInterest: Quantity?

        /// Puts a closing together.
        package init(price: Price?, openInterest: Quantity?) {
            self.price = price
            self.openInterest = openInterest
        }
    }

    /// Closings by contract or share.
    package let closings: [Key: Closing]
    /// The levels of underlyings that the file tells, or that its nearest futures come to.
    package let spots: [String: Price]
    /// Whether open interest counts contracts; otherwise it counts units.
    package let countsContracts: Bool

    /// Reads a file, already unpacked: the UDiFF layout (shares or derivatives), the F&O layout before it, the futures
    /// report with run-together contracts, or the cash report. Columns are found by name. Throws an error that names
    /// line and column. Source: NSE, unified bhavcopy formats of July 2024 and the reports before them.
    package static func parse(csv bytes: [UInt8]) throws(FileFormatError) -> Bhavcopy {
        var scanner = CSVScanner(bytes)
        guard try scanner.advance() else { throw .empty }
        let layout = try BhavcopyLayout(header: scanner)
        var closings: [Key: Closing] = [:]
        var spots: [String: Price] = [:]
        var nearest: [String: (expiry: CalendarDate, price: Price)] = [:]
        while try scanner.advance() {
            guard scanner.fields.count >= layout.count else {
                throw .fieldCount(line: scanner.line, expected: layout.count, found: scanner.fields.count)
            }
            guard let row = try layout.read(scanner) else { continue }
            closings[row.key] = row.closing
            if let spot = row.underlyingPrice { spots[row.key.symbol] = spot }
            guard let expiry = row.key.expiry, row.key.right == nil, let price = row.closing.price else { continue }
            if nearest[row.key.symbol].map({ expiry < $0.expiry }) ?? true { nearest[row.key.symbol] = (expiry, price) }
        }
        guard !closings.isEmpty else { throw .noRows }
        for (symbol, future) in nearest where spots[symbol] == nil { spots[symbol] = future.price }
        for (key, closing) in closings where key.expiry == nil {
            if let price = closing.price, spots[key.symbol] == nil { spots[key.symbol] = price }
        }
        return Bhavcopy(closings: closings, spots: spots, countsContracts: layout.countsContracts)
    }
}

extension Listing {
    /// Matches a day's closings with the instruments that are listed: by underlying, expiry, strike and right, or by
    /// the symbol of an NSE share.
    package func origins(from bhavcopy: Bhavcopy) -> PriceOrigins {
        var openings: [InstrumentToken: PriceOrigins.Opening] = [:]
        for (place, row) in rows.enumerated() {
            let name = names[Int(row.name)]
            let expiry = CalendarDate(daysSinceEpoch: Int(row.expiry))
            let key: Bhavcopy.Key
            switch row.kind {
            case .index: continue
            case .equity:
                guard row.market == .nse else { continue }
                key = Bhavcopy.Key(symbol: symbol(at: place))
            case .future: key = Bhavcopy.Key(symbol: name, expiry: expiry)
            case .call, .put:
                key = Bhavcopy.Key(
                    symbol: name, expiry: expiry, strike: Price(tenThousandths: row.strike),
                    right: row.kind == .call ? .call : .put)
            }
            guard let closing = bhavcopy.closings[key] else { continue }
            let lots: Int64 = bhavcopy.countsContracts ? Int64(row.lot) : 1
            openings[InstrumentToken(row.token)] = PriceOrigins.Opening(
                price: closing.price, openInterest: closing.openInterest.flatMap { Self.units($0, lots: lots) })
        }
        return PriceOrigins(spots: bhavcopy.spots, instruments: openings)
    }

    /// Open interest in units; nil where it is more than can be counted.
    private static func units(_ contracts: Quantity, lots: Int64) -> Quantity? {
        let (units, overflow) = contracts.units.multipliedReportingOverflow(by: lots)
        return overflow ? nil : Quantity(units)
    }
}
