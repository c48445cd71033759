/// The two purses of a Kite account.
package enum MarginSegment: String, Sendable, Hashable, CaseIterable {
    case equity
    case commodity
}

/// One purse: what is there and what is tied up. Amounts in rupees.
///
/// Source of the names: Kite Connect, funds and margins.
package struct Margin: Sendable, Hashable {
    /// Whether the account may trade in this segment.
    package var isEnabled = true
    /// Available in all.
    package var net: Money = .zero

    /// What can be used.
    package struct Available: Sendable, Hashable {
        package var adhocMargin: Money = .zero
        package var cash: Money = .zero
        package var openingBalance: Money = .zero
        package var liveBalance: Money = .zero
        package var collateral: Money = .zero
        package var intradayPayin: Money = .zero

        /// Nothing available.
        package init() {}
    }

    /// What is tied up, and today's result.
    package struct Utilised: Sendable, Hashable {
        package var debits: Money = .zero
        package var exposure: Money = .zero
        package var realisedProfit: Money = .zero
        package var unrealisedProfit: Money = .zero
        package var optionPremium: Money = .zero
        package var payout: Money = .zero
        package var span: Money = .zero
        package var holdingSales: Money = .zero
        package var turnover: Money = .zero
        package var liquidCollateral: Money = .zero
        package var stockCollateral: Money = .zero
        package var delivery: Money = .zero

        /// Nothing tied up.
        package init() {}
    }

    /// What can be used.
    package var available = Available()
    /// What is tied up, and today's result.
    package var utilised = Utilised()

    /// An empty purse.
    package init() {}
}
