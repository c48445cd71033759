/// What an account holds in one instrument and product, with today's dealings. Money is in rupees.
///
/// Source of the formulas: Kite Connect, positions.
package struct Position: Sendable, Hashable {
    /// The instrument.
    package let instrument: InstrumentID
    /// The broker's number of the instrument.
    package let token: InstrumentToken
    /// How it is held.
    package let product: Product
    /// Contract size where the venue counts lots, else 1.
    package let multiplier: Int64

    /// Units carried from the day before, negative when short.
    package var overnightQuantity: Quantity = 0
    /// What one carried unit cost on average.
    package var overnightPrice: Price = .zero
    /// Units bought today.
    package var dayBuyQuantity: Quantity = 0
    /// What today's buys cost, multiplier included.
    package var dayBuyValue: Money = .zero
    /// Units sold today.
    package var daySellQuantity: Quantity = 0
    /// What today's sells brought, multiplier included.
    package var daySellValue: Money = .zero
    /// The previous day's close; nil where unknown.
    package var closePrice: Price?
    /// The last price; nil where unknown.
    package var lastPrice: Price?

    /// An empty position.
    package init(instrument: InstrumentID, token: InstrumentToken, product: Product, multiplier: Int64 = 1) {
        self.instrument = instrument
        self.token = token
        self.product = product
        self.multiplier = multiplier
    }

    /// Adds one execution to today's dealings.
    package mutating func add(side: Side, quantity: Quantity, price: Price) {
        let value = price * quantity * multiplier
        switch side {
        case .buy:
            dayBuyQuantity += quantity
            dayBuyValue += value
        case .sell:
            daySellQuantity += quantity
            daySellValue += value
        }
    }
}

extension Position {
    /// Units held now, negative when short.
    package var quantity: Quantity { overnightQuantity + dayBuyQuantity - daySellQuantity }

    private var overnightLong: Quantity { max(overnightQuantity, 0) }
    private var overnightShort: Quantity { max(-overnightQuantity, 0) }

    /// Units carried long and bought today.
    package var buyQuantity: Quantity { overnightLong + dayBuyQuantity }

    /// Units carried short and sold today.
    package var sellQuantity: Quantity { overnightShort + daySellQuantity }

    /// What the bought units cost.
    package var buyValue: Money { overnightPrice * overnightLong * multiplier + dayBuyValue }

    /// What the sold units brought.
    package var sellValue: Money { overnightPrice * overnightShort * multiplier + daySellValue }

    /// The average price of the bought units; zero when there are none.
    package var buyPrice: Price { average(buyValue, buyQuantity) }

    /// The average price of the sold units; zero when there are none.
    package var sellPrice: Price { average(sellValue, sellQuantity) }

    /// The average price of the open side; zero when flat.
    package var averagePrice: Price {
        switch quantity.units.signum() {
        case 1: buyPrice
        case -1: sellPrice
        default: .zero
        }
    }

    /// Sold minus bought.
    package var value: Money { sellValue - buyValue }

    /// Profit or loss since the position was opened; nil while units are open and the last price is unknown.
    package var profit: Money? {
        guard quantity != 0 else { return value }
        guard let lastPrice else { return nil }
        return value + lastPrice * quantity * multiplier
    }

    /// Profit or loss of today: carried units are counted from the previous close. Nil where a price it needs is
    /// unknown.
    package var markToMarket: Money? {
        var result = daySellValue - dayBuyValue
        if overnightQuantity != 0 {
            guard let closePrice else { return nil }
            result -= closePrice * overnightQuantity * multiplier
        }
        if quantity != 0 {
            guard let lastPrice else { return nil }
            result += lastPrice * quantity * multiplier
        }
        return result
    }

    private func average(_ value: Money, _ quantity: Quantity) -> Price {
        Money(tenThousandths: value.tenThousandths / multiplier).perUnit(quantity) ?? .zero
    }
}
