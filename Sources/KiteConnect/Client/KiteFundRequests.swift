/// An order for units of a mutual fund.
///
/// Kite has switched fund orders through its API off for most apps, since they need a payment from the user's bank.
public struct KiteFundOrderRequest: Sendable, Hashable {
    /// The fund's ISIN.
    public var tradingsymbol: String
    /// A purchase of rupees or a sale of units.
    public var size: Size
    /// The caller's mark, or nil.
    public var tag: String?

    /// How much of a fund.
    public enum Size: Sendable, Hashable {
        /// Buys for so many rupees.
        case purchase(amount: Double)
        /// Sells so many units, a fraction.
        case redemption(quantity: Double)
    }

    /// An order.
    public init(tradingsymbol: String, size: Size, tag: String? = nil) {
        self.tradingsymbol = tradingsymbol
        self.size = size
        self.tag = tag
    }

    func form() throws(KiteError) -> [(name: String, value: String)] {
        var form = OrderForm()
        form.add("tradingsymbol", tradingsymbol)
        switch size {
        case .purchase(let amount):
            form.add("transaction_type", KiteTransactionType.buy.rawValue)
            try form.add("amount", amount)
        case .redemption(let quantity):
            form.add("transaction_type", KiteTransactionType.sell.rawValue)
            try form.add("quantity", quantity)
        }
        form.add("tag", tag)
        return form.pairs
    }
}

/// A plan that buys units at intervals.
public struct KiteFundPlanRequest: Sendable, Hashable {
    /// The fund's ISIN.
    public var tradingsymbol: String
    /// Rupees an instalment.
    public var amount: Double
    /// Number of instalments; -1 until cancelled.
    public var instalments: Int
    /// `monthly`, `weekly` or `quarterly`.
    public var frequency: String
    /// Rupees of a first purchase, or nil.
    public var initialAmount: Double?
    /// Day of the month; with frequency `monthly`.
    public var instalmentDay: Int?
    /// Net asset value to wait for, in rupees, or nil.
    public var triggerPrice: Double?
    /// Percent more, by day and month `dd-mm`; empty for none.
    public var stepUp: [String: Double]
    /// `sip` or `amc_sip`; nil for Kite's own choice.
    public var planType: String?
    /// The caller's mark of at most 8 characters, or nil.
    public var tag: String?

    /// A plan with the fields that every plan has; set the others afterwards.
    public init(tradingsymbol: String, amount: Double, instalments: Int, frequency: String, tag: String? = nil) {
        self.tradingsymbol = tradingsymbol
        self.amount = amount
        self.instalments = instalments
        self.frequency = frequency
        self.tag = tag
        stepUp = [:]
    }

    func form() throws(KiteError) -> [(name: String, value: String)] {
        var form = OrderForm()
        form.add("tradingsymbol", tradingsymbol)
        try form.add("amount", amount)
        try form.add("initial_amount", initialAmount)
        form.add("instalments", instalments)
        form.add("frequency", frequency)
        form.add("instalment_day", instalmentDay)
        try form.add("trigger_price", triggerPrice)
        if !stepUp.isEmpty {
            var steps = RequestObject()
            for (day, percent) in stepUp.sorted(by: { $0.key < $1.key }) { try steps.add(day, percent) }
            form.add("step_up", steps.json.text)
        }
        form.add("sip_type", planType)
        form.add("tag", tag)
        return form.pairs
    }
}

/// The new values of a plan's fields; nil fields stay as they are.
public struct KiteFundPlanChange: Sendable, Hashable {
    /// Rupees an instalment.
    public var amount: Double?
    /// `active` or `paused`.
    public var status: String?
    /// Number of instalments; -1 until cancelled.
    public var instalments: Int?
    /// `monthly`, `weekly` or `quarterly`.
    public var frequency: String?
    /// Day of the month; with frequency `monthly`.
    public var instalmentDay: Int?

    /// A change; give what shall be different.
    public init(
        amount: Double? = nil, status: String? = nil, instalments: Int? = nil, frequency: String? = nil,
        instalmentDay: Int? = nil
    ) {
        self.amount = amount
        self.status = status
        self.instalments = instalments
        self.frequency = frequency
        self.instalmentDay = instalmentDay
    }

    func form() throws(KiteError) -> [(name: String, value: String)] {
        var form = OrderForm()
        try form.add("amount", amount)
        form.add("status", status)
        form.add("instalments", instalments)
        form.add("frequency", frequency)
        form.add("instalment_day", instalmentDay)
        return form.pairs
    }
}
