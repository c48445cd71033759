import NIOCore
import NIOWebSocket
import Testing

@testable import WebSocket

struct PreparedFrameTests {
    /// Payload length, header bytes of the server's frame (RFC 6455, section 5.2).
    @Test(arguments: [(0, 2), (1, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)])
    func `the header is as long as the length needs`(payload: Int, header: Int) {
        let frame = PreparedFrame(binary: ByteBuffer(repeating: 7, count: payload))
        #expect(frame.byteCount == payload + header)
        #expect(frame.wireBytes(for: .server).readableBytes == payload + header)
        #expect(frame.wireBytes(for: .client).readableBytes == payload + header + 4)
    }

    @Test func `the unmasked text frame of RFC 6455 section 5_7`() {
        let frame = PreparedFrame(text: "Hello")
        #expect(Array(buffer: frame.wireBytes(for: .server)) == [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f])
        #expect(PreparedFrame(textBytes: ByteBuffer(string: "Hello")) == frame)
    }

    @Test func `a client's frame unmasks to the same payload with a new key each time`() {
        let frame = PreparedFrame(text: "the same words")
        var keys: Set<UInt32> = []
        for _ in 0..<8 {
            var bytes = frame.wireBytes(for: .client)
            #expect(bytes.readInteger(as: UInt16.self) == 0x818E)
            guard let key = bytes.readInteger(as: UInt32.self) else {
                Issue.record("no masking key")
                return
            }
            keys.insert(key)
            let mask = (0..<4).map { UInt8(truncatingIfNeeded: key >> (24 - 8 * $0)) }
            let text = bytes.readableBytesView.enumerated().map { $0.element ^ mask[$0.offset % 4] }
            #expect(String(decoding: text, as: UTF8.self) == "the same words")
        }
        #expect(keys.count == 8)
    }

    @Test func `masking leaves the shared frame as it was`() {
        let frame = PreparedFrame(text: "shared")
        let before = Array(buffer: frame.bytes)
        _ = frame.wireBytes(for: .client)
        #expect(Array(buffer: frame.bytes) == before)
    }

    @Test func `a long close reason is cut at a character`() {
        let frame = PreparedFrame.close(code: .normal, reason: String(repeating: "€", count: 60))
        #expect(frame.byteCount == 2 + 2 + 41 * 3)
    }

    @Test(arguments: [WebSocketCloseCode.noStatus, .abnormal])
    func `a code that must not travel gives an empty close frame`(code: WebSocketCloseCode) {
        #expect(PreparedFrame.close(code: code, reason: "x").byteCount == 2)
    }
}
