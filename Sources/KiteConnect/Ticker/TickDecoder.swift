/// Reads the ticker's binary messages: no allocation, one pass.
public enum TickDecoder {
    /// What a message held.
    public struct Summary: Sendable, Hashable {
        /// Packets handed out.
        public var ticks = 0
        /// Packets of a length that is not known, which were skipped.
        public var skipped = 0
        /// Whether the message was shorter than it says; packets before the break were handed out.
        public var isTruncated = false
        /// Whether it was the one-byte sign of life.
        public var isHeartbeat = false
        /// The first thing wrong with the message, nil when it was sound.
        public var defect: TickMessageDefect?
    }

    /// Calls a closure with each packet of a message, in order.
    ///
    /// The message is two bytes of packet count, then for each packet two bytes of length and the packet; all numbers
    /// are big-endian.
    @discardableResult
    public static func decode(_ message: UnsafeRawBufferPointer, _ body: (borrowing Tick) -> Void) -> Summary {
        var summary = Summary()
        guard message.count >= 2, let base = message.baseAddress else {
            summary.isHeartbeat = message.count == 1
            if message.isEmpty { summary.defect = .empty }
            return summary
        }
        let count = Int(UInt16(bigEndian: base.loadUnaligned(as: UInt16.self)))
        let end = message.count
        var offset = 2
        for number in 0..<count {
            guard offset + 2 <= end else {
                summary.cutShort(number, of: count, missing: offset + 2 - end)
                return summary
            }
            let length = Int(UInt16(bigEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
            offset += 2
            guard offset + length <= end else {
                summary.cutShort(number, of: count, missing: offset + length - end)
                return summary
            }
            if let tick = packet(PacketReader(base: base + offset), length: length) {
                body(tick)
                summary.ticks += 1
                if !tick.segment.isKnown { summary.note(.unknownSegment(tick.segment, packet: number + 1)) }
            } else {
                summary.skipped += 1
                summary.note(.unknownLength(length, packet: number + 1))
            }
            offset += length
        }
        if offset < end { summary.note(.trailingBytes(end - offset)) }
        return summary
    }

    /// Reads one packet without its length prefix; nil for a length that is not known.
    public static func decodePacket(_ packet: UnsafeRawBufferPointer) -> Tick? {
        guard let base = packet.baseAddress else { return nil }
        return self.packet(PacketReader(base: base), length: packet.count)
    }

    @inline(__always)
    private static func packet(_ reader: PacketReader, length: Int) -> Tick? {
        switch length {
        case 184:
            var tick = quote(reader, .full)
            readFull(reader, &tick)
            return tick
        case 44: return quote(reader, .quote)
        case 8: return Tick(instrumentToken: reader[0], kind: .lastPrice, rawLastPrice: reader[4])
        case 28: return index(reader, .indexQuote)
        case 32:
            var tick = index(reader, .indexFull)
            tick.exchangeTime = reader[28]
            return tick
        default: return nil
        }
    }

    @inline(__always)
    private static func quote(_ reader: PacketReader, _ kind: Tick.Kind) -> Tick {
        var tick = Tick(instrumentToken: reader[0], kind: kind, rawLastPrice: reader[4])
        tick.lastQuantity = reader[8]
        tick.rawAveragePrice = reader[12]
        tick.volume = reader[16]
        tick.totalBuyQuantity = reader[20]
        tick.totalSellQuantity = reader[24]
        tick.rawOpen = reader[28]
        tick.rawHigh = reader[32]
        tick.rawLow = reader[36]
        tick.rawClose = reader[40]
        return tick
    }

    /// Indices have high and low before open and close.
    @inline(__always)
    private static func index(_ reader: PacketReader, _ kind: Tick.Kind) -> Tick {
        var tick = Tick(instrumentToken: reader[0], kind: kind, rawLastPrice: reader[4])
        tick.rawHigh = reader[8]
        tick.rawLow = reader[12]
        tick.rawOpen = reader[16]
        tick.rawClose = reader[20]
        tick.rawIndexChange = Int32(bitPattern: reader[24])
        return tick
    }

    @inline(__always)
    private static func readFull(_ reader: PacketReader, _ tick: inout Tick) {
        tick.lastTradeTime = reader[44]
        tick.openInterest = reader[48]
        tick.openInterestDayHigh = reader[52]
        tick.openInterestDayLow = reader[56]
        tick.exchangeTime = reader[60]
        tick.rawBids = depth(reader, 64)
        tick.rawAsks = depth(reader, 124)
    }

    @inline(__always)
    private static func depth(_ reader: PacketReader, _ offset: Int) -> TickDepth {
        var depth = TickDepth()
        depth.first = reader.level(offset)
        depth.second = reader.level(offset + 12)
        depth.third = reader.level(offset + 24)
        depth.fourth = reader.level(offset + 36)
        depth.fifth = reader.level(offset + 48)
        return depth
    }
}

/// Big-endian numbers of one packet, whose length was checked.
private struct PacketReader {
    let base: UnsafeRawPointer

    @inline(__always)
    subscript(offset: Int) -> UInt32 {
        UInt32(bigEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inline(__always)
    func level(_ offset: Int) -> RawTickLevel {
        RawTickLevel(
            quantity: self[offset], rawPrice: self[offset + 4],
            orders: UInt16(bigEndian: base.loadUnaligned(fromByteOffset: offset + 8, as: UInt16.self)))
    }
}

extension TickDecoder.Summary {
    fileprivate mutating func cutShort(_ index: Int, of count: Int, missing: Int) {
        isTruncated = true
        note(.cutShort(packet: index + 1, of: count, bytesMissing: missing))
    }

    fileprivate mutating func note(_ defect: TickMessageDefect) {
        if self.defect == nil { self.defect = defect }
    }
}
