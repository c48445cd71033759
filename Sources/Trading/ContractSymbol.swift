/// What a derivative's trading symbol says. Source: Kite Connect, trading symbol grammar of NSE and BSE derivatives.
package struct ContractSymbol: Sendable, Hashable {
    /// When the contract ends, as far as the symbol says.
    package enum Maturity: Sendable, Hashable {
        /// The month's last expiry; the symbol does not tell the day.
        case month(year: Int, month: Int)
        /// A weekly expiry on a named day.
        case day(CalendarDate)
    }

    /// What the contract is.
    package enum Kind: Sendable, Hashable {
        case future
        case option(strike: Price, right: OptionRight)
    }

    /// The name of the underlying.
    package let underlying: String
    /// When it ends.
    package let maturity: Maturity
    /// Future, or option with its strike.
    package let kind: Kind

    /// Puts the parts together.
    package init(underlying: String, maturity: Maturity, kind: Kind) {
        self.underlying = underlying
        self.maturity = maturity
        self.kind = kind
    }

    static let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    static let weeklyMonths = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "O", "N", "D"]

    /// Writes a symbol, for example `NIFTY26NOVFUT`, `NIFTY26AUG24350CE` or `NIFTY2690824350CE`.
    package var text: String {
        let tail: String
        switch kind {
        case .future: tail = "FUT"
        case .option(let strike, let right): tail = "\(strike)\(right.rawValue)"
        }
        switch maturity {
        case .month(let year, let month):
            return underlying + CalendarDate.padded(year % 100, 2) + Self.months[month - 1] + tail
        case .day(let date):
            let (year, month, day) = date.components
            return underlying + CalendarDate.padded(year % 100, 2) + Self.weeklyMonths[month - 1]
                + CalendarDate.padded(day, 2) + tail
        }
    }
}

/// Reads derivative symbols against the underlyings that are known, longest name first.
package struct ContractSymbolParser: Sendable {
    private let underlyings: Set<String>
    private let longest: Int

    /// Takes the names of all known underlyings; names may end in digits (`NIFTYNXT50`) or hold `-` and `&`.
    package init(underlyings: some Sequence<String>) {
        self.underlyings = Set(underlyings)
        longest = self.underlyings.lazy.map(\.utf8.count).max() ?? 0
    }

    /// Reads a symbol; nil where no known underlying starts it or the rest is not a contract's. What is read writes
    /// the same text again.
    package func parse(_ symbol: String) -> ContractSymbol? {
        let bytes = Array(symbol.utf8)
        for length in stride(from: min(longest, bytes.count), through: 1, by: -1) {
            let name = String(decoding: bytes[..<length], as: UTF8.self)
            guard underlyings.contains(name) else { continue }
            if let contract = Self.contract(of: name, rest: bytes[length...]), contract.text == symbol {
                return contract
            }
        }
        return nil
    }

    private static func contract(of name: String, rest: ArraySlice<UInt8>) -> ContractSymbol? {
        let text = String(decoding: rest, as: UTF8.self)
        guard text.utf8.count >= 8, let shortYear = Int(text.prefix(2)), text.first?.isNumber == true else {
            return nil
        }
        let year = 2000 + shortYear
        let afterYear = text.dropFirst(2)
        if let month = ContractSymbol.months.firstIndex(of: String(afterYear.prefix(3))) {
            let tail = afterYear.dropFirst(3)
            let maturity = ContractSymbol.Maturity.month(year: year, month: month + 1)
            if tail == "FUT" { return ContractSymbol(underlying: name, maturity: maturity, kind: .future) }
            return option(name, maturity, tail)
        }
        guard let month = ContractSymbol.weeklyMonths.firstIndex(of: String(afterYear.prefix(1))),
            let day = Int(afterYear.dropFirst().prefix(2)),
            let date = CalendarDate(year: year, month: month + 1, day: day)
        else { return nil }
        return option(name, .day(date), afterYear.dropFirst(3))
    }

    private static func option(
        _ name: String, _ maturity: ContractSymbol.Maturity, _ tail: Substring
    ) -> ContractSymbol? {
        guard let right = OptionRight(rawValue: String(tail.suffix(2))), let strike = Price(tail.dropLast(2)),
            strike > .zero
        else { return nil }
        return ContractSymbol(underlying: name, maturity: maturity, kind: .option(strike: strike, right: right))
    }
}
