import NIOCore
import PaperExchange
import Trading

/// How much of an instrument's market a tick tells. Source: Kite Connect, WebSocket streaming.
enum TickMode: String, Sendable, Hashable {
    case ltp
    case quote
    case full
}

/// Writes Kite's binary ticks: big-endian, prices as whole numbers under the market's divisor.
///
/// A packet of a lesser mode is the beginning of the full one, so an instrument is encoded once for all modes.
/// Source: Kite Connect, WebSocket streaming, message structure.
enum TickPacket {
    /// The low byte of an index's token.
    private static let indexSegment: UInt32 = 9

    /// The length of a packet, without its two bytes of length.
    static func length(_ mode: TickMode, isIndex: Bool) -> Int {
        switch (mode, isIndex) {
        case (.ltp, _): 8
        case (.quote, true): 28
        case (.full, true): 32
        case (.quote, false): 44
        case (.full, false): 184
        }
    }

    static func isIndex(_ token: InstrumentToken) -> Bool { token.rawValue & 0xFF == indexSegment }

    /// Appends the full packet of a quote.
    static func append(_ quote: Quote, to buffer: inout ByteBuffer) {
        let scale = PriceScale(token: quote.token)
        if isIndex(quote.token) {
            buffer.writeMultipleIntegers(
                quote.token.rawValue, scale.number(quote.lastPrice), scale.number(quote.high),
                scale.number(quote.low), scale.number(quote.open), scale.number(quote.close),
                scale.number(quote.change), seconds(quote.exchangeTime))
            return
        }
        buffer.writeMultipleIntegers(
            quote.token.rawValue, scale.number(quote.lastPrice), count(quote.lastQuantity),
            scale.number(quote.averagePrice), count(quote.volume), count(quote.buyQuantity),
            count(quote.sellQuantity))
        buffer.writeMultipleIntegers(
            scale.number(quote.open), scale.number(quote.high), scale.number(quote.low), scale.number(quote.close))
        buffer.writeMultipleIntegers(
            quote.lastTradeTime.map(seconds) ?? 0, count(quote.openInterest), count(quote.openInterestHigh),
            count(quote.openInterestLow), seconds(quote.exchangeTime))
        append(quote.bids, scale, to: &buffer)
        append(quote.asks, scale, to: &buffer)
    }

    private static func append(_ levels: [DepthLevel], _ scale: PriceScale, to buffer: inout ByteBuffer) {
        for place in 0..<5 {
            let level = place < levels.count ? levels[place] : .empty
            buffer.writeMultipleIntegers(
                count(level.quantity), scale.number(level.price), UInt16(clamping: level.orders), UInt16(0))
        }
    }

    /// Counts beyond 32 bits wrap, as they do on the wire.
    private static func count(_ quantity: Quantity) -> UInt32 { UInt32(truncatingIfNeeded: quantity.units) }

    private static func seconds(_ time: Timestamp) -> UInt32 { UInt32(truncatingIfNeeded: time.seconds) }
}

/// What one rupee counts on the wire of a market.
struct PriceScale {
    private let multiplier: Int64
    private let divisor: Int64

    /// 10,000,000 for NSE currencies, 10,000 for BSE currencies and NSE commodities, 100 for all others.
    init(token: InstrumentToken) {
        switch token.rawValue & 0xFF {
        case Exchange.cds.tokenSegment: (multiplier, divisor) = (1_000, 1)
        case Exchange.bcd.tokenSegment, Exchange.nco.tokenSegment: (multiplier, divisor) = (1, 1)
        default: (multiplier, divisor) = (1, 100)
        }
    }

    /// The number on the wire, rounded to the nearest; negative ones in two's complement.
    func number(_ price: Price) -> UInt32 {
        let units = price.tenThousandths * multiplier
        let half = units < 0 ? -divisor / 2 : divisor / 2
        return UInt32(truncatingIfNeeded: (units + half) / divisor)
    }
}
