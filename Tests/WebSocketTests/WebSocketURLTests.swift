import Testing

@testable import WebSocket

struct WebSocketURLTests {
    struct Row {
        let text: String
        let isSecure: Bool
        let host: String
        let port: Int
        let target: String
        let hostHeader: String
    }

    @Test(arguments: [
        Row(text: "ws://h", isSecure: false, host: "h", port: 80, target: "/", hostHeader: "h"),
        Row(
            text: "wss://ws.kite.trade?api_key=a&access_token=b", isSecure: true, host: "ws.kite.trade", port: 443,
            target: "/?api_key=a&access_token=b", hostHeader: "ws.kite.trade"),
        Row(
            text: "WS://h:8010/a/b?c#d", isSecure: false, host: "h", port: 8010, target: "/a/b?c", hostHeader: "h:8010"),
        Row(text: "wss://h:80/", isSecure: true, host: "h", port: 80, target: "/", hostHeader: "h:80"),
        Row(text: "ws://[::1]:90/x", isSecure: false, host: "::1", port: 90, target: "/x", hostHeader: "[::1]:90"),
        Row(text: "ws://[::1]", isSecure: false, host: "::1", port: 80, target: "/", hostHeader: "[::1]"),
    ])
    func `an address has its parts`(row: Row) throws {
        let url = try WebSocketURL(row.text)
        #expect(url.isSecure == row.isSecure)
        #expect(url.host == row.host)
        #expect(url.port == row.port)
        #expect(url.target == row.target)
        #expect(url.hostHeader == row.hostHeader)
    }

    @Test(arguments: [
        "", "h", "http://h", "https://h/?access_token=secret", "ws://", "ws://:80", "ws://h:0", "ws://h:65536",
        "ws://h:x", "ws://user:secret@h", "ws://h/a b", "ws://h/\r\nX: y", "ws://[::1", "ws://h/ü",
    ])
    func `an address that cannot be used is refused without repeating it`(text: String) {
        do {
            _ = try WebSocketURL(text)
            Issue.record("\(text) was accepted")
        } catch {
            #expect(!"\(error)".contains("secret"))
        }
    }
}
