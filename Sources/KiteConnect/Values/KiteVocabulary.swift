/// A word of Kite's vocabulary that may grow: unknown values are kept, never refused.
public protocol KiteWord:
    RawRepresentable, Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral
where RawValue == String, StringLiteralType == String {
    /// Takes the word as Kite writes it.
    init(rawValue: String)
}

extension KiteWord {
    /// Takes the word as Kite writes it.
    public init(stringLiteral value: String) { self.init(rawValue: value) }

    /// The word as Kite writes it.
    public var description: String { rawValue }
}

/// Where an instrument trades.
public struct KiteExchange: KiteWord {
    /// The code on the wire.
    public let rawValue: String
    /// Takes the code on the wire.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// National Stock Exchange, cash.
    public static let nse: Self = "NSE"
    /// BSE, cash.
    public static let bse: Self = "BSE"
    /// NSE equity derivatives.
    public static let nfo: Self = "NFO"
    /// BSE equity derivatives.
    public static let bfo: Self = "BFO"
    /// NSE currency derivatives.
    public static let cds: Self = "CDS"
    /// BSE currency derivatives.
    public static let bcd: Self = "BCD"
    /// Multi Commodity Exchange.
    public static let mcx: Self = "MCX"
    /// NSE commodity derivatives.
    public static let nco: Self = "NCO"
    /// Mutual funds; only in profiles.
    public static let mutualFunds: Self = "MF"
    /// Indices; only in alerts.
    public static let indices: Self = "INDICES"
}

/// The kind of order entry; a path segment of the order calls.
public struct KiteVariety: KiteWord {
    /// The word on the wire.
    public let rawValue: String
    /// Takes the word on the wire.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// An ordinary order.
    public static let regular: Self = "regular"
    /// An order for the next session, entered outside market hours.
    public static let afterMarket: Self = "amo"
    /// A cover order: a first leg with a stop-loss leg.
    public static let cover: Self = "co"
    /// An order shown to the exchange leg by leg.
    public static let iceberg: Self = "iceberg"
    /// A sale in the buy-in auction.
    public static let auction: Self = "auction"
}

/// How a position is carried and margined.
public struct KiteProduct: KiteWord {
    /// The code on the wire.
    public let rawValue: String
    /// Takes the code on the wire.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Delivery in the cash segment.
    public static let cnc: Self = "CNC"
    /// Intraday.
    public static let mis: Self = "MIS"
    /// Carry-forward in derivatives.
    public static let nrml: Self = "NRML"
    /// Margin trading facility.
    public static let mtf: Self = "MTF"
    /// Cover order, as positions show it.
    public static let cover: Self = "CO"
    /// Bracket order, no longer offered.
    public static let bracket: Self = "BO"
}

/// The price condition of an order.
public struct KiteOrderType: KiteWord {
    /// The code on the wire.
    public let rawValue: String
    /// Takes the code on the wire.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// At the market; needs market protection.
    public static let market: Self = "MARKET"
    /// At a price or better.
    public static let limit: Self = "LIMIT"
    /// A limit order that waits for a trigger.
    public static let stopLimit: Self = "SL"
    /// A market order that waits for a trigger; needs market protection.
    public static let stopMarket: Self = "SL-M"
}

/// Buy or sell.
public struct KiteTransactionType: KiteWord {
    /// The code on the wire.
    public let rawValue: String
    /// Takes the code on the wire.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Buy.
    public static let buy: Self = "BUY"
    /// Sell.
    public static let sell: Self = "SELL"
}

/// How long an order stays in the book.
public struct KiteValidity: KiteWord {
    /// The code on the wire.
    public let rawValue: String
    /// Takes the code on the wire.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Until the end of the session.
    public static let day: Self = "DAY"
    /// Fill at once, cancel the rest.
    public static let immediateOrCancel: Self = "IOC"
    /// For a number of minutes.
    public static let minutes: Self = "TTL"
}

/// Where an order stands; the list is officially open-ended, so treat an unknown value as working.
public struct KiteOrderStatus: KiteWord {
    /// The text on the wire.
    public let rawValue: String
    /// Takes the text on the wire.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Filled in full.
    public static let complete: Self = "COMPLETE"
    /// Cancelled by the user, the exchange or its validity.
    public static let cancelled: Self = "CANCELLED"
    /// Refused by the broker or the exchange.
    public static let rejected: Self = "REJECTED"
    /// Lapsed; listed by one client only.
    public static let lapsed: Self = "LAPSED"
    /// In the exchange's book.
    public static let open: Self = "OPEN"
    /// Waiting for its trigger price.
    public static let triggerPending: Self = "TRIGGER PENDING"
    /// Received by the API.
    public static let putOrderReceived: Self = "PUT ORDER REQ RECEIVED"
    /// Under the broker's checks.
    public static let validationPending: Self = "VALIDATION PENDING"
    /// On its way to the exchange.
    public static let openPending: Self = "OPEN PENDING"
    /// A change is under the broker's checks.
    public static let modifyValidationPending: Self = "MODIFY VALIDATION PENDING"
    /// A change is on its way to the exchange.
    public static let modifyPending: Self = "MODIFY PENDING"
    /// A change was made; seen in histories.
    public static let modified: Self = "MODIFIED"
    /// A cancellation is on its way.
    public static let cancelPending: Self = "CANCEL PENDING"
    /// An after-market order waits for the session.
    public static let afterMarketReceived: Self = "AMO REQ RECEIVED"
    /// Something changed; only in postbacks and ticker messages.
    public static let update: Self = "UPDATE"

    /// Whether no further change can come.
    public var isFinal: Bool {
        [Self.complete, .cancelled, .rejected, .lapsed, "CANCELLED AMO"].contains(self)
    }
}

/// A wallet.
public struct KiteMarginSegment: KiteWord {
    /// The word on the wire.
    public let rawValue: String
    /// Takes the word on the wire.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Equity, equity derivatives and currency.
    public static let equity: Self = "equity"
    /// Commodity.
    public static let commodity: Self = "commodity"
}

/// Which part of a position a conversion means.
public struct KitePositionType: KiteWord {
    /// The word on the wire.
    public let rawValue: String
    /// Takes the word on the wire.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Opened today.
    public static let day: Self = "day"
    /// Carried from an earlier day.
    public static let overnight: Self = "overnight"
}

/// The length of a historical candle.
public struct KiteInterval: KiteWord {
    /// The word on the wire.
    public let rawValue: String
    /// Takes the word on the wire.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// One minute; at most 60 days a request.
    public static let minute: Self = "minute"
    /// Three minutes; at most 100 days a request.
    public static let threeMinutes: Self = "3minute"
    /// Five minutes; at most 100 days a request.
    public static let fiveMinutes: Self = "5minute"
    /// Ten minutes; at most 100 days a request.
    public static let tenMinutes: Self = "10minute"
    /// Fifteen minutes; at most 200 days a request.
    public static let fifteenMinutes: Self = "15minute"
    /// Thirty minutes; at most 200 days a request.
    public static let thirtyMinutes: Self = "30minute"
    /// One hour; at most 400 days a request.
    public static let hour: Self = "60minute"
    /// One day; at most 2000 days a request.
    public static let day: Self = "day"
}
