import Trading

/// Shares of one instrument in the demat account, with what the day did to them.
package struct HeldShares: Sendable, Hashable {
    /// The shares that are fully paid.
    package var holding: Holding
    /// Units sold today.
    package var usedQuantity: Quantity = 0
    /// Units that may leave the demat account today.
    package var authorisedQuantity: Quantity = 0
    /// The day they were last authorised for; nil where they never were.
    package var authorisedDate: CalendarDate?
    /// The shares that were bought with the broker's money; nil where there are none.
    package var funded: Holding?
    /// Units of those sold today.
    package var fundedUsedQuantity: Quantity = 0

    /// Shares that the day has done nothing to.
    package init(holding: Holding) {
        self.holding = holding
    }
}

/// What an account's shares are worth together; nil where a price that it needs is unknown.
///
/// Formulas: total is what they are worth less what was paid, in percent of what was paid; today's is against what
/// they were worth at the previous close.
package struct HoldingsSummary: Sendable, Hashable {
    /// What was paid for them.
    package let invested: Money
    /// What they are worth.
    package let current: Money
    /// What they were worth at the previous close.
    package let previous: Money

    /// Adds holdings up; nil where one of them has no last or previous price.
    package init?(_ holdings: some Sequence<Holding>) {
        var sums = (invested: Money.zero, current: Money.zero, previous: Money.zero)
        for holding in holdings {
            guard let last = holding.lastPrice, let close = holding.closePrice else { return nil }
            sums.invested += holding.averagePrice * holding.totalQuantity
            sums.current += last * holding.totalQuantity
            sums.previous += close * holding.totalQuantity
        }
        (invested, current, previous) = sums
    }

    /// Profit or loss since the shares were bought.
    package var totalProfit: Money { current - invested }
    /// Profit or loss since the previous close.
    package var todaysProfit: Money { current - previous }
    /// In percent of what was paid; zero where nothing was.
    package var totalPercent: Double { Self.percent(totalProfit, of: invested) }
    /// In percent of the value at the previous close; zero where there was none.
    package var todaysPercent: Double { Self.percent(todaysProfit, of: previous) }

    private static func percent(_ part: Money, of whole: Money) -> Double {
        whole == .zero ? 0 : part.double / whole.double * 100
    }
}
