/// The most one order may carry, by underlying and date. Exchanges reset it monthly, so it is dated data.
package struct FreezeQuantities: Sendable {
    /// A limit that holds from a day on.
    package struct Entry: Sendable, Hashable {
        /// The underlying's name.
        package let underlying: String
        /// The first day it holds.
        package let from: CalendarDate
        /// Units, not lots.
        package let quantity: Quantity

        /// Puts an entry together.
        package init(underlying: String, from: CalendarDate, quantity: Quantity) {
            self.underlying = underlying
            self.from = from
            self.quantity = quantity
        }
    }

    private let entries: [String: [Entry]]

    /// Takes entries in any order.
    package init(_ entries: some Sequence<Entry>) {
        self.entries = Dictionary(grouping: entries, by: \.underlying)
            .mapValues { $0.sorted { $0.from < $1.from } }
    }

    /// The limit on a day; nil where none is known.
    package func quantity(underlying: String, on date: CalendarDate) -> Quantity? {
        entries[underlying]?.last { $0.from <= date }?.quantity
    }

    /// Index limits as last published. Source: NSE circular of 31 July 2026 (in force from 3 August 2026);
    /// the BSE figures are not confirmed by a circular.
    package static let published: FreezeQuantities = {
        let from = CalendarDate(daysSinceEpoch: 0)
        let limits: [(String, Int64)] = [
            ("NIFTY", 1_800), ("BANKNIFTY", 600), ("FINNIFTY", 1_800), ("MIDCPNIFTY", 2_800), ("NIFTYNXT50", 600),
            ("SENSEX", 1_000), ("BANKEX", 600),
        ]
        return FreezeQuantities(
            limits.map { Entry(underlying: $0.0, from: from, quantity: Quantity($0.1)) })
    }()
}
