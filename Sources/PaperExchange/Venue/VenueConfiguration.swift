import Trading

/// What a venue is built from.
package struct VenueConfiguration: Sendable {
    /// Decides every price and size the market model makes; the same seed gives the same market.
    package var seed: UInt64
    /// The day that is traded.
    package var tradingDate: CalendarDate
    /// Whether orders are taken at any hour; otherwise the sessions of the trading date hold.
    package var alwaysOpen: Bool
    /// The time between two steps of the market model.
    package var step: Duration
    /// Cash of an account that is opened without an amount.
    package var openingCash: Money
    /// Prices and open interest to start from; what is missing is inferred.
    package var priceOrigins: PriceOrigins
    /// Whether shares may only be sold out of the demat account once their owner has authorised it for the day.
    package var holdingsNeedAuthorisation = false

    /// Puts a configuration together.
    package init(
        seed: UInt64, tradingDate: CalendarDate, alwaysOpen: Bool = true, step: Duration = .milliseconds(250),
        openingCash: Money = Money(rupees: 1_000_000), priceOrigins: PriceOrigins = PriceOrigins()
    ) {
        precondition(step > .zero, "a step of the market takes time")
        self.seed = seed
        self.tradingDate = tradingDate
        self.alwaysOpen = alwaysOpen
        self.step = step
        self.openingCash = openingCash
        self.priceOrigins = priceOrigins
    }
}
