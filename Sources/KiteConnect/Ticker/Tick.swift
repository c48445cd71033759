/// One packet of the ticker: a fixed-size value, prices as the integers that came over the wire.
///
/// Fields that a packet's kind does not carry are zero. A price is 32 bits without sign on the wire: above
/// 42,949,672.95 rupees (429.4967295 in NSE's currency segment, 429,496.7295 where there are four decimals) it wraps,
/// and nothing in the packet says so. Source: Kite Connect v3, WebSocket streaming.
public struct Tick: Sendable, Hashable {
    /// What a packet carries.
    public enum Kind: UInt8, Sendable, Hashable {
        /// Last price only (8 bytes).
        case lastPrice
        /// An index: last, high, low, open, close and change (28 bytes).
        case indexQuote
        /// An index with the exchange's time (32 bytes).
        case indexFull
        /// Prices and quantities without depth (44 bytes).
        case quote
        /// Everything (184 bytes).
        case full
    }

    /// The instrument's number; its low byte is the segment.
    public var instrumentToken: UInt32
    /// What the packet carries.
    public var kind: Kind
    /// Last traded price on the wire.
    public var rawLastPrice: UInt32
    /// Units of the last trade.
    public var lastQuantity: UInt32 = 0
    /// Volume-weighted average of the day on the wire.
    public var rawAveragePrice: UInt32 = 0
    /// Units traded today; wraps at 2^32.
    public var volume: UInt32 = 0
    /// Units wanted, all levels.
    public var totalBuyQuantity: UInt32 = 0
    /// Units offered, all levels.
    public var totalSellQuantity: UInt32 = 0
    /// First price of the day on the wire.
    public var rawOpen: UInt32 = 0
    /// Highest price of the day on the wire.
    public var rawHigh: UInt32 = 0
    /// Lowest price of the day on the wire.
    public var rawLow: UInt32 = 0
    /// Previous day's close on the wire.
    public var rawClose: UInt32 = 0
    /// Change of an index on the wire, signed.
    public var rawIndexChange: Int32 = 0
    /// When it last traded, Unix seconds; 0 when unknown.
    public var lastTradeTime: UInt32 = 0
    /// Open interest, in units.
    public var openInterest: UInt32 = 0
    /// Its highest today.
    public var openInterestDayHigh: UInt32 = 0
    /// Its lowest today.
    public var openInterestDayLow: UInt32 = 0
    /// The exchange's time of the packet, Unix seconds; 0 when unknown.
    public var exchangeTime: UInt32 = 0
    /// Five bids, best first.
    public var rawBids = TickDepth()
    /// Five offers, best first.
    public var rawAsks = TickDepth()

    /// A tick with a last price only.
    public init(instrumentToken: UInt32, kind: Kind, rawLastPrice: UInt32) {
        self.instrumentToken = instrumentToken
        self.kind = kind
        self.rawLastPrice = rawLastPrice
    }
}

extension Tick {
    /// The segment, told by the token's low byte.
    public var segment: TickSegment { TickSegment(instrumentToken: instrumentToken) }

    /// Whether it can be traded; indices cannot.
    public var isTradable: Bool { segment != .indices }

    /// Last traded price.
    public var lastPrice: TickPrice { price(rawLastPrice) }
    /// Volume-weighted average of the day.
    public var averagePrice: TickPrice { price(rawAveragePrice) }
    /// First price of the day.
    public var open: TickPrice { price(rawOpen) }
    /// Highest price of the day.
    public var high: TickPrice { price(rawHigh) }
    /// Lowest price of the day.
    public var low: TickPrice { price(rawLow) }
    /// Previous day's close.
    public var close: TickPrice { price(rawClose) }

    /// The change that an index packet states, in points; nil for other packets.
    public var indexChange: Double? {
        guard kind == .indexQuote || kind == .indexFull else { return nil }
        return Double(rawIndexChange) / Double(segment.divisor)
    }

    /// Last price less previous close, in rupees; nil without a close.
    public var change: Double? {
        rawClose == 0 ? nil : lastPrice.value - close.value
    }

    /// Last price less previous close, in percent of the close; nil without a close.
    public var changePercent: Double? {
        rawClose == 0 ? nil : (lastPrice.value - close.value) * 100 / close.value
    }

    /// A bid, 0 being the best; nil where the book has none or the packet carries no depth.
    public func bid(_ level: Int) -> TickLevel? { self.level(rawBids, level) }

