import NIOCore
import NIOWebSocket

/// A message encoded once, unmasked, that any number of server connections can send without another copy.
public struct PreparedFrame: Sendable, Equatable {
    let opcode: WebSocketOpcode
    /// Header and payload as a server sends them.
    let bytes: ByteBuffer
    let headerBytes: Int

    /// Encodes a text message.
    public init(text: some StringProtocol) {
        var text = String(text)
        self = text.withUTF8 { Self(opcode: .text, payload: UnsafeRawBufferPointer($0)) }
    }

    /// Encodes a text message whose bytes the caller knows to be UTF-8.
    public init(textBytes payload: ByteBuffer) {
        self = payload.withUnsafeReadableBytes { Self(opcode: .text, payload: $0) }
    }

    /// Encodes a binary message.
    public init(binary payload: ByteBuffer) {
        self = payload.withUnsafeReadableBytes { Self(opcode: .binary, payload: $0) }
    }

    init(opcode: WebSocketOpcode, payload: UnsafeRawBufferPointer) {
        var bytes = ByteBufferAllocator().buffer(capacity: payload.count + 10)
        headerBytes = bytes.writeFrameHeader(opcode: opcode, length: payload.count, masked: false)
        bytes.writeBytes(payload)
        self.opcode = opcode
        self.bytes = bytes
    }

    init(opcode: WebSocketOpcode, payload: ByteBuffer) {
        self = payload.withUnsafeReadableBytes { Self(opcode: opcode, payload: $0) }
    }

    /// A close frame; a reason over 123 bytes is cut at a character's end (RFC 6455, section 5.5.1).
    static func close(code: WebSocketCloseCode, reason: String) -> PreparedFrame {
        var payload = ByteBuffer()
        if code.isAllowedOnTheWire {
            payload.writeInteger(code.rawValue)
            var room = 123
            for character in reason {
                let text = String(character)
                room -= text.utf8.count
                guard room >= 0 else { break }
                payload.writeString(text)
            }
        }
        return PreparedFrame(opcode: .connectionClose, payload: payload)
    }

    /// Bytes a server connection puts on the wire.
    public var byteCount: Int { bytes.readableBytes }

    /// The frame as it leaves `role`; a client's copy is masked with a fresh random key (RFC 6455, section 5.3).
    func wireBytes(for role: WebSocketRole) -> ByteBuffer {
        guard role == .client else { return bytes }
        var payload = bytes
        payload.moveReaderIndex(forwardBy: headerBytes)
        var masked = ByteBufferAllocator().buffer(capacity: payload.readableBytes + 14)
        masked.writeFrameHeader(opcode: opcode, length: payload.readableBytes, masked: true)
        let key = UInt32.random(in: .min ... .max)
        masked.writeInteger(key)
        payload.webSocketMask(WebSocketMaskingKey(networkOrder: key))
        masked.writeBuffer(&payload)
        return masked
    }
}

extension WebSocketMaskingKey {
    fileprivate init(networkOrder key: UInt32) {
        self.init(
            arrayLiteral: UInt8(truncatingIfNeeded: key >> 24), UInt8(truncatingIfNeeded: key >> 16),
            UInt8(truncatingIfNeeded: key >> 8), UInt8(truncatingIfNeeded: key))
    }
}

extension ByteBuffer {
    /// Writes a final frame's header, without the masking key (RFC 6455, section 5.2).
    @discardableResult
    fileprivate mutating func writeFrameHeader(opcode: WebSocketOpcode, length: Int, masked: Bool) -> Int {
        let maskBit: UInt8 = masked ? 0x80 : 0
        var written = writeInteger(0x80 | UInt8(webSocketOpcode: opcode))
        switch length {
        case ...125:
            written += writeInteger(maskBit | UInt8(length))
        case ...Int(UInt16.max):
            written += writeInteger(maskBit | 126)
            written += writeInteger(UInt16(length))
        default:
            written += writeInteger(maskBit | 127)
            written += writeInteger(UInt64(length))
        }
        return written
    }
}
