/// One line of Kite's instrument dump.
///
/// Exchange and symbol together are the key; tokens of derivatives are used again after expiry.
public struct InstrumentRow: Sendable, Hashable {
    /// The ticker's number: exchange token x 256 + segment.
    public var instrumentToken: UInt32
    /// The exchange's own number, as text.
    public var exchangeToken: String
    /// The trading symbol, with the series when it is not EQ.
    public var tradingsymbol: String
    /// The company, or the underlying of a derivative; may be empty.
    public var name: String
    /// A stale price in rupees, mostly 0.
    public var lastPrice: Double
    /// The last trading day of a derivative, or nil.
    public var expiry: KiteDate?
    /// The strike in rupees; 0 when it is no option.
    public var strike: Double
    /// The price step in rupees; may be 0 for indices.
    public var tickSize: Double
    /// Units of a lot; 0 for indices.
    public var lotSize: Int
    /// What kind of instrument it is.
    public var instrumentType: KiteInstrumentType
    /// The segment that it belongs to.
    public var segment: KiteSegment
    /// Where it trades; indices carry NSE, BSE or MCX.
    public var exchange: KiteExchange
}

/// The kind of an instrument.
public struct KiteInstrumentType: KiteWord {
    /// The code on the wire.
    public let rawValue: String
    /// Takes the code on the wire.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A share, fund unit, bond or index.
    public static let equity: Self = "EQ"
    /// A future.
    public static let future: Self = "FUT"
    /// A call option.
    public static let call: Self = "CE"
    /// A put option.
    public static let put: Self = "PE"
}

/// The segment of an instrument, such as `NSE`, `INDICES`, `NFO-OPT`.
public struct KiteSegment: KiteWord {
    /// The code on the wire.
    public let rawValue: String
    /// Takes the code on the wire.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Indices of all exchanges; they cannot be traded.
    public static let indices: Self = "INDICES"
}
