import Trading

extension Listing {
    /// A listing made from dated rules: four indices with futures and option chains, and forty large shares.
    /// Deterministic: the same trading date gives the same tokens and symbols.
    package static func builtIn(tradingDate: CalendarDate) -> Listing {
        var maker = BuiltInMaker(tradingDate: tradingDate)
        maker.addIndices()
        maker.addShares()
        for terms in IndexTerms.all { maker.addContracts(terms) }
        return maker.finish()
    }
}

/// What the contracts on an index look like.
struct IndexTerms: Sendable {
    let name: String
    let spotSymbol: String
    let spotToken: UInt32
    let exchange: Exchange
    /// Where the index starts, in whole rupees; a round number, not a market level.
    let level: Int64
    let lot: Int32
    let strikeStep: Int64
    let weeklies: Int

    static let monthlies = 3

    /// Lots since the January 2026 series. Source: NSE/FAOP/70616; BSE contract terms.
    static let all: [IndexTerms] = [
        IndexTerms(
            name: "NIFTY", spotSymbol: "NIFTY 50", spotToken: 256_265, exchange: .nfo, level: 24_500, lot: 65,
            strikeStep: 50, weeklies: 4),
        IndexTerms(
            name: "BANKNIFTY", spotSymbol: "NIFTY BANK", spotToken: 260_105, exchange: .nfo, level: 56_000, lot: 30,
            strikeStep: 100, weeklies: 0),
        IndexTerms(
            name: "FINNIFTY", spotSymbol: "NIFTY FIN SERVICE", spotToken: 257_801, exchange: .nfo, level: 26_500,
            lot: 60, strikeStep: 50, weeklies: 0),
        IndexTerms(
            name: "SENSEX", spotSymbol: "SENSEX", spotToken: 265, exchange: .bfo, level: 80_000, lot: 20,
            strikeStep: 100, weeklies: 4),
    ]

    /// The name under which options and futures know an index, by its spot symbol.
    static let underlyingOfSpot: [String: String] = [
        "NIFTY 50": "NIFTY", "NIFTY BANK": "BANKNIFTY", "NIFTY FIN SERVICE": "FINNIFTY",
        "NIFTY MID SELECT": "MIDCPNIFTY", "NIFTY NEXT 50": "NIFTYNXT50", "SENSEX": "SENSEX", "BANKEX": "BANKEX",
        "SNSX50": "SENSEX50",
    ]

    static let indexNames = Set(underlyingOfSpot.values)
}

/// Tick sizes by dated rules. Source: NSE circular on tick sizes in force from 15 April 2025.
enum TickRules {
    /// The tick of an NSE share, or of its future, in paise, by its price in rupees.
    static func shareTickPaise(rupees: Int64) -> Int64 {
        switch rupees {
        case ..<250: 1
        case ...1_000: 5
        case ...5_000: 10
        case ...10_000: 50
        case ...20_000: 100
        default: 500
        }
    }

    /// The tick of an index future in paise.
    static func indexFutureTickPaise(_ exchange: Exchange, level: Int64) -> Int64 {
        guard exchange == .nfo else { return 5 }
        switch level {
        case ...15_000: return 5
        case ...30_000: return 10
        default: return 20
        }
    }

    /// The tick of an index option in paise.
    static let indexOptionTickPaise: Int64 = 5
}

private struct BuiltInMaker {
    let tradingDate: CalendarDate
    private var builder = ListingBuilder()
    private var spots: [String: Price] = [:]
    /// Numbers of contracts, one count for each exchange, so that tokens never meet.
    private var nextNumber: [Exchange: UInt32] = [.nfo: 35_001, .bfo: 820_001]

    init(tradingDate: CalendarDate) {
        self.tradingDate = tradingDate
    }

    mutating func addIndices() {
        for index in IndexTerms.all {
            let exchange: Exchange = index.exchange == .bfo ? .bse : .nse
            spots[index.name] = Price(rupees: index.level)
            add(.index, index.spotSymbol, name: index.spotSymbol, token: index.spotToken, on: exchange)
        }
    }

    mutating func addShares() {
        for share in BuiltInShares.all {
            spots[share.symbol] = Price(rupees: share.rupees)
            let token = share.number << 8 | Exchange.nse.tokenSegment
            let tick = TickRules.shareTickPaise(rupees: share.rupees)
            add(.equity, share.symbol, name: share.name, token: token, on: .nse) { row in
                row.tick = Int32(tick * 100)
                row.lot = 1
            }
        }
    }

    mutating func addContracts(_ terms: IndexTerms) {
        let expiries = ExpiryCalendar().expiries(
            of: terms.exchange, from: tradingDate, weeklies: terms.weeklies, monthlies: IndexTerms.monthlies)
        for expiry in expiries where expiry.isMonthly {
            let tick = TickRules.indexFutureTickPaise(terms.exchange, level: terms.level)
            addContract(terms, expiry, .future, .future, tickPaise: tick)
        }
        for (order, expiry) in expiries.enumerated() {
            let reach: Int64 = order < 4 ? 42 : 25
            let middle = terms.level / terms.strikeStep * terms.strikeStep
            for offset in -reach...reach {
                let strike = Price(rupees: middle + offset * terms.strikeStep)
                for (kind, right) in [(ListedRow.Kind.call, OptionRight.call), (.put, .put)] {
                    addContract(
                        terms, expiry, kind, .option(strike: strike, right: right),
                        tickPaise: TickRules.indexOptionTickPaise)
                }
            }
        }
    }

    private mutating func addContract(
        _ terms: IndexTerms, _ expiry: ExpiryCalendar.Expiry, _ kind: ListedRow.Kind, _ contract: ContractSymbol.Kind,
        tickPaise: Int64
    ) {
        let symbol = ContractSymbol(underlying: terms.name, maturity: expiry.maturity, kind: contract).text
        let number = nextNumber[terms.exchange, default: 1]
        nextNumber[terms.exchange] = number + 1
        let token = number << 8 | terms.exchange.tokenSegment
        add(kind, symbol, name: terms.name, token: token, on: terms.exchange) { row in
            row.tick = Int32(tickPaise * 100)
            row.lot = terms.lot
            row.expiry = Int32(expiry.day.daysSinceEpoch)
            if case .option(let strike, _) = contract { row.strike = strike.tenThousandths }
        }
    }

    private mutating func add(
        _ kind: ListedRow.Kind, _ symbol: String, name: String, token: UInt32, on exchange: Exchange,
        terms: (inout ListedRow) -> Void = { _ in }
    ) {
        var row = ListedRow(
            token: token, symbolStart: 0, name: builder.number(ofName: name), lot: 0, expiry: ListedRow.noExpiry,
            tick: 0, strike: 0, symbolLength: 0,
            exchange: UInt8(Exchange.allCases.firstIndex(of: exchange) ?? 0), kind: kind)
        terms(&row)
        builder.append(row, symbol: symbol.utf8)
    }

    consuming func finish() -> Listing {
        builder.build(origins: PriceOrigins(spots: spots))
    }
}
