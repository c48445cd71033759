/// The exchanges and markets an instrument can be listed on, by Kite's names.
package enum Exchange: String, Sendable, Hashable, CaseIterable {
    /// National Stock Exchange, cash.
    case nse = "NSE"
    /// BSE, cash.
    case bse = "BSE"
    /// NSE equity derivatives.
    case nfo = "NFO"
    /// BSE equity derivatives.
    case bfo = "BFO"
    /// NSE currency derivatives.
    case cds = "CDS"
    /// BSE currency derivatives.
    case bcd = "BCD"
    /// Multi Commodity Exchange.
    case mcx = "MCX"
    /// NSE commodity derivatives.
    case nco = "NCO"

    /// The low byte of an instrument token on this market. Source: Kite Connect, instrument tokens.
    package var tokenSegment: UInt32 {
        switch self {
        case .nse: 1
        case .nfo: 2
        case .cds: 3
        case .bse: 4
        case .bfo: 5
        case .bcd: 6
        case .mcx: 7
        case .nco: 12
        }
    }

    /// Whether delivery products exist here (cash markets).
    package var isCash: Bool { self == .nse || self == .bse }
}

/// The part of a market an instrument trades in.
package enum Segment: String, Sendable, Hashable, CaseIterable {
    case cash
    case indices
    case futures
    case options
}
