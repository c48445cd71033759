import NIOHTTP1
import WebSocket

/// Connects a ticker over the WebSocket client.
struct WebSocketTickerTransport: TickerTransport {
    let client: WebSocketClient

    func connect(_ endpoint: TickerEndpoint) async throws(TickerConnectFault) -> any TickerLink {
        var headers = HTTPHeaders()
        for header in endpoint.headers { headers.add(name: header.name, value: header.value) }
        // Ticks are small; the largest order message is some kilobytes.
        let options = WebSocketOptions(
            maxMessageBytes: 4 << 20, receiveBufferBytes: 4 << 20, flushInterval: .milliseconds(1),
            closeTimeout: .milliseconds(500))
        do {
            let connection = try await client.connect(
                to: endpoint.url, headers: headers, options: options, timeout: endpoint.timeout)
            return WebSocketTickerLink(connection: connection)
        } catch {
            throw TickerConnectFault(loss: Self.loss(error))
        }
    }

    private static func loss(_ error: WebSocketConnectError) -> KiteTickerLoss {
        if case .refused(let status, _) = error { return .refused(status: status) }
        return .connectFailed(KiteError.bounded(error.description, limit: 200))
    }
}

private struct WebSocketTickerLink: TickerLink {
    let connection: WebSocketConnection

    func next() async -> TickerFrame? {
        var messages = connection.inbound.makeAsyncIterator()
        switch await messages.next() {
        case .binary(let bytes)?: return .binary(bytes)
        case .text(let text)?: return .text(text)
        case nil: return nil
        }
    }

    func send(_ text: String) async throws {
        try await connection.send(text)
    }

    var closure: (code: UInt16, reason: String) {
        guard let closure = connection.closure else { return (WebSocketCloseCode.abnormal.rawValue, "") }
        return (closure.code.rawValue, closure.reason)
    }

    func close() {
        connection.beginClose()
    }
}
