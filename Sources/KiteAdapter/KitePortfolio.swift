import KiteConnect
import Trading

extension Position {
    /// Reads a row of Kite's positions; nil where it names a market or a product that we do not know.
    init?(_ row: KitePosition) {
        guard let exchange = Exchange(rawValue: row.exchange.rawValue),
            let product = Product(rawValue: row.product.rawValue),
            row.multiplier >= 1, row.multiplier == row.multiplier.rounded()
        else { return nil }
        self.init(
            instrument: InstrumentID(exchange: exchange, symbol: row.tradingsymbol),
            token: InstrumentToken(row.instrumentToken), product: product, multiplier: Int64(row.multiplier))
        overnightQuantity = Quantity(Int64(row.overnightQuantity))
        dayBuyQuantity = Quantity(Int64(row.dayBuyQuantity))
        daySellQuantity = Quantity(Int64(row.daySellQuantity))
        guard let bought = Money(rounding: row.dayBuyValue), let sold = Money(rounding: row.daySellValue) else {
            return nil
        }
        dayBuyValue = bought
        daySellValue = sold
        if row.overnightQuantity != 0 {
            let carried =
                row.overnightQuantity > 0
                ? row.buyValue - row.dayBuyValue : row.sellValue - row.daySellValue
            let units = row.multiplier * Double(abs(row.overnightQuantity))
            guard let price = Price(rounding: carried / units) else { return nil }
            overnightPrice = price
        }
        closePrice = Price(positive: row.closePrice)
        lastPrice = Price(positive: row.lastPrice)
    }
}

extension Holding {
    /// Reads a row of Kite's holdings; nil where it names a market or a product that we do not know.
    init?(_ row: KiteHolding) {
        guard let exchange = Exchange(rawValue: row.exchange.rawValue),
            let product = Product(rawValue: row.product.rawValue), let average = Price(rounding: row.averagePrice)
        else { return nil }
        self.init(
            instrument: InstrumentID(exchange: exchange, symbol: row.tradingsymbol),
            token: InstrumentToken(row.instrumentToken))
        self.product = product
        isin = row.isin.isEmpty ? nil : row.isin
        quantity = Quantity(Int64(row.quantity))
        unsettledQuantity = Quantity(Int64(row.t1Quantity))
        collateralQuantity = Quantity(Int64(row.collateralQuantity))
        collateralType = row.collateralType.flatMap { $0.isEmpty ? nil : $0 }
        averagePrice = average
        lastPrice = Price(positive: row.lastPrice)
        closePrice = Price(positive: row.closePrice)
    }
}

extension Margin {
    /// Reads one purse of Kite's funds.
    init(_ purse: KiteSegmentMargin) {
        self.init()
        isEnabled = purse.isEnabled
        net = Money(purse.net)
        available.adhocMargin = Money(purse.available.adhocMargin)
        available.cash = Money(purse.available.cash)
        available.openingBalance = Money(purse.available.openingBalance)
        available.liveBalance = Money(purse.available.liveBalance)
        available.collateral = Money(purse.available.collateral)
        available.intradayPayin = Money(purse.available.intradayPayIn)
        utilised.debits = Money(purse.utilised.debits)
        utilised.exposure = Money(purse.utilised.exposure)
        utilised.realisedProfit = Money(purse.utilised.realisedMarkToMarket)
        utilised.unrealisedProfit = Money(purse.utilised.unrealisedMarkToMarket)
        utilised.optionPremium = Money(purse.utilised.optionPremium)
        utilised.payout = Money(purse.utilised.payout)
        utilised.span = Money(purse.utilised.span)
        utilised.holdingSales = Money(purse.utilised.holdingSales)
        utilised.turnover = Money(purse.utilised.turnover)
        utilised.liquidCollateral = Money(purse.utilised.liquidCollateral)
        utilised.stockCollateral = Money(purse.utilised.stockCollateral)
        utilised.delivery = Money(purse.utilised.delivery)
    }
}

extension Money {
    /// Rounds an amount of a JSON number, which is finite; amounts beyond Int64 do not occur in rupees.
    init(_ amount: Double) {
        self = Money(rounding: amount) ?? .zero
    }
}
