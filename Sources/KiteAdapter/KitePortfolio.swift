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
    /// Reads one purse of Kite's funds; nil where an amount is beyond what money can hold, so that nothing is made up.
    init?(_ purse: KiteSegmentMargin) {
        self.init()
        isEnabled = purse.isEnabled
        guard let net = Money(rounding: purse.net), let available = Available(purse.available),
            let utilised = Utilised(purse.utilised)
        else { return nil }
        self.net = net
        self.available = available
        self.utilised = utilised
    }
}

extension Margin.Available {
    /// Reads what can be used; nil where an amount is beyond what money can hold.
    init?(_ funds: KiteAvailableFunds) {
        self.init()
        let amounts: [(WritableKeyPath<Self, Money>, Double)] = [
            (\.adhocMargin, funds.adhocMargin), (\.cash, funds.cash), (\.openingBalance, funds.openingBalance),
            (\.liveBalance, funds.liveBalance), (\.collateral, funds.collateral),
            (\.intradayPayin, funds.intradayPayIn),
        ]
        for (path, amount) in amounts {
            guard let money = Money(rounding: amount) else { return nil }
            self[keyPath: path] = money
        }
    }
}

extension Margin.Utilised {
    /// Reads what is tied up; nil where an amount is beyond what money can hold.
    init?(_ funds: KiteUtilisedFunds) {
        self.init()
        let amounts: [(WritableKeyPath<Self, Money>, Double)] = [
            (\.debits, funds.debits), (\.exposure, funds.exposure), (\.realisedProfit, funds.realisedMarkToMarket),
            (\.unrealisedProfit, funds.unrealisedMarkToMarket), (\.optionPremium, funds.optionPremium),
            (\.payout, funds.payout), (\.span, funds.span), (\.holdingSales, funds.holdingSales),
            (\.turnover, funds.turnover), (\.liquidCollateral, funds.liquidCollateral),
            (\.stockCollateral, funds.stockCollateral), (\.delivery, funds.delivery),
        ]
        for (path, amount) in amounts {
            guard let money = Money(rounding: amount) else { return nil }
            self[keyPath: path] = money
        }
    }
}
