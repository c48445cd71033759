import NIOCore
import NIOWebSocket
import Testing

@testable import WebSocket

struct MessageAssemblerTests {
    private static let mask: WebSocketMaskingKey = [1, 2, 3, 4]

    private func frame(
        _ opcode: WebSocketOpcode, _ bytes: [UInt8] = [], fin: Bool = true, masked: Bool = true, rsv1: Bool = false
    ) -> WebSocketFrame {
        var data = ByteBuffer(bytes: bytes)
        if masked { data.webSocketMask(Self.mask) }
        return WebSocketFrame(fin: fin, rsv1: rsv1, opcode: opcode, maskKey: masked ? Self.mask : nil, data: data)
    }

    private func text(_ string: String, fin: Bool = true) -> WebSocketFrame {
        frame(.text, Array(string.utf8), fin: fin)
    }

    private func events(_ frames: [WebSocketFrame], limit: Int = 100) -> [MessageAssembler.Event] {
        var assembler = MessageAssembler(role: .server, maxMessageBytes: limit)
        return frames.map { assembler.receive($0) }
    }

    private func code(of event: MessageAssembler.Event?) -> UInt16? {
        guard case .violation(let code, _) = event else { return nil }
        return code.rawValue
    }

    @Test func `whole messages pass`() {
        #expect(
            events([text("héllo"), frame(.binary, [0, 255]), text("")]) == [
                .message(.text("héllo")), .message(.binary(ByteBuffer(bytes: [0, 255]))), .message(.text("")),
            ])
    }

    @Test func `fragments are joined, a character may be split, and control frames may come between`() {
        let euro = Array("€".utf8)
        let frames = [
            frame(.text, Array(euro[..<1]), fin: false), frame(.ping, [9]), frame(.continuation, [], fin: false),
            frame(.pong), frame(.continuation, Array(euro[1...])), text("next"),
        ]
        #expect(
            events(frames) == [
                .nothing, .ping(ByteBuffer(bytes: [9])), .nothing, .pong, .message(.text("€")),
                .message(.text("next")),
            ])
    }

    @Test func `an empty first fragment does not lose the rest`() {
        #expect(
            events([text("", fin: false), frame(.continuation, [65], fin: false), frame(.continuation, [66])]).last
                == .message(.text("AB")))
    }

    @Test func `faults name their close code`() {
        #expect(code(of: events([frame(.text, [1], rsv1: true)]).last) == 1002)
        #expect(code(of: events([frame(.text, [65], masked: false)]).last) == 1002)
        #expect(code(of: events([frame(.continuation, [65])]).last) == 1002)
        #expect(code(of: events([text("a", fin: false), text("b")]).last) == 1002)
        #expect(code(of: events([frame(WebSocketOpcode(encodedWebSocketOpcode: 3) ?? .text, [65])]).last) == 1002)
        #expect(code(of: events([frame(WebSocketOpcode(encodedWebSocketOpcode: 11) ?? .text)]).last) == 1002)
        #expect(code(of: events([frame(.text, [0xC3, 0x28])]).last) == 1007)
        #expect(code(of: events([frame(.text, [0xE2, 0x82])]).last) == 1007)
        #expect(code(of: events([text("12345678901")], limit: 10).last) == 1009)
        #expect(
            code(of: events([text("12345", fin: false), frame(.continuation, Array("678901".utf8))], limit: 10).last)
                == 1009)
        #expect(events([text("1234567890")], limit: 10).last == .message(.text("1234567890")))
    }

    @Test func `a server's frames must not be masked`() {
        var assembler = MessageAssembler(role: .client, maxMessageBytes: 10)
        #expect(code(of: assembler.receive(frame(.text, [65]))) == 1002)
        #expect(assembler.receive(frame(.text, [65], masked: false)) == .message(.text("A")))
    }

    @Test(arguments: [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999] as [UInt16])
    func `a registered close code is accepted with its reason`(number: UInt16) {
        let payload = [UInt8(number >> 8), UInt8(number & 0xFF)] + Array("bye".utf8)
        #expect(
            events([frame(.connectionClose, payload)]) == [
                .close(WebSocketCloseCode(rawValue: number), reason: "bye")
            ])
    }

    @Test(arguments: [0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65_535] as [UInt16])
    func `a close code that must not travel is a fault`(number: UInt16) {
        #expect(code(of: events([frame(.connectionClose, [UInt8(number >> 8), UInt8(number & 0xFF)])]).last) == 1002)
    }

    @Test func `odd close frames`() {
        #expect(events([frame(.connectionClose)]) == [.close(.noStatus, reason: "")])
        #expect(code(of: events([frame(.connectionClose, [3])]).last) == 1002)
        #expect(code(of: events([frame(.connectionClose, [3, 0xE8, 0xFF])]).last) == 1007)
    }

    @Test func `a message in a hundred thousand fragments takes no quadratic time`() {
        var assembler = MessageAssembler(role: .server, maxMessageBytes: 1 << 20)
        _ = assembler.receive(frame(.binary, [1], fin: false))
        for _ in 0..<100_000 { _ = assembler.receive(frame(.continuation, [1], fin: false)) }
        let last = assembler.receive(frame(.continuation, [1]))
        #expect(last == .message(.binary(ByteBuffer(repeating: 1, count: 100_002))))
    }
}
