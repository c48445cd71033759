import Foundation
import Testing
import Trading

struct ContractSymbolTests {
    static let parser = ContractSymbolParser(underlyings: [
        "NIFTY", "BANKNIFTY", "NIFTYNXT50", "SENSEX", "SENSEX50", "RELIANCE", "BAJAJ-AUTO", "M&M", "M&MFIN", "GOLD",
        "NIFTY2",
    ])

    struct Row: CustomTestStringConvertible {
        let symbol: String
        let underlying: String
        let maturity: String
        let kind: String
        var testDescription: String { symbol }

        init(_ symbol: String, _ underlying: String, _ maturity: String, _ kind: String) {
            self.symbol = symbol
            self.underlying = underlying
            self.maturity = maturity
            self.kind = kind
        }
    }

    /// Source of the examples: Kite's instrument dumps.
    static let rows: [Row] = [
        Row("NIFTY26NOVFUT", "NIFTY", "2026-11", "FUT"), Row("RELIANCE26AUGFUT", "RELIANCE", "2026-08", "FUT"),
        Row("NIFTY26AUG24350CE", "NIFTY", "2026-08", "24350 CE"),
        Row("NIFTY29DEC15000PE", "NIFTY", "2029-12", "15000 PE"),
        Row("SENSEX26AUG78000CE", "SENSEX", "2026-08", "78000 CE"),
        Row("NIFTY2690824350CE", "NIFTY", "2026-09-08", "24350 CE"),
        Row("SENSEX2682078000CE", "SENSEX", "2026-08-20", "78000 CE"),
        Row("NIFTY20D1713600CE", "NIFTY", "2020-12-17", "13600 CE"),
        Row("NIFTY25O0724500PE", "NIFTY", "2025-10-07", "24500 PE"),
        Row("NIFTY25N0424500PE", "NIFTY", "2025-11-04", "24500 PE"),
        Row("NIFTYNXT5026AUG74500CE", "NIFTYNXT50", "2026-08", "74500 CE"),
        Row("NIFTYNXT5026AUGFUT", "NIFTYNXT50", "2026-08", "FUT"),
        Row("SENSEX5026AUG24500CE", "SENSEX50", "2026-08", "24500 CE"),
        Row("BAJAJ-AUTO26AUG9100CE", "BAJAJ-AUTO", "2026-08", "9100 CE"),
        Row("M&M26AUG3300PE", "M&M", "2026-08", "3300 PE"),
        Row("M&MFIN26AUG272.5PE", "M&MFIN", "2026-08", "272.5 PE"),
        Row("GOLD26OCTFUT", "GOLD", "2026-10", "FUT"),
        // The longest name that leaves a contract wins, and a longer one that leaves none does not.
        Row("NIFTY226AUG24350CE", "NIFTY2", "2026-08", "24350 CE"),
    ]

    @Test(arguments: rows)
    func `a contract's symbol is read and written again`(row: Row) throws {
        let contract = try #require(Self.parser.parse(row.symbol))
        #expect(contract.underlying == row.underlying)
        switch contract.maturity {
        case .month(let year, let month): #expect("\(year)-\(month < 10 ? "0" : "")\(month)" == row.maturity)
        case .day(let date): #expect(date.description == row.maturity)
        }
        switch contract.kind {
        case .future: #expect(row.kind == "FUT")
        case .option(let strike, let right): #expect("\(strike) \(right.rawValue)" == row.kind)
        }
        #expect(contract.text == row.symbol)
    }

    @Test(arguments: [
        "", "NIFTY", "NIFTY 50", "FINNIFTY26AUGFUT", "NIFTY26FUT", "NIFTY26XYZFUT", "NIFTY26AUG", "NIFTY26AUGCE",
        "NIFTY26AUG0CE", "NIFTY26AUG-5CE", "NIFTY26AUG24350XX", "NIFTY26AUG024350CE", "NIFTY26AUG24350.0CE",
        "SENSEX2693124350CE", "NIFTY26A0824350CE", "NIFTY269+824350CE", "NIFTY+6AUG24350CE", "NIFTY26908FUT",
        "nifty26augfut", "NIFTY２６AUGFUT",
    ])
    func `what is no contract of a known underlying is not read`(symbol: String) {
        #expect(Self.parser.parse(symbol) == nil)
    }

    @Test func `random text is never read as something that writes otherwise`() {
        var chance = SeededNumbers(seed: 3)
        let pieces = ["NIFTY", "26", "AUG", "9", "08", "24350", "CE", "PE", "FUT", ".", "5", "0", "O", "D", "N", "+"]
        for _ in 0..<20_000 {
            let count = Int.random(in: 1...7, using: &chance)
            let symbol = (0..<count).compactMap { _ in pieces.randomElement(using: &chance) }.joined()
            if let contract = Self.parser.parse(symbol) { #expect(contract.text == symbol) }
        }
    }

    @Test(.enabled(if: SharedData.hasInstrumentDump, "the recorded instrument dump is not here"))
    func `every derivative of a whole dump is read as its row says`() throws {
        let lines = try SharedData.unpackedText(SharedData.instrumentDump).split(whereSeparator: \.isNewline)
            .dropFirst()
        let rows = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        let parser = ContractSymbolParser(underlyings: Set(rows.map { $0[3] }))
        var failures: [String] = []
        for row in rows {
            guard let contract = parser.parse(row[2]), contract.underlying == row[3], contract.text == row[2],
                let expiry = CalendarDate(row[5]), Self.agrees(contract, expiry, strike: row[6], type: row[9])
            else {
                failures.append(row[2])
                continue
            }
        }
        #expect(rows.count > 39_000)
        #expect(failures.isEmpty, "\(failures.count), first \(failures.prefix(5))")
    }

    private static func agrees(
        _ contract: ContractSymbol, _ expiry: CalendarDate, strike: String, type: String
    ) -> Bool {
        switch contract.maturity {
        case .month(let year, let month):
            guard expiry.components.year == year, expiry.components.month == month else { return false }
        case .day(let date):
            guard date == expiry else { return false }
        }
        switch contract.kind {
        case .future: return type == "FUT"
        case .option(let read, let right): return right.rawValue == type && Price(strike) == read
        }
    }
}
