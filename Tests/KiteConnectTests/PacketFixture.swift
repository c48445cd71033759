/// Builds ticker packets and messages from values, as the specification lays them out.
enum PacketFixture {
    struct Level {
        var quantity: UInt32
        var price: UInt32
        var orders: UInt16
    }

    static func u16(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }

    static func u32(_ value: UInt32) -> [UInt8] { u16(UInt16(value >> 16)) + u16(UInt16(value & 0xFFFF)) }

    static func message(_ packets: [[UInt8]]) -> [UInt8] {
        packets.reduce(u16(UInt16(packets.count))) { $0 + u16(UInt16($1.count)) + $1 }
    }

    static func lastPrice(_ token: UInt32, _ price: UInt32) -> [UInt8] { u32(token) + u32(price) }

    /// Token, last, last quantity, average, volume, buy, sell, open, high, low, close.
    static func quote(_ values: [UInt32]) -> [UInt8] {
        precondition(values.count == 11, "a quote packet has eleven numbers")
        return values.flatMap { u32($0) }
    }

    /// A quote with last trade time, open interest, its high and low, exchange time and ten levels.
    static func full(_ quote: [UInt32], _ rest: [UInt32], bids: [Level], asks: [Level]) -> [UInt8] {
        precondition(rest.count == 5 && bids.count == 5 && asks.count == 5, "a full packet has five levels a side")
        var packet = self.quote(quote)
        for value in rest { packet += u32(value) }
        for level in bids + asks { packet += u32(level.quantity) + u32(level.price) + u16(level.orders) + [0, 0] }
        return packet
    }

    /// Token, last, high, low, open, close, change, and the exchange's time in the longer form.
    static func index(_ token: UInt32, _ prices: [UInt32], change: Int32, time: UInt32?) -> [UInt8] {
        precondition(prices.count == 5, "an index packet has five prices")
        var packet = u32(token)
        for price in prices { packet += u32(price) }
        packet += u32(UInt32(bitPattern: change))
        if let time { packet += u32(time) }
        return packet
    }

    static func token(_ exchangeToken: UInt32, segment: UInt8) -> UInt32 { exchangeToken << 8 | UInt32(segment) }
}
