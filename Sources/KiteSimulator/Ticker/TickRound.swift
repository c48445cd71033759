import NIOCore
import PaperExchange
import Trading
import WebSocket

/// The packets of one round, encoded once and shared by all connections.
struct TickRound {
    private struct Place {
        static let none = Place(offset: -1, isIndex: false)

        let offset: Int32
        let isIndex: Bool
    }

    private var packets = ByteBuffer()
    /// Where the packet of each slot begins.
    private var places: [Place]
    private(set) var count = 0

    /// Encodes the quotes of a round; those of instruments that the board does not have are left out.
    init(_ quotes: [Quote], _ board: InstrumentBoard) {
        places = [Place](repeating: .none, count: board.slotCount)
        packets.reserveCapacity(quotes.count * TickPacket.length(.full, isIndex: false))
        for quote in quotes {
            guard let slot = board.slot(of: quote.token) else { continue }
            places[Int(slot)] = Place(
                offset: Int32(packets.writerIndex), isIndex: TickPacket.isIndex(quote.token))
            TickPacket.append(quote, to: &packets)
            count += 1
        }
    }

    /// Whether nothing happened.
    var isEmpty: Bool { count == 0 }

    func contains(_ slot: InstrumentBoard.Slot) -> Bool {
        Int(slot) < places.count && places[Int(slot)].offset >= 0
    }

    /// The message with the packets of the subscribed instruments; nil where there are none. Costs one step for each
    /// subscription.
    func message(_ entries: some Collection<Subscriptions.Entry>) -> ByteBuffer? {
        let most = min(entries.count, count)
        guard most > 0 else { return nil }
        var message = ByteBuffer()
        var packetCount: UInt16 = 0
        let capacity = 2 + most * (2 + TickPacket.length(.full, isIndex: false))
        _ = packets.withUnsafeReadableBytes { source in
            message.writeWithUnsafeMutableBytes(minimumWritableBytes: capacity) { target in
                var written = 2
                for entry in entries where contains(entry.slot) {
                    let place = places[Int(entry.slot)]
                    let length = TickPacket.length(entry.mode, isIndex: place.isIndex)
                    target[written] = UInt8(truncatingIfNeeded: length >> 8)
                    target[written + 1] = UInt8(truncatingIfNeeded: length)
                    let start = Int(place.offset)
                    UnsafeMutableRawBufferPointer(rebasing: target[(written + 2)..<(written + 2 + length)])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[start..<(start + length)]))
                    written += 2 + length
                    packetCount += 1
                }
                return written
            }
        }
        guard packetCount > 0 else { return nil }
        message.setInteger(packetCount, at: 0)
        return message
    }
}

/// The messages of one round: connections with the same subscriptions share one.
struct RoundFrames {
    let round: TickRound
    private var frames: [Subscriptions.Fingerprint: PreparedFrame?] = [:]

    init(_ round: TickRound) {
        self.round = round
    }

    /// The frame for subscriptions; nil where nothing of theirs changed.
    mutating func frame(for subscriptions: Subscriptions) -> PreparedFrame? {
        if let known = frames[subscriptions.fingerprint] { return known }
        let made = round.message(subscriptions.entries).map(PreparedFrame.init(binary:))
        frames[subscriptions.fingerprint] = .some(made)
        return made
    }
}
