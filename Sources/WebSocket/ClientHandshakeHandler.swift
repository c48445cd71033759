import NIOCore
import NIOHTTP1

/// Asks for the upgrade and, once it is granted, replaces HTTP by WebSocket in the pipeline.
final class ClientHandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// What is asked for.
    struct Request: Sendable {
        let address: WebSocketURL
        let headers: HTTPHeaders
        let options: WebSocketOptions
    }

    /// A refusal's body is kept up to this length.
    private static let keptBodyBytes = 4 << 10

    private let request: Request
    private let key = Handshake.makeKey()
    private let encoder: HTTPRequestEncoder
    private let decoder: ByteToMessageHandler<HTTPResponseDecoder>
    private let deadline: NIODeadline
    private let promise: EventLoopPromise<WebSocketConnection>
    private var timer: Scheduled<Void>?
    private var answer: HTTPResponseHead?
    private var body = ByteBuffer()

    private init(request: Request, deadline: NIODeadline, promise: EventLoopPromise<WebSocketConnection>) {
        self.request = request
        self.deadline = deadline
        self.promise = promise
        encoder = HTTPRequestEncoder()
        decoder = ByteToMessageHandler(
            HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes, informationalResponseStrategy: .drop))
    }

    /// Adds HTTP and the handshake to a connected channel; `promise` is completed in every case.
    static func install(
        on channel: any Channel, request: Request, deadline: NIODeadline,
        promise: EventLoopPromise<WebSocketConnection>
    ) throws {
        let handler = ClientHandshakeHandler(request: request, deadline: deadline, promise: promise)
        try channel.pipeline.syncOperations.addHandlers([handler.encoder, handler.decoder, handler])
    }

    func handlerAdded(context: ChannelHandlerContext) {
        guard context.channel.isActive else {
            fail(.badHandshake("the connection ended before an answer"), context)
            return
        }
        ask(context)
    }

    private func ask(_ context: ChannelHandlerContext) {
        var headers = request.headers
        headers.replaceOrAdd(name: "Host", value: request.address.hostHeader)
        headers.replaceOrAdd(name: "Connection", value: "Upgrade")
        headers.replaceOrAdd(name: "Upgrade", value: "websocket")
        headers.replaceOrAdd(name: "Sec-WebSocket-Version", value: "13")
        headers.replaceOrAdd(name: "Sec-WebSocket-Key", value: key)
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: request.address.target, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(deadline: deadline) {
            let (handler, context) = bound.value
            handler.fail(.timedOut, context)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answer = head
        case .body(var bytes):
            let room = Self.keptBodyBytes - body.readableBytes
            if let kept = bytes.readSlice(length: min(room, bytes.readableBytes)) { body.writeImmutableBuffer(kept) }
            if body.readableBytes >= Self.keptBodyBytes { refuse(context) }
        case .end:
            guard let answer else { return }
            if answer.status == .switchingProtocols {
                upgrade(answer, context)
            } else {
                refuse(context)
            }
        }
    }

    private func upgrade(_ answer: HTTPResponseHead, _ context: ChannelHandlerContext) {
        if let fault = fault(in: answer.headers) {
            fail(.badHandshake(fault), context)
            return
        }
        timer?.cancel()
        do {
            let connection = try WebSocketConnection.attach(
                to: context.channel, role: .client, options: request.options)
            let pipeline = context.pipeline.syncOperations
            pipeline.removeHandler(encoder, promise: nil)
            pipeline.removeHandler(context: context, promise: nil)
            // Last: bytes that followed the 101 go from the decoder straight to the new handlers.
            pipeline.removeHandler(decoder, promise: nil)
            promise.succeed(connection)
        } catch {
            fail(.connectFailed("\(error)"), context)
        }
    }

    private func fault(in headers: HTTPHeaders) -> String? {
        if !headers[canonicalForm: "upgrade"].contains(where: { $0.lowercased() == "websocket" }) {
            return "no Upgrade: websocket"
        }
        if !headers[canonicalForm: "connection"].contains(where: { $0.lowercased() == "upgrade" }) {
            return "no Connection: Upgrade"
        }
        if headers.first(name: "sec-websocket-accept") != Handshake.accept(for: key) {
            return "Sec-WebSocket-Accept does not answer our key"
        }
        if headers.contains(name: "sec-websocket-extensions") { return "an extension nobody asked for" }
        return nil
    }

    private func refuse(_ context: ChannelHandlerContext) {
        guard let answer else { return }
        fail(.refused(status: Int(answer.status.code), body: String(buffer: body)), context)
    }

    private func fail(_ error: WebSocketConnectError, _ context: ChannelHandlerContext) {
        timer?.cancel()
        promise.fail(error)
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError {
            fail(.badHandshake("the answer is not HTTP"), context)
        } else {
            fail(WebSocketClient.reason(for: error), context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if answer != nil { refuse(context) }
        fail(.badHandshake("the connection ended before an answer"), context)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }
}
