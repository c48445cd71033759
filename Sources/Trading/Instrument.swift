/// A broker's number for an instrument; unique among live instruments, reused after expiry.
package struct InstrumentToken: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number: the exchange's own number times 256 plus the market's id.
    package let rawValue: UInt32

    /// Takes the number.
    package init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The number as text.
    package var description: String { String(rawValue) }

    /// Orders by number.
    package static func < (left: InstrumentToken, right: InstrumentToken) -> Bool { left.rawValue < right.rawValue }
}

/// What an order names: a trading symbol on an exchange.
package struct InstrumentID: Sendable, Hashable, CustomStringConvertible {
    /// The exchange the symbol is listed on.
    package let exchange: Exchange
    /// The exchange's symbol, for example `NIFTY26NOVFUT`.
    package let symbol: String

    /// Pairs an exchange with a symbol.
    package init(exchange: Exchange, symbol: String) {
        self.exchange = exchange
        self.symbol = symbol
    }

    /// Kite's form `NFO:NIFTY26NOVFUT`.
    package var description: String { "\(exchange.rawValue):\(symbol)" }
}

/// Call or put. Source: FIX tag 201.
package enum OptionRight: String, Sendable, Hashable, CaseIterable {
    case call = "CE"
    case put = "PE"
}

/// The terms of an option.
package struct OptionContract: Sendable, Hashable {
    /// The name of the underlying, for example `NIFTY`.
    package let underlying: String
    /// The last trading day.
    package let expiry: CalendarDate
    /// The strike price.
    package let strike: Price
    /// Call or put.
    package let right: OptionRight

    /// Puts the terms together.
    package init(underlying: String, expiry: CalendarDate, strike: Price, right: OptionRight) {
        self.underlying = underlying
        self.expiry = expiry
        self.strike = strike
        self.right = right
    }
}

/// One listed instrument with the terms that orders are checked against.
package struct Instrument: Sendable, Hashable {
    /// What sort of thing is traded.
    package enum Kind: Sendable, Hashable {
        case equity
        case index
        case future(underlying: String, expiry: CalendarDate)
        case option(OptionContract)
    }

    /// The broker's number.
    package let token: InstrumentToken
    /// Exchange and symbol.
    package let id: InstrumentID
    /// The company, or the underlying of a derivative.
    package let name: String
    /// What sort of thing it is.
    package let kind: Kind
    /// The grid that prices lie on; zero where it does not trade (indices).
    package let tickSize: Price
    /// The smallest quantity step; zero where it does not trade (indices).
    package let lotSize: Quantity
    /// The most one order may carry; nil where no limit is known.
    package let freezeQuantity: Quantity?

    /// Puts the terms together.
    package init(
        token: InstrumentToken, id: InstrumentID, name: String, kind: Kind, tickSize: Price, lotSize: Quantity,
        freezeQuantity: Quantity? = nil
    ) {
        self.token = token
        self.id = id
        self.name = name
        self.kind = kind
        self.tickSize = tickSize
        self.lotSize = lotSize
        self.freezeQuantity = freezeQuantity
    }

    /// The part of the market it trades in.
    package var segment: Segment {
        switch kind {
        case .equity: .cash
        case .index: .indices
        case .future: .futures
        case .option: .options
        }
    }

    /// The last trading day; nil where it does not expire.
    package var expiry: CalendarDate? {
        switch kind {
        case .equity, .index: nil
        case .future(_, let expiry): expiry
        case .option(let contract): contract.expiry
        }
    }

    /// The name of the underlying of a derivative; nil for anything else.
    package var underlying: String? {
        switch kind {
        case .equity, .index: nil
        case .future(let underlying, _): underlying
        case .option(let contract): contract.underlying
        }
    }
}
