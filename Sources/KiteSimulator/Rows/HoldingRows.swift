import JSON
import PaperExchange
import Trading

/// Shares that are offered to their owner in the exchange's auction.
package struct OfferedShares: Sendable, Hashable {
    /// The auction's number.
    package var number: String
    /// The shares; token and prices are those of the auction.
    package var holding: Holding

    /// Puts an offer together.
    package init(number: String, holding: Holding) {
        self.number = number
        self.holding = holding
    }
}

extension JSONWriter {
    /// Writes shares in the demat account; `date` is the day they are authorised for where they never were. Source:
    /// Kite Connect, portfolio.
    mutating func holdingRow(_ shares: HeldShares, date: CalendarDate) {
        let holding = shares.holding
        beginObject()
        holdingIdentity(holding)
        key("quantity")
        value(holding.quantity.units)
        key("used_quantity")
        value(shares.usedQuantity.units)
        holdingQuantities(holding, authorised: shares.authorisedQuantity, date: shares.authorisedDate ?? date)
        key("authorisation")
        beginObject()
        endObject()
        key("short_quantity")
        value(0)
        holdingPrices(holding)
        key("mtf")
        marginFunding(shares)
        endObject()
    }

    /// Writes shares offered in an auction. Source: Kite Connect, auction instruments.
    mutating func auctionRow(_ offered: OfferedShares, date: CalendarDate) {
        beginObject()
        holdingIdentity(offered.holding)
        key("quantity")
        value(offered.holding.quantity.units)
        holdingQuantities(offered.holding, authorised: 0, date: date)
        holdingPrices(offered.holding)
        key("auction_number")
        value(offered.number)
        endObject()
    }

    /// Writes what and how much is held, and nothing else.
    mutating func compactHoldingRow(_ holding: Holding) {
        beginObject()
        key("exchange")
        value(holding.instrument.exchange.rawValue)
        key("tradingsymbol")
        value(holding.instrument.symbol)
        key("instrument_token")
        value(holding.token.rawValue)
        key("t1_quantity")
        value(holding.unsettledQuantity.units)
        key("quantity")
        value(holding.quantity.units)
        endObject()
    }

    /// Writes what all holdings are worth together.
    mutating func holdingsSummary(_ summary: HoldingsSummary) {
        beginObject()
        key("total_pnl")
        value(summary.totalProfit)
        key("total_pnl_percent")
        value(summary.totalPercent)
        key("today_pnl")
        value(summary.todaysProfit)
        key("today_pnl_percent")
        value(summary.todaysPercent)
        key("invested_amount")
        value(summary.invested)
        key("current_value")
        value(summary.current)
        endObject()
    }

    private mutating func holdingIdentity(_ holding: Holding) {
        key("tradingsymbol")
        value(holding.instrument.symbol)
        key("exchange")
        value(holding.instrument.exchange.rawValue)
        key("instrument_token")
        value(holding.token.rawValue)
        key("isin")
        value(holding.isin ?? "")
        key("product")
        value(holding.product.rawValue)
        key("price")
        value(0)
    }

    private mutating func holdingQuantities(_ holding: Holding, authorised: Quantity, date: CalendarDate) {
        key("t1_quantity")
        value(holding.unsettledQuantity.units)
        key("realised_quantity")
        value(holding.quantity.units)
        key("authorised_quantity")
        value(authorised.units)
        key("authorised_date")
        value("\(date) 00:00:00")
        key("opening_quantity")
        value(holding.totalQuantity.units)
        key("collateral_quantity")
        value(holding.collateralQuantity.units)
        key("collateral_type")
        value(holding.collateralType ?? "")
        key("discrepancy")
        value(false)
    }

    private mutating func holdingPrices(_ holding: Holding) {
        let last = holding.lastPrice ?? .zero
        let close = holding.closePrice ?? .zero
        key("average_price")
        value(holding.averagePrice)
        key("last_price")
        value(last)
        key("close_price")
        value(close)
        key("pnl")
        value(holding.profit ?? .zero)
        key("day_change")
        value(last - close)
        key("day_change_percentage")
        value(close == .zero ? 0 : (last - close).double / close.double * 100)
    }

    /// Shares bought with the broker's money are paid in full here, so that all of their value is margin.
    private mutating func marginFunding(_ shares: HeldShares) {
        let quantity = shares.funded?.totalQuantity ?? 0
        let average = shares.funded?.averagePrice ?? .zero
        beginObject()
        key("quantity")
        value(quantity.units)
        key("used_quantity")
        value(shares.fundedUsedQuantity.units)
        key("average_price")
        value(average)
        key("value")
        value(average * quantity)
        key("initial_margin")
        value(average * quantity)
        endObject()
    }
}
