import JSON
import PaperExchange
import Trading

/// A purchase or a sale of units as it came on the form. Source: Kite Connect, mutual funds.
struct FundOrderForm {
    let scheme: FundScheme
    let side: Side
    /// What is paid in; zero for a sale.
    let amount: Money
    /// What is sold; zero for a purchase.
    let units: FundUnits
    let tag: String?

    init(scheme: FundScheme, side: Side, amount: Money, units: FundUnits, tag: String?) {
        self.scheme = scheme
        self.side = side
        self.amount = amount
        self.units = units
        self.tag = tag
    }

    /// Reads the form.
    ///
    /// - Throws: Kite's refusal that names the first missing or malformed field.
    init(_ fields: Fields) throws(KiteRefusal) {
        scheme = try fields.scheme()
        guard let side = Side(rawValue: try fields.required("transaction_type")) else {
            throw .invalid("transaction_type")
        }
        self.side = side
        tag = fields["tag"]
        switch side {
        case .buy:
            guard let amount = try fields.amount("amount") else { throw .missing("amount") }
            self.amount = amount
            units = .zero
        case .sell:
            amount = .zero
            let text = try fields.required("quantity")
            guard let number = Double(text), number > 0, number < 1e12 else { throw .invalid("quantity") }
            units = FundUnits(thousandths: Int64((number * 1_000).rounded()))
        }
    }
}

/// A new plan as it came on the form.
struct FundPlanForm {
    let scheme: FundScheme
    let amount: Money
    let initialAmount: Money?
    let frequency: FundPlan.Frequency
    let instalments: Int64
    let day: Int
    let stepUp: [(day: String, percent: Int64)]
    let trigger: Price
    let tag: String?

    /// Reads the form.
    ///
    /// - Throws: Kite's refusal that names the first missing or malformed field.
    init(_ fields: Fields) throws(KiteRefusal) {
        scheme = try fields.scheme()
        guard let amount = try fields.amount("amount") else { throw .missing("amount") }
        self.amount = amount
        initialAmount = try fields.amount("initial_amount")
        guard let frequency = FundPlan.Frequency(rawValue: try fields.required("frequency")) else {
            throw .invalid("frequency")
        }
        self.frequency = frequency
        guard let instalments = try fields.instalments() else { throw .missing("instalments") }
        self.instalments = instalments
        day = try fields.instalmentDay() ?? 0
        stepUp = try fields.stepUp()
        trigger = try fields.price("trigger_price") ?? .zero
        tag = fields["tag"]
    }
}

/// A change of a plan as it came on the form; what is absent stays.
struct FundPlanChange {
    let amount: Money?
    let status: FundPlan.Status?
    let instalments: Int64?
    let frequency: FundPlan.Frequency?
    let day: Int?

    /// Reads the form.
    ///
    /// - Throws: Kite's refusal that names the first malformed field.
    init(_ fields: Fields) throws(KiteRefusal) {
        amount = try fields.amount("amount")
        instalments = try fields.instalments()
        day = try fields.instalmentDay()
        switch fields["status"]?.uppercased() {
        case nil: status = nil
        case "ACTIVE": status = .active
        case "PAUSED": status = .paused
        default: throw .invalid("status")
        }
        if let text = fields["frequency"] {
            guard let frequency = FundPlan.Frequency(rawValue: text) else { throw .invalid("frequency") }
            self.frequency = frequency
        } else {
            frequency = nil
        }
    }
}

extension Fields {
    fileprivate func scheme() throws(KiteRefusal) -> FundScheme {
        guard let scheme = FundScheme.named(try required("tradingsymbol")) else { throw .invalid("tradingsymbol") }
        return scheme
    }

    /// Rupees, at most what one order may be; nil where they are absent or zero.
    fileprivate func amount(_ name: String) throws(KiteRefusal) -> Money? {
        guard let text = self[name] else { return nil }
        guard let amount = Money(text) ?? Double(text).flatMap(Money.init(rounding:)), amount >= .zero,
            amount <= Money(rupees: FundBook.mostRupees)
        else { throw .invalid(name) }
        return amount == .zero ? nil : amount
    }

    /// How often: -1 until cancelled, else at least once.
    fileprivate func instalments() throws(KiteRefusal) -> Int64? {
        guard let text = self["instalments"] else { return nil }
        guard let number = Int64(text), number == -1 || 1...9_999 ~= number else { throw .invalid("instalments") }
        return number
    }

    fileprivate func instalmentDay() throws(KiteRefusal) -> Int? {
        guard let text = self["instalment_day"] else { return nil }
        guard let day = Int(text), 0...31 ~= day else { throw .invalid("instalment_day") }
        return day
    }

    /// JSON text of days and percentages, `{"15-02":10}`.
    fileprivate func stepUp() throws(KiteRefusal) -> [(day: String, percent: Int64)] {
        guard let text = self["step_up"] else { return [] }
        guard let members = (try? JSONValue(parsing: text))?.object?.members else { throw .invalid("step_up") }
        var steps: [(day: String, percent: Int64)] = []
        for member in members {
            guard let percent = member.value.number?.int64, 1...100 ~= percent else { throw .invalid("step_up") }
            steps.append((member.name, percent))
        }
        return steps
    }
}
