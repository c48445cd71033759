import JSON

/// An alert to make, or the new whole of one; with a basket it places orders when it fires.
///
/// Kite keeps at most 500 active alerts a user. Source: Kite Connect, Alerts.
public struct KiteAlertRequest: Sendable, Hashable {
    /// The user's name for it.
    public var name: String
    /// What is watched.
    public var left: KiteAlertOperand
    /// How it is compared.
    public var comparison: KiteAlertComparison
    /// What it is compared with.
    public var right: Right
    /// The orders to place; nil for an alert that only tells.
    public var basket: KiteAlertBasketRequest?

    /// The right side of the comparison.
    public enum Right: Sendable, Hashable {
        /// A value, in rupees where the left side is a price.
        case constant(Double)
        /// Another instrument.
        case instrument(KiteAlertOperand)
    }

    /// An alert.
    public init(
        name: String, left: KiteAlertOperand, comparison: KiteAlertComparison, right: Right,
        basket: KiteAlertBasketRequest? = nil
    ) {
        self.name = name
        self.left = left
        self.comparison = comparison
        self.right = right
        self.basket = basket
    }

    /// The form of the call; throws `.input` for a number that is not finite and for a basket without orders.
    func form() throws(KiteError) -> [(name: String, value: String)] {
        var form: [(name: String, value: String)] = [
            ("name", name), ("type", basket == nil ? "simple" : "ato"), ("lhs_exchange", left.exchange.rawValue),
            ("lhs_tradingsymbol", left.tradingsymbol), ("lhs_attribute", left.attribute),
            ("operator", comparison.rawValue),
        ]
        switch right {
        case .constant(let value):
            guard let text = DecimalText.text(value) else { throw .unsendable("rhs_constant is not a finite number") }
            form += [("rhs_type", "constant"), ("rhs_constant", text)]
        case .instrument(let operand):
            form += [
                ("rhs_type", "instrument"), ("rhs_exchange", operand.exchange.rawValue),
                ("rhs_tradingsymbol", operand.tradingsymbol), ("rhs_attribute", operand.attribute),
            ]
        }
        if let basket { form.append(("basket", try basket.json().text)) }
        return form
    }
}

/// One side of an alert's comparison.
public struct KiteAlertOperand: Sendable, Hashable {
    /// Where; `indices` for an index.
    public var exchange: KiteExchange
    /// Which instrument; an index by its display name, such as `NIFTY 50`.
    public var tradingsymbol: String
    /// What of it; only `LastTradedPrice` is documented.
    public var attribute: String

    /// The last traded price of an instrument, unless another attribute is given.
    public init(exchange: KiteExchange, tradingsymbol: String, attribute: String = "LastTradedPrice") {
        self.exchange = exchange
        self.tradingsymbol = tradingsymbol
        self.attribute = attribute
    }
}

/// How an alert compares its two sides.
public struct KiteAlertComparison: KiteWord {
    /// The sign on the wire.
    public let rawValue: String
    /// Takes the sign on the wire.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Left at or below right.
    public static let atMost: Self = "<="
    /// Left at or above right.
    public static let atLeast: Self = ">="
    /// Left below right.
    public static let below: Self = "<"
    /// Left above right.
    public static let above: Self = ">"
    /// Both the same.
    public static let equal: Self = "=="
}

/// Where an alert stands, for asking Kite's list.
public struct KiteAlertStatus: KiteWord {
    /// The word on the wire.
    public let rawValue: String
    /// Takes the word on the wire.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Watching.
    public static let enabled: Self = "enabled"
    /// Not watching.
    public static let disabled: Self = "disabled"
    /// Deleted, and still listed.
    public static let deleted: Self = "deleted"
}
