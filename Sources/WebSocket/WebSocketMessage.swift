import NIOCore

/// One whole data message, however many frames carried it.
public enum WebSocketMessage: Sendable, Equatable {
    /// A text message; always valid UTF-8.
    case text(String)
    /// A binary message.
    case binary(ByteBuffer)

    /// Payload length in bytes.
    public var byteCount: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .binary(let bytes): bytes.readableBytes
        }
    }
}

/// A status code of a close frame (RFC 6455, section 7.4).
public struct WebSocketCloseCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The number as it travels.
    public let rawValue: UInt16

    /// Wraps any number; see `isAllowedOnTheWire` for those that a frame may carry.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// 1000: the purpose is fulfilled.
    public static let normal = Self(rawValue: 1000)
    /// 1001: the server stops or the browser leaves the page.
    public static let goingAway = Self(rawValue: 1001)
    /// 1002: the peer broke the protocol.
    public static let protocolError = Self(rawValue: 1002)
    /// 1003: a message of a kind that is not accepted here.
    public static let unacceptableData = Self(rawValue: 1003)
    /// 1005: a close frame without a code; never sent.
    public static let noStatus = Self(rawValue: 1005)
    /// 1006: the connection ended without a close frame; never sent.
    public static let abnormal = Self(rawValue: 1006)
    /// 1007: text that is not UTF-8.
    public static let invalidPayload = Self(rawValue: 1007)
    /// 1008: a message against this server's policy, a dead session among them.
    public static let policyViolation = Self(rawValue: 1008)
    /// 1009: a message over the size limit.
    public static let messageTooBig = Self(rawValue: 1009)
    /// 1011: an unexpected condition on the server.
    public static let internalError = Self(rawValue: 1011)
    /// 1013: overloaded; try again later.
    public static let tryAgainLater = Self(rawValue: 1013)

    /// Whether a close frame may carry this code (RFC 6455, section 7.4, and the IANA registry).
    public var isAllowedOnTheWire: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    /// The number in decimal.
    public var description: String { String(rawValue) }
}

/// How a connection ended.
public struct WebSocketClosure: Sendable, Equatable {
    /// Who ended it.
    public enum Origin: Sendable, Equatable {
        /// The peer sent the first close frame.
        case peer
        /// This side sent the first close frame, for a protocol fault of the peer's among other reasons.
        case local
        /// The transport ended, or answered no ping, without a close frame.
        case lost
    }

    /// The code of the first close frame, `noStatus` when it had none, `abnormal` when there was no frame.
    public let code: WebSocketCloseCode
    /// The reason of the first close frame; at most 123 bytes; may be empty.
    public let reason: String
    /// Who ended it.
    public let origin: Origin

    /// Describes an end.
    public init(code: WebSocketCloseCode, reason: String = "", origin: Origin) {
        self.code = code
        self.reason = reason
        self.origin = origin
    }
}
