import Trading

/// Units of a position that are to be held in another way. Source: Kite Connect, convert position.
package struct PositionConversion: Sendable, Hashable {
    /// Which units of a position are meant.
    package enum Period: String, Sendable, Hashable {
        /// Those dealt in today.
        case day
        /// Those carried from the day before.
        case overnight
    }

    /// The instrument.
    package var instrument: InstrumentID
    /// Buy for long units, sell for short ones.
    package var side: Side
    /// Which units are meant.
    package var period: Period
    /// How many.
    package var quantity: Quantity
    /// How they are held.
    package var from: Product
    /// How they are to be held.
    package var to: Product

    /// Puts a conversion together.
    package init(
        instrument: InstrumentID, side: Side, period: Period, quantity: Quantity, from: Product, to: Product
    ) {
        self.instrument = instrument
        self.side = side
        self.period = period
        self.quantity = quantity
        self.from = from
        self.to = to
    }
}

/// Why units are not held in another way.
package enum ConversionRefusal: Error, Sendable, Hashable {
    case unknownAccount(String)
    case unknownInstrument(InstrumentID)
    case marketClosed
    case sameProduct(Product)
    case productNotAllowed(Exchange, Product)
    case quantityNotPositive
    case offLot(lot: Quantity)
    case notThatMany(asked: Quantity, open: Quantity)
    case carriedTheOtherWay(Product)
    case insufficientFunds(required: Money, available: Money)
    case insufficientHoldings(asked: Quantity, held: Quantity)
}

extension ConversionRefusal: CustomStringConvertible {
    /// A sentence for the person who asked.
    package var description: String {
        switch self {
        case .unknownAccount(let account): VenueRefusal.unknownAccount(account).description
        case .unknownInstrument(let id): VenueRefusal.unknownInstrument(id).description
        case .marketClosed: "Markets are not open: positions cannot be converted."
        case .sameProduct(let product): "The position is held as \(product.rawValue) already."
        case .productNotAllowed(let exchange, let product):
            VenueRefusal.productNotAllowed(exchange, product).description
        case .quantityNotPositive: VenueRefusal.quantityNotPositive.description
        case .offLot(let lot): VenueRefusal.offLot(lot: lot).description
        case .notThatMany(let asked, let open):
            "\(asked) units cannot be converted: the position has \(open) such units."
        case .carriedTheOtherWay(let product):
            "Carried units cannot be converted: the \(product.rawValue) position is carried the other way."
        case .insufficientFunds(let required, let available):
            VenueRefusal.insufficientFunds(required: required, available: available).description
        case .insufficientHoldings(let asked, let held):
            VenueRefusal.insufficientHoldings(asked: asked, held: held).description
        }
    }
}

extension Position {
    /// Units that a conversion can take out of it.
    func convertible(_ side: Side, _ period: PositionConversion.Period) -> Quantity {
        let open = max(side == .buy ? quantity : -quantity, 0)
        return switch (period, side) {
        case (.day, .buy): min(open, dayBuyQuantity)
        case (.day, .sell): min(open, daySellQuantity)
        case (.overnight, .buy): min(open, max(overnightQuantity, 0))
        case (.overnight, .sell): min(open, max(-overnightQuantity, 0))
        }
    }

    /// Moves units to another position at what they cost on average; no money comes or goes. Needs as many
    /// convertible units here, and none carried the other way there.
    mutating func move(_ conversion: PositionConversion, to other: inout Position) {
        let units = conversion.quantity
        switch (conversion.period, conversion.side) {
        case (.day, .buy):
            let value = Self.share(units, of: dayBuyQuantity, worth: dayBuyValue)
            dayBuyQuantity -= units
            dayBuyValue -= value
            other.dayBuyQuantity += units
            other.dayBuyValue += value
        case (.day, .sell):
            let value = Self.share(units, of: daySellQuantity, worth: daySellValue)
            daySellQuantity -= units
            daySellValue -= value
            other.daySellQuantity += units
            other.daySellValue += value
        case (.overnight, let side):
            let signed = Quantity(units.units * side.sign)
            let carried = other.overnightQuantity.magnitude
            let cost = overnightPrice * units + other.overnightPrice * carried
            overnightQuantity -= signed
            other.overnightQuantity += signed
            other.overnightPrice = cost.perUnit(units + carried) ?? .zero
            if overnightQuantity == 0 { overnightPrice = .zero }
        }
    }

    private static func share(_ units: Quantity, of all: Quantity, worth value: Money) -> Money {
        guard units != all, let each = value.perUnit(all) else { return value }
        return each * units
    }
}
