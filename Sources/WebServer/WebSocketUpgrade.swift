import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import WebSocket

/// A request context whose routes can answer with a WebSocket.
package protocol UpgradableRequestContext: RequestContext where Source == ApplicationRequestContextSource {
    /// The connection that the request came on: `source.channel`.
    var channel: any Channel { get }
}

/// The least context for routes that need nothing else of their own.
package struct ConnectionRequestContext: UpgradableRequestContext, CorrelatedRequestContext {
    /// Hummingbird's part.
    package var coreContext: CoreRequestContextStorage
    /// The connection that the request came on.
    package let channel: any Channel
    /// The request's id, once `CorrelationID` has run.
    package var correlationID: String?

    /// Made by the listener for each request.
    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// Turns an ordinary route into a WebSocket endpoint (RFC 6455, section 4.2).
package enum WebSocketUpgrade {
    /// The response that upgrades the connection; `handler` runs with it in the connection's task once it is written.
    ///
    /// Return it from the route unchanged. When `handler` returns, the connection closes with 1000, when it throws,
    /// with 1011. `handler` has to end when `inbound` ends; it is not cancelled by the peer's close.
    /// Throws `HTTPError` 426 when no WebSocket of version 13 is asked for, 400 when the key is missing or malformed.
    package static func response(
        to request: Request, context: some UpgradableRequestContext, options: WebSocketOptions = .server,
        subprotocol: String? = nil,
        handler: @escaping @Sendable (WebSocketConnection) async throws -> Void
    ) throws(HTTPError) -> Response {
        let key = try checkedKey(of: request)
        var headers: HTTPFields = [
            .upgrade: "websocket", .connection: "Upgrade", .secWebSocketAccept: Handshake.accept(for: key),
        ]
        headers[.secWebSocketProtocol] = subprotocol
        let channel = context.channel
        let logger = context.logger
        // The body is written when, and only when, the 101 has been written.
        let body = ResponseBody { _ in
            let connection = try await channel.eventLoop.submit {
                try channel.pipeline.syncOperations.handler(type: HTTPConnectionHandler.self).upgrade(options: options)
            }.get()
            do {
                try await handler(connection)
                await connection.close()
            } catch is CancellationError {
                await connection.close(code: .goingAway)
            } catch WebSocketError.closed {
                await connection.waitUntilClosed()
            } catch {
                logger.warning("WebSocket handler failed", metadata: ["error": "\(error)"])
                await connection.close(code: .internalError)
            }
        }
        return Response(status: .switchingProtocols, headers: headers, body: body)
    }

    private static func checkedKey(of request: Request) throws(HTTPError) -> String {
        let upgradeNeeded: HTTPFields = [.upgrade: "websocket", .secWebSocketVersion: "13"]
        guard request.method == .get, request.headers.lists("websocket", in: .upgrade),
            request.headers.lists("upgrade", in: .connection)
        else {
            throw HTTPError(.upgradeRequired, headers: upgradeNeeded, message: "This address speaks WebSocket only.")
        }
        guard request.headers[.secWebSocketVersion] == "13" else {
            throw HTTPError(.upgradeRequired, headers: upgradeNeeded, message: "WebSocket version 13 is needed.")
        }
        guard let key = request.headers[.secWebSocketKey], Handshake.isValid(key: key) else {
            throw HTTPError(.badRequest, message: "Sec-WebSocket-Key must be 16 bytes in base64.")
        }
        return key
    }
}

extension WebSocketOptions {
    /// For clients that mostly listen: small messages in, 1 MiB waiting to go out, a ping every 30 seconds.
    package static var server: WebSocketOptions {
        WebSocketOptions(maxMessageBytes: 64 << 10, receiveBufferBytes: 128 << 10, pingInterval: .seconds(30))
    }
}

extension HTTPFields {
    /// Whether a comma-separated field holds `token`, which is in lower case, in any case.
    func lists(_ token: String, in name: HTTPField.Name) -> Bool {
        self[values: name].contains { value in
            value.utf8.split(separator: UInt8(ascii: ",")).contains { part in
                part.trimmingBlanks.equalsIgnoringCase(token)
            }
        }
    }
}

extension Substring.UTF8View {
    /// Without the spaces and tabs that a list's items may have around them.
    var trimmingBlanks: Substring.UTF8View {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var trimmed = drop(while: isBlank)
        while let last = trimmed.last, isBlank(last) { trimmed = trimmed.dropLast() }
        return trimmed
    }

    /// Compares ASCII letters without regard to case; `other` is in lower case.
    func equalsIgnoringCase(_ other: String) -> Bool {
        elementsEqual(other.utf8) { byte, lower in
            byte == lower || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) && byte | 0x20 == lower
        }
    }
}
