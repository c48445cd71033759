import Trading

/// An amount of charges in rupees, exact to a billionth: contract notes show parts far below a paisa.
package struct Charge: Sendable, Hashable {
    /// The amount in billionths of a rupee.
    package let billionths: Int64

    /// Takes billionths of a rupee.
    package init(billionths: Int64) {
        self.billionths = billionths
    }

    /// Takes whole rupees.
    init(rupees: Int64) {
        self.init(billionths: rupees * 1_000_000_000)
    }

    /// Nothing to pay.
    package static let zero = Charge(billionths: 0)

    /// A share of a turnover, rounded down below a billionth of a rupee; nil where it does not fit.
    init?(_ rupeesPerCrore: Int64, perCroreOf turnover: Money) {
        // A rate is so many parts of ten million, and a turnover counts ten-thousandths: 10⁻¹¹ rupees together.
        let product = turnover.tenThousandths.multipliedFullWidth(by: rupeesPerCrore)
        guard 0..<6 ~= product.high else { return nil }
        billionths = Int64(100).dividingFullWidth(product).quotient
    }

    /// The sum; traps on overflow.
    package static func + (left: Charge, right: Charge) -> Charge {
        Charge(billionths: left.billionths + right.billionths)
    }

    /// So many hundredths of the amount, rounded down below a billionth of a rupee.
    func percent(_ percent: Int64) -> Charge { Charge(billionths: billionths / 100 * percent + rest(percent)) }

    private func rest(_ percent: Int64) -> Int64 { billionths % 100 * percent / 100 }
}

/// What one executed order costs besides its price, part by part, unrounded. Source: Kite Connect, charges.
package struct Charges: Sendable, Hashable {
    /// The tax on transactions that applies.
    package enum Tax: String, Sendable, Hashable {
        case securities = "stt"
        case commodities = "ctt"
        case none = ""
    }

    /// Which tax it is.
    package var tax = Tax.none
    /// The tax.
    package var transactionTax = Charge.zero
    /// What the exchange takes of the turnover.
    package var exchangeTurnover = Charge.zero
    /// What the regulator takes of the turnover.
    package var regulatorTurnover = Charge.zero
    /// What the broker takes.
    package var brokerage = Charge.zero
    /// Duty of the buyer.
    package var stampDuty = Charge.zero
    /// Tax on the services of broker, exchange and regulator; between states, so that it is all one part.
    package var serviceTax = Charge.zero

    /// Nothing to pay.
    package init() {}

    /// The exact sum of the parts.
    package var total: Charge {
        transactionTax + exchangeTurnover + regulatorTurnover + brokerage + stampDuty + serviceTax
    }
}
