import NIOCore
import NIOWebSocket

/// Joins frames into messages and finds protocol faults; decides, does no I/O (RFC 6455, sections 5 and 7).
struct MessageAssembler {
    /// What a frame amounts to.
    enum Event: Equatable {
        case nothing
        case message(WebSocketMessage)
        case ping(ByteBuffer)
        case pong
        case close(WebSocketCloseCode, reason: String)
        /// The peer broke a rule; close with this code.
        case violation(WebSocketCloseCode, reason: String)
    }

    private let role: WebSocketRole
    private let maxMessageBytes: Int
    /// The kind of the message whose later fragments are still to come.
    private var unfinished: WebSocketOpcode?
    private var joined = ByteBuffer()

    init(role: WebSocketRole, maxMessageBytes: Int) {
        self.role = role
        self.maxMessageBytes = maxMessageBytes
    }

    mutating func receive(_ frame: WebSocketFrame) -> Event {
        if frame.rsv1 || frame.rsv2 || frame.rsv3 {
            return .violation(.protocolError, reason: "reserved bit set")
        }
        if (frame.maskKey != nil) != (role == .server) {
            let reason = role == .server ? "unmasked frame from a client" : "masked frame from a server"
            return .violation(.protocolError, reason: reason)
        }
        switch frame.opcode {
        case .text, .binary:
            guard unfinished == nil else {
                return .violation(.protocolError, reason: "new message inside a fragmented one")
            }
            return append(frame, to: frame.opcode)
        case .continuation:
            guard let unfinished else {
                return .violation(.protocolError, reason: "continuation without a message")
            }
            return append(frame, to: unfinished)
        case .ping: return .ping(frame.unmaskedData)
        case .pong: return .pong
        case .connectionClose: return close(frame.unmaskedData)
        default: return .violation(.protocolError, reason: "unknown opcode")
        }
    }

    private mutating func append(_ frame: WebSocketFrame, to opcode: WebSocketOpcode) -> Event {
        guard joined.readableBytes + frame.length <= maxMessageBytes else {
            return .violation(.messageTooBig, reason: "message over \(maxMessageBytes) bytes")
        }
        if unfinished == nil {
            joined = frame.unmaskedData
        } else {
            // In place: a message in many small fragments must not be copied once a fragment.
            joined.writeImmutableBuffer(frame.unmaskedData)
        }
        guard frame.fin else {
            unfinished = opcode
            return .nothing
        }
        unfinished = nil
        let bytes = joined
        joined = ByteBuffer()
        guard opcode == .text else { return .message(.binary(bytes)) }
        guard let text = String(validating: bytes.readableBytesView, as: UTF8.self) else {
            return .violation(.invalidPayload, reason: "text is not UTF-8")
        }
        return .message(.text(text))
    }

    private func close(_ payload: ByteBuffer) -> Event {
        var payload = payload
        if payload.readableBytes == 0 { return .close(.noStatus, reason: "") }
        guard let number = payload.readInteger(as: UInt16.self) else {
            return .violation(.protocolError, reason: "close frame with one byte")
        }
        let code = WebSocketCloseCode(rawValue: number)
        guard code.isAllowedOnTheWire else {
            return .violation(.protocolError, reason: "close code \(number)")
        }
        guard let reason = String(validating: payload.readableBytesView, as: UTF8.self) else {
            return .violation(.invalidPayload, reason: "close reason is not UTF-8")
        }
        return .close(code, reason: reason)
    }
}
