@testable import KiteConnect

/// Binary messages of the ticker: every packet is handed out, skipped or reported, and its fields are its bytes.
enum TickTarget {
    static let target = FuzzTarget(
        name: "ticks", seeds: seeds, words: ["\0\u{8}", "\0\u{1c}", "\0 ", "\0,", "\0\u{b8}"], check: check)

    @Sendable static func check(_ message: UnsafeRawBufferPointer) {
        var ticks: [Tick] = []
        let summary = TickDecoder.decode(message) { ticks.append(copy $0) }
        let (packets, isTruncated) = split(Array(message))
        let known = packets.filter { [8, 28, 32, 44, 184].contains($0.count) }
        require(summary.ticks == ticks.count && ticks.count == known.count, "\(ticks.count) ticks of \(known.count)")
        require(summary.skipped == packets.count - known.count, "\(summary.skipped) packets skipped")
        require(summary.isTruncated == isTruncated, "truncated: \(summary.isTruncated)")
        require(summary.isHeartbeat == (message.count == 1), "heartbeat: \(summary.isHeartbeat)")
        if isTruncated || packets.count != known.count { require(summary.defect != nil, "a defect is not named") }
        for (tick, packet) in zip(ticks, known) {
            require(written(tick) == cleared(packet), "the fields of \(tick) are not its bytes")
            require(packet.withUnsafeBytes { TickDecoder.decodePacket($0) } == tick, "one packet reads otherwise")
            readAll(tick)
        }
        deliver(message, ticks)
    }

    /// Splits a message as its description says, byte by byte.
    private static func split(_ message: [UInt8]) -> (packets: [[UInt8]], isTruncated: Bool) {
        guard message.count >= 2 else { return ([], false) }
        var packets: [[UInt8]] = []
        var rest = message[2...]
        for _ in 0..<(Int(message[0]) * 256 + Int(message[1])) {
            guard rest.count >= 2 else { return (packets, true) }
            let length = Int(rest.removeFirst()) * 256 + Int(rest.removeFirst())
            guard rest.count >= length else { return (packets, true) }
            packets.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return (packets, false)
    }

    /// A packet with the unused two bytes of each level of the book at zero.
    private static func cleared(_ packet: [UInt8]) -> [UInt8] {
        guard packet.count == 184 else { return packet }
        var packet = packet
        for level in 0..<10 {
            packet[64 + level * 12 + 10] = 0
            packet[64 + level * 12 + 11] = 0
        }
        return packet
    }

    private static func written(_ tick: Tick) -> [UInt8] {
        let head = [tick.instrumentToken, tick.rawLastPrice]
        let index = [tick.rawHigh, tick.rawLow, tick.rawOpen, tick.rawClose, UInt32(bitPattern: tick.rawIndexChange)]
        let quote = [
            tick.lastQuantity, tick.rawAveragePrice, tick.volume, tick.totalBuyQuantity, tick.totalSellQuantity,
            tick.rawOpen, tick.rawHigh, tick.rawLow, tick.rawClose,
        ]
        switch tick.kind {
        case .lastPrice: return bytes(head)
        case .indexQuote: return bytes(head + index)
        case .indexFull: return bytes(head + index + [tick.exchangeTime])
        case .quote: return bytes(head + quote)
        case .full:
            let full = [
                tick.lastTradeTime, tick.openInterest, tick.openInterestDayHigh, tick.openInterestDayLow,
                tick.exchangeTime,
            ]
            let levels = (0..<5).map { tick.rawBids[$0] } + (0..<5).map { tick.rawAsks[$0] }
            return bytes(head + quote + full)
                + levels.flatMap { bytes([$0.quantity, $0.rawPrice, UInt32($0.orders) << 16]) }
        }
    }

    private static func bytes(_ numbers: [UInt32]) -> [UInt8] {
        numbers.flatMap { [UInt8($0 >> 24), UInt8($0 >> 16 & 255), UInt8($0 >> 8 & 255), UInt8($0 & 255)] }
    }

    private static func readAll(_ tick: Tick) {
        for price in [tick.lastPrice, tick.averagePrice, tick.open, tick.high, tick.low, tick.close] {
            require(price.value >= 0 && price.tenThousandths >= 0, "\(price) is below zero")
            let error = (Double(price.tenThousandths) / 10_000 - price.value).magnitude
            require(error <= 0.000_051, "\(price) reads as two prices")
        }
        require(tick.changePercent?.isFinite != false && tick.change?.isFinite != false, "a change is not finite")
        require((tick.indexChange != nil) == (tick.kind == .indexQuote || tick.kind == .indexFull), "index change")
        for level in -1...5 {
            let isEmpty = tick.rawBids[level].quantity == 0 && tick.rawBids[level].rawPrice == 0
            require((tick.bid(level) == nil) == isEmpty, "level \(level)")
            _ = tick.ask(level)
        }
    }

    /// The mailbox keeps the latest tick of what is subscribed and nothing else.
    private static func deliver(_ message: UnsafeRawBufferPointer, _ ticks: [Tick]) {
        guard let wanted = ticks.first?.instrumentToken else { return }
        let mailbox = TickMailbox()
        mailbox.open([wanted], at: .zero)
        mailbox.deliver(message, at: .seconds(1))
        let latest = ticks.last { $0.instrumentToken == wanted }
        require(mailbox.latest(wanted)?.tick == latest, "the latest tick is another")
        for tick in ticks where tick.instrumentToken != wanted {
            require(mailbox.latest(tick.instrumentToken) == nil, "a tick that nobody wants is kept")
        }
    }

    private static let seeds: [[UInt8]] = {
        let share = bytes([408_065, 150_000, 10, 149_950, 1_000, 500, 400, 148_000, 151_000, 147_500, 149_000])
        let book = (0..<10).flatMap { bytes([100, 150_000 + UInt32($0), 3 << 16]) }
        let full = share + bytes([1_795_000_000, 5, 6, 4, 1_795_000_001]) + book
        let index = bytes([256_265, 2_450_000, 2_460_000, 2_440_000, 2_445_000, 2_448_000, UInt32(bitPattern: -36)])
        let packets = [Array(share.prefix(8)), index, index + bytes([1_795_000_000]), share, full]
        var seeds = packets.map { message([$0]) }
        seeds.append([0])
        seeds.append([0, 0])
        seeds.append(message([[1, 2, 3], packets[0], packets[0]]))
        seeds.append(Array(message([full]).prefix(100)))
        seeds.append(message([packets[0], packets[1], packets[3], bytes([12 | 5 << 8, 7]), bytes([3 | 5 << 8, 9])]))
        return seeds
    }()

    private static func message(_ packets: [[UInt8]]) -> [UInt8] {
        var bytes = half(packets.count)
        for packet in packets { bytes += half(packet.count) + packet }
        return bytes
    }

    private static func half(_ number: Int) -> [UInt8] {
        [UInt8(number >> 8), UInt8(number & 255)]
    }
}
