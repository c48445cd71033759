import NIOCore
import WebSocket

/// Frames that no ticker should send, each wrong in a way of its own.
package enum GarbageFrame: String, Sendable, Hashable, CaseIterable {
    /// A packet shorter than its length says.
    case cut
    /// More packets announced than there are.
    case count
    /// A packet of a length that no mode has.
    case length
    /// Bytes without any order.
    case noise
    /// A binary message without bytes.
    case empty
    /// Text that is not JSON.
    case text
    /// JSON of an unknown type.
    case unknown

    var frame: PreparedFrame {
        switch self {
        case .cut: PreparedFrame(binary: ByteBuffer(bytes: [0, 1, 0, 44, 0, 6, 58, 129, 0, 0]))
        case .count: PreparedFrame(binary: ByteBuffer(bytes: [0, 9, 0, 8, 0, 6, 58, 129, 0, 0, 1, 0]))
        case .length: PreparedFrame(binary: ByteBuffer(bytes: [0, 1, 0, 13] + [UInt8](repeating: 7, count: 13)))
        case .noise:
            PreparedFrame(binary: ByteBuffer(bytes: (0..<257).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) }))
        case .empty: PreparedFrame(binary: ByteBuffer())
        case .text: PreparedFrame(text: "<html>502</html>")
        case .unknown: PreparedFrame(text: #"{"type":"weather","data":[null]}"#)
        }
    }
}
