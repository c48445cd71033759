/// What is wrong with a binary message of the ticker; packets are counted from 1.
public enum TickMessageDefect: Sendable, Hashable, CustomStringConvertible {
    /// The message has no bytes; a sign of life has one.
    case empty
    /// The message ends inside a packet or before it; the packets before it were taken.
    case cutShort(packet: Int, of: Int, bytesMissing: Int)
    /// A packet has a length that no kind of packet has; it was skipped, the others were taken.
    case unknownLength(Int, packet: Int)
    /// The token's low byte is no known segment; the packet was taken with prices in hundredths.
    case unknownSegment(TickSegment, packet: Int)
    /// Bytes follow after the last packet that the message announces; they were not looked at.
    case trailingBytes(Int)

    /// One sentence.
    public var description: String {
        switch self {
        case .empty: "the message is empty"
        case .cutShort(let packet, let count, let missing):
            "packet \(packet) of \(count) is cut short, \(missing) bytes are missing at least"
        case .unknownLength(let length, let packet): "packet \(packet) has the unknown length \(length)"
        case .unknownSegment(let segment, let packet):
            "packet \(packet) is of the unknown segment \(segment.rawValue)"
        case .trailingBytes(let count): "\(count) bytes follow after the last packet"
        }
    }
}
