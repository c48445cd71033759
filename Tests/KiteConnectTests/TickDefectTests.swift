import Testing

@testable import KiteConnect

@Suite struct TickDefectTests {
    private static let known = PacketFixture.lastPrice(408_065, 1)

    struct Row: Sendable {
        var message: [UInt8]
        var defect: TickMessageDefect?
        var ticks: Int
    }

    @Test(arguments: [
        Row(message: [], defect: .empty, ticks: 0),
        Row(message: [0], defect: nil, ticks: 0),
        Row(message: [0, 0], defect: nil, ticks: 0),
        Row(message: [0, 1], defect: .cutShort(packet: 1, of: 1, bytesMissing: 2), ticks: 0),
        Row(message: [0, 1, 0], defect: .cutShort(packet: 1, of: 1, bytesMissing: 1), ticks: 0),
        Row(message: [0, 1, 0, 8, 1, 2], defect: .cutShort(packet: 1, of: 1, bytesMissing: 6), ticks: 0),
        // A count that lies: two are announced, one is there.
        Row(message: [0, 2, 0, 8] + known, defect: .cutShort(packet: 2, of: 2, bytesMissing: 2), ticks: 1),
        Row(message: [0, 1, 0, 8] + known + [7, 7, 7], defect: .trailingBytes(3), ticks: 1),
        // A length that lies: 255 bytes are announced, eight are there.
        Row(message: [0, 1, 0, 255] + known, defect: .cutShort(packet: 1, of: 1, bytesMissing: 247), ticks: 0),
        Row(
            message: PacketFixture.message([known, [1, 2, 3], known]), defect: .unknownLength(3, packet: 2), ticks: 2),
        Row(message: PacketFixture.message([[]]), defect: .unknownLength(0, packet: 1), ticks: 0),
        Row(
            message: PacketFixture.message([PacketFixture.lastPrice(PacketFixture.token(5, segment: 11), 100)]),
            defect: .unknownSegment(TickSegment(rawValue: 11), packet: 1), ticks: 1),
        Row(
            message: PacketFixture.message([PacketFixture.lastPrice(PacketFixture.token(5, segment: 17), 100)]),
            defect: .unknownSegment(TickSegment(rawValue: 17), packet: 1), ticks: 1),
        Row(
            message: PacketFixture.message([PacketFixture.lastPrice(PacketFixture.token(5, segment: 12), 1)]),
            defect: nil, ticks: 1),
    ]) func `what is wrong with a message is named, and what is sound is taken`(row: Row) {
        var ticks = 0
        let summary = row.message.withUnsafeBytes { TickDecoder.decode($0) { _ in ticks += 1 } }
        #expect(summary.defect == row.defect)
        #expect(ticks == row.ticks && summary.ticks == row.ticks)
    }

    @Test func `the segments of the specification are known and no others`() {
        let known = (UInt8.min...UInt8.max).filter { TickSegment(rawValue: $0).isKnown }
        #expect(known == [1, 2, 3, 4, 5, 6, 7, 8, 9, 12])
    }
}
