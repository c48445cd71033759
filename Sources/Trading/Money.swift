/// An amount of rupees, exact to a ten-thousandth; may be negative.
package struct Money: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The amount in ten-thousandths of a rupee.
    package let tenThousandths: Int64

    /// Takes an amount counted in ten-thousandths of a rupee.
    package init(tenThousandths: Int64) {
        self.tenThousandths = tenThousandths
    }

    /// Takes whole rupees.
    package init(rupees: Int64) {
        self.init(tenThousandths: rupees * 10_000)
    }

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

    /// No money.
    package static let zero = Money(tenThousandths: 0)

    /// The shortest exact decimal text.
    package var description: String { DecimalText.text(tenThousandths) }

    /// The nearest binary64 number of rupees.
    package var double: Double { Double(tenThousandths) / 10_000 }
}

extension Money {
    /// Orders by value.
    package static func < (left: Money, right: Money) -> Bool {
        left.tenThousandths < right.tenThousandths
    }

    /// The sum; traps on overflow.
    package static func + (left: Money, right: Money) -> Money {
        Money(tenThousandths: left.tenThousandths + right.tenThousandths)
    }

    /// The difference; traps on overflow.
    package static func - (left: Money, right: Money) -> Money {
        Money(tenThousandths: left.tenThousandths - right.tenThousandths)
    }

    /// The amount with its sign turned.
    package static prefix func - (amount: Money) -> Money {
        Money(tenThousandths: -amount.tenThousandths)
    }

    /// The amount several times, as a contract's multiplier asks for; traps on overflow.
    package static func * (amount: Money, multiplier: Int64) -> Money {
        Money(tenThousandths: amount.tenThousandths * multiplier)
    }

    /// Adds in place; traps on overflow.
    package static func += (left: inout Money, right: Money) {
        left = left + right
    }

    /// Takes away in place; traps on overflow.
    package static func -= (left: inout Money, right: Money) {
        left = left - right
    }

    /// The price of one unit when the amount is spread over a quantity, ties to even; nil for no quantity.
    package func perUnit(_ quantity: Quantity) -> Price? {
        guard quantity.units != 0 else { return nil }
        let amount = quantity.units < 0 ? -tenThousandths : tenThousandths
        return Price(tenThousandths: DecimalText.divide(amount, by: Int64(quantity.units.magnitude)))
    }

    /// A share of the amount in basis points (hundredths of a percent), ties to even.
    package func basisPoints(_ points: Int64) -> Money {
        Money(tenThousandths: DecimalText.divide(tenThousandths * points, by: 10_000))
    }
}
