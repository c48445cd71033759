/// A position to carry under another product.
public struct KitePositionConversion: Sendable, Hashable {
    /// Where it trades.
    public var exchange: KiteExchange
    /// What it is in.
    public var tradingsymbol: String
    /// The side that opened it.
    public var transactionType: KiteTransactionType
    /// Opened today or carried.
    public var positionType: KitePositionType
    /// Units to convert; lots for MCX.
    public var quantity: Int
    /// The product it has.
    public var from: KiteProduct
    /// The product it shall have.
    public var to: KiteProduct

    /// A conversion.
    public init(
        exchange: KiteExchange, tradingsymbol: String, transactionType: KiteTransactionType,
        positionType: KitePositionType, quantity: Int, from: KiteProduct, to: KiteProduct
    ) {
        self.exchange = exchange
        self.tradingsymbol = tradingsymbol
        self.transactionType = transactionType
        self.positionType = positionType
        self.quantity = quantity
        self.from = from
        self.to = to
    }

    var form: [(name: String, value: String)] {
        [
            ("exchange", exchange.rawValue), ("tradingsymbol", tradingsymbol),
            ("transaction_type", transactionType.rawValue), ("position_type", positionType.rawValue),
            ("quantity", String(quantity)), ("old_product", from.rawValue), ("new_product", to.rawValue),
        ]
    }
}

/// Which holdings the user shall authorise for sale at the depository, and how.
public struct KiteAuthorisationRequest: Sendable, Hashable {
    /// The holdings; empty leaves the choice to the user.
    public var holdings: [Holding]
    /// `equity` or `mf`; nil for Kite's own choice.
    public var type: String?
    /// `pre`, `post`, `off` or `gift`; nil for Kite's own choice.
    public var transferType: String?
    /// The day of the transfer; nil for Kite's own choice.
    public var executionDate: KiteDate?

    /// A holding with the units to authorise.
    public struct Holding: Sendable, Hashable {
        /// The security.
        public var isin: String
        /// Units, a fraction for funds.
        public var quantity: Double

        /// A holding.
        public init(isin: String, quantity: Double) {
            self.isin = isin
            self.quantity = quantity
        }
    }

    /// A request for authorisation.
    public init(
        holdings: [Holding] = [], type: String? = nil, transferType: String? = nil, executionDate: KiteDate? = nil
    ) {
        self.holdings = holdings
        self.type = type
        self.transferType = transferType
        self.executionDate = executionDate
    }

    func form() throws(KiteError) -> [(name: String, value: String)] {
        var form: [(name: String, value: String)] = []
        if let type { form.append(("type", type)) }
        if let transferType { form.append(("transfer_type", transferType)) }
        if let executionDate { form.append(("exec_date", executionDate.description)) }
        for holding in holdings {
            guard let quantity = DecimalText.text(holding.quantity) else {
                throw .unsendable("quantity is not a finite number")
            }
            form += [("isin", holding.isin), ("quantity", quantity)]
        }
        return form
    }
}
