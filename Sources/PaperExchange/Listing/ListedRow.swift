import Trading

/// One listed instrument, packed: a hundred thousand of them fit in a few megabytes.
struct ListedRow: Sendable {
    /// What sort of thing it is, without its terms.
    enum Kind: UInt8, Sendable {
        case equity
        case index
        case future
        case call
        case put
    }

    var token: UInt32
    /// Where the symbol starts in the pool of symbols.
    var symbolStart: UInt32
    /// Which name of the table of names it carries.
    var name: UInt32
    /// Lot size in units; zero where it does not trade.
    var lot: Int32
    /// Days since 1970-01-01; `noExpiry` where it does not expire.
    var expiry: Int32
    /// Tick size in ten-thousandths of a rupee; zero where it does not trade.
    var tick: Int32
    /// Strike in ten-thousandths of a rupee; zero where there is none.
    var strike: Int64
    var symbolLength: UInt8
    var exchange: UInt8
    var kind: Kind

    static let noExpiry = Int32.min

    var isOption: Bool { kind == .call || kind == .put }
    var isDerivative: Bool { kind == .future || isOption }
    var market: Exchange { Exchange.allCases[Int(exchange)] }
}
