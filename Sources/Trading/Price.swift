/// The price of one unit in rupees, exact to a ten-thousandth (currency contracts tick in four decimals).
///
/// Source: FIX tag 44.
package struct Price: Sendable, Hashable, Comparable {
    /// The price in ten-thousandths of a rupee.
    package let tenThousandths: Int64

    /// Takes a price counted in ten-thousandths of a rupee.
    package init(tenThousandths: Int64) {
        self.tenThousandths = tenThousandths
    }

    /// Takes whole rupees.
    package init(rupees: Int64) {
        self.init(tenThousandths: rupees * 10_000)
    }

    /// Takes paise, hundredths of a rupee.
    package init(paise: Int64) {
        self.init(tenThousandths: paise * 100)
    }

    /// No rupees at all.
    package static let zero = Price(tenThousandths: 0)

    /// Orders by value.
    package static func < (left: Price, right: Price) -> Bool {
        left.tenThousandths < right.tenThousandths
    }
}

extension Price: CustomStringConvertible {
    /// Reads plain decimal text; nil where it is malformed or has more than four decimals.
    package init?(_ text: some StringProtocol) {
        guard let units = DecimalText.tenThousandths(text) else { return nil }
        self.init(tenThousandths: units)
    }

    /// Rounds a binary number to the nearest ten-thousandth, ties to even; nil where it is not finite.
    package init?(rounding value: Double) {
        guard let units = DecimalText.rounding(value) else { return nil }
        self.init(tenThousandths: units)
    }

    /// The shortest exact decimal text.
    package var description: String { DecimalText.text(tenThousandths) }

    /// The nearest binary64 number of rupees; its shortest text equals `description`.
    package var double: Double { Double(tenThousandths) / 10_000 }
}

extension Price {
    /// The sum of a price and a distance; traps on overflow.
    package static func + (left: Price, right: Price) -> Price {
        Price(tenThousandths: left.tenThousandths + right.tenThousandths)
    }

    /// The distance between two prices; traps on overflow.
    package static func - (left: Price, right: Price) -> Price {
        Price(tenThousandths: left.tenThousandths - right.tenThousandths)
    }

    /// A number of equal steps; traps on overflow.
    package static func * (left: Price, steps: Int64) -> Price {
        Price(tenThousandths: left.tenThousandths * steps)
    }

    /// What a quantity costs at a price; traps on overflow.
    package static func * (price: Price, quantity: Quantity) -> Money {
        Money(tenThousandths: price.tenThousandths * quantity.units)
    }

    /// Whether the price lies on the grid of a tick size; a tick of zero makes no grid.
    package func isMultiple(ofTick tick: Price) -> Bool {
        tick.tenThousandths > 0 && tenThousandths % tick.tenThousandths == 0
    }

    /// The nearest price on the grid that is not above this one.
    package func roundedDown(toTick tick: Price) -> Price {
        precondition(tick.tenThousandths > 0, "a tick size is positive")
        let remainder = tenThousandths % tick.tenThousandths
        let below = remainder < 0 ? remainder + tick.tenThousandths : remainder
        return Price(tenThousandths: tenThousandths - below)
    }

    /// The nearest price on the grid that is not below this one.
    package func roundedUp(toTick tick: Price) -> Price {
        let down = roundedDown(toTick: tick)
        return down == self ? self : down + tick
    }

    /// The nearest price on the grid, ties upwards.
    package func roundedToNearest(tick: Price) -> Price {
        let down = roundedDown(toTick: tick)
        let distance = (self - down).tenThousandths
        return distance * 2 < tick.tenThousandths ? down : down + tick
    }
}