    /// An offer, 0 being the best; nil where the book has none or the packet carries no depth.
    public func ask(_ level: Int) -> TickLevel? { self.level(rawAsks, level) }

    /// A number from the wire as a price of this tick's segment.
    public func price(_ raw: UInt32) -> TickPrice { TickPrice(raw: raw, divisor: segment.divisor) }

    private func level(_ depth: TickDepth, _ index: Int) -> TickLevel? {
        let raw = depth[index]
        guard raw.quantity > 0 || raw.rawPrice > 0 else { return nil }
        return TickLevel(price: price(raw.rawPrice), quantity: raw.quantity, orders: raw.orders)
    }
}

/// A price from the wire with what it must be divided by; exact.
public struct TickPrice: Sendable, Hashable {
    /// The number on the wire.
    public let raw: UInt32
    /// What one rupee is on the wire: 100, 10,000 or 10,000,000.
    public let divisor: UInt32

    /// Pairs a number with its divisor.
    public init(raw: UInt32, divisor: UInt32) {
        self.raw = raw
        self.divisor = divisor
    }

    /// Rupees, the nearest binary64 value.
    public var value: Double { Double(raw) / Double(divisor) }

    /// Ten-thousandths of a rupee; exact, but for currency averages finer than that, which round half up.
    public var tenThousandths: Int64 {
        let wide = Int64(raw)
        switch divisor {
        case 100: return wide * 100
        case 10_000: return wide
        default: return (wide * 10_000 + Int64(divisor) / 2) / Int64(divisor)
        }
    }
}

/// One level of the book.
public struct TickLevel: Sendable, Hashable {
    /// The level's price.
    public let price: TickPrice
    /// Units.
    public let quantity: UInt32
    /// Orders.
    public let orders: UInt16
}

/// One level of the book as it came over the wire.
public struct RawTickLevel: Sendable, Hashable {
    /// Units.
    public var quantity: UInt32
    /// The price on the wire.
    public var rawPrice: UInt32
    /// Orders.
    public var orders: UInt16

    /// A level; all zero where the book has none.
    public init(quantity: UInt32 = 0, rawPrice: UInt32 = 0, orders: UInt16 = 0) {
        self.quantity = quantity
        self.rawPrice = rawPrice
        self.orders = orders
    }
}

/// Five levels of one side of the book, stored in place.
public struct TickDepth: Sendable, Hashable {
    var first = RawTickLevel()
    var second = RawTickLevel()
    var third = RawTickLevel()
    var fourth = RawTickLevel()
    var fifth = RawTickLevel()

    /// Five empty levels.
    public init() {}

    /// A level, 0 being the best; an empty one outside 0 to 4.
    public subscript(level: Int) -> RawTickLevel {
        switch level {
        case 0: first
        case 1: second
        case 2: third
        case 3: fourth
        case 4: fifth
        default: RawTickLevel()
        }
    }
}

/// The segment of an instrument, the low byte of its token.
public struct TickSegment: RawRepresentable, Sendable, Hashable {
    /// The segment's number.
    public let rawValue: UInt8
    /// Takes the segment's number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The segment of a token.
    public init(instrumentToken: UInt32) { rawValue = UInt8(truncatingIfNeeded: instrumentToken) }

    /// NSE, cash.
    public static let nse = Self(rawValue: 1)
    /// NSE equity derivatives.
    public static let nfo = Self(rawValue: 2)
    /// NSE currency derivatives; prices in ten-millionths.
    public static let cds = Self(rawValue: 3)
    /// BSE, cash.
    public static let bse = Self(rawValue: 4)
    /// BSE equity derivatives.
    public static let bfo = Self(rawValue: 5)
    /// BSE currency derivatives; prices in ten-thousandths.
    public static let bcd = Self(rawValue: 6)
    /// Multi Commodity Exchange.
    public static let mcx = Self(rawValue: 7)
    /// MCX stock exchange, gone.
    public static let mcxsx = Self(rawValue: 8)
    /// Indices of all exchanges.
    public static let indices = Self(rawValue: 9)
    /// NSE commodity derivatives; prices in ten-thousandths.
    public static let nco = Self(rawValue: 12)

    /// Whether it is one of the segments that are known; prices of others are taken to be in hundredths.
    public var isKnown: Bool { rawValue < 16 && 0x13FE >> UInt16(rawValue) & 1 == 1 }

    /// What one rupee is on the wire.
    public var divisor: UInt32 {
        switch rawValue {
        case 3: 10_000_000
        case 6, 12: 10_000
        default: 100
        }
    }
}
