import NIOCore
import NIOHTTP1
import Synchronization

/// The open connections of a login listener, few at a time.
final class LoginConnections: Sendable {
    static let limit = 32
    private let open = Mutex<[ObjectIdentifier: any Channel]>([:])

    /// Takes a connection; false where there are too many.
    func add(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let isTaken = open.withLock { open in
            guard open.count < Self.limit else { return false }
            open[id] = channel
            return true
        }
        if isTaken { channel.closeFuture.whenComplete { _ in self.open.withLock { $0[id] = nil } } }
        return isTaken
    }

    func closeAll() {
        for channel in open.withLock({ Array($0.values) }) { channel.close(promise: nil) }
    }
}

/// Answers one request of a browser and closes the connection.
final class LoginListenerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The largest body that is read over, in bytes.
    private static let bodyLimit = 16_384

    private let path: String
    private let state: String
    private let outcome: @Sendable (Result<String, KiteLoginError>) -> Void
    private var head: HTTPRequestHead?
    private var bodyBytes = 0

    init(path: String, state: String, outcome: @escaping @Sendable (Result<String, KiteLoginError>) -> Void) {
        self.path = path
        self.state = state
        self.outcome = outcome
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(let bytes):
            bodyBytes += bytes.readableBytes
            if bodyBytes > Self.bodyLimit { context.close(promise: nil) }
        case .end:
            guard let head else { return }
            self.head = nil
            answer(
                LoginCallback.read(method: head.method.rawValue, target: head.uri, path: path, state: state), context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ callback: LoginCallback, _ context: ChannelHandlerContext) {
        let (status, sentence) = callback.answer
        let page = ByteBuffer(
            string: "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Kite login</title>"
                + "<p>\(sentence)</p></html>\n")
        let headers: HTTPHeaders = [
            "Content-Type": "text/html; charset=utf-8", "Content-Length": "\(page.readableBytes)",
            "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'", "Connection": "close",
        ]
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(page))), promise: nil)
        let outcome = outcome
        let channel = context.channel
        // The person sees the page before the listener goes away.
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            channel.close(promise: nil)
            switch callback {
            case .token(let token): outcome(.success(token))
            case .declined:
                outcome(.failure(KiteLoginError(.declined, "Kite came back without a sign-in; start again.")))
            case .wrongState, .elsewhere, .wrongMethod, .malformed: return
            }
        }
    }
}
