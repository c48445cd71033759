import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import WebSocket

/// Owns one HTTP/1 connection's life: keep-alive, time limits, bad requests, quiescing and the way to WebSocket.
final class HTTPConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        case serving
        /// Our side has ended; what arrives is discarded until the peer ends its own, for a short while.
        case lingering
        case upgraded
    }

    /// How long a peer may take to end its side after the last response, so that it can read that response.
    private static let lingerTime = TimeAmount.seconds(2)

    private let options: HTTPConnectionOptions
    private let encoder: HTTPResponseEncoder
    private var decoder: ByteToMessageHandler<HTTPRequestDecoder>
    private var exchanges = ExchangeQueue()
    private var phase = Phase.serving
    private var isQuiescing = false
    private var hasSwitchedProtocols = false
    private var heldRead = false
    private var pendingFailure: HTTPResponseStatus?
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?
    private var idle: IdleWatch

    private init(options: HTTPConnectionOptions) {
        self.options = options
        encoder = HTTPResponseEncoder()
        decoder = options.makeDecoder()
        idle = IdleWatch(timeout: TimeAmount(options.idleTimeout))
    }

    /// Adds the HTTP handlers to a new server connection; on its event loop.
    static func install(on channel: any Channel, options: HTTPConnectionOptions) throws {
        let handler = HTTPConnectionHandler(options: options)
        try channel.pipeline.syncOperations.addHandlers([handler.encoder, handler.decoder, handler])
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        idle.waitingSince = .now()
        scheduleTimer(at: .now() + idle.timeout)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    // MARK: Requests

    func read(context: ChannelHandlerContext) {
        // Until it is known whether the connection changes protocol, further bytes stay in the kernel.
        if phase == .serving, exchanges.awaitsUpgradeDecision {
            heldRead = true
        } else {
            context.read()
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase == .serving else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard exchanges.acceptsRequests else { return }
            do {
                let request = try HTTPRequest(head, secure: false, splitCookie: false)
                exchanges.begin(head)
                idle.waitingSince = .now()
                context.fireChannelRead(wrapInboundOut(.head(request)))
            } catch {
                fail(.badRequest, error, context)
            }
        case .body(let bytes):
            guard exchanges.isReceiving else { return }
            context.fireChannelRead(wrapInboundOut(.body(bytes)))
        case .end(let trailers):
            guard exchanges.isReceiving else { return }
            exchanges.received()
            idle.waitingSince = nil
            context.fireChannelRead(wrapInboundOut(.end(trailers.map { HTTPFields($0, splitCookie: false) })))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard phase == .serving, let fault = error as? HTTPParserError else {
            context.fireErrorCaught(error)
            context.close(promise: nil)
            return
        }
        switch fault {
        case .headerOverflow: fail(.requestHeaderFieldsTooLarge, fault, context)
        case .invalidVersion: fail(.httpVersionNotSupported, fault, context)
        default: fail(.badRequest, fault, context)
        }
    }

    /// Answers what cannot be understood, after the answers to what was understood before it.
    private func fail(_ status: HTTPResponseStatus, _ error: any Error, _ context: ChannelHandlerContext) {
        exchanges.acceptsRequests = false
        if exchanges.dropUnreceived() {
            if exchanges.isEmpty {
                writeFailure(status, context)
            } else {
                pendingFailure = status
            }
        }
        // Ends a body that a handler waits for.
        context.fireErrorCaught(error)
    }

    private func writeFailure(_ status: HTTPResponseStatus, _ context: ChannelHandlerContext) {
        let head = HTTPResponseHead(
            version: .http1_1, status: status, headers: ["Content-Length": "0", "Connection": "close"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
        finish(after: written, lingers: true, context)
        phase = .lingering
    }

    // MARK: Responses

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard phase == .serving, let exchange = exchanges.first else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let response):
            writeHead(response, of: exchange, context, promise)
        case .body(let bytes):
            guard !exchange.isHead else {
                promise?.succeed()
                return
            }
            context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: promise)
        case .end(let trailers):
            writeEnd(trailers, context, promise)
        }
    }

    private func writeHead(
        _ response: HTTPResponse, of exchange: Exchange, _ context: ChannelHandlerContext,
        _ promise: EventLoopPromise<Void>?
    ) {
        var response = response
        if response.status == .switchingProtocols {
            hasSwitchedProtocols = true
        } else if response.status.kind != .informational {
            // A body that nobody has read yet may never end: the connection then ends with the response.
            let closes = isQuiescing || !exchange.keepsAlive || !exchange.isReceived
            exchanges.answering(closes: closes)
            if closes {
                response.headerFields[.connection] = "close"
            } else if exchange.isHTTP10 {
                response.headerFields[.connection] = "keep-alive"
            }
        }
        context.write(wrapOutboundOut(.head(HTTPResponseHead(response))), promise: promise)
    }

    private func writeEnd(
        _ trailers: HTTPFields?, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?
    ) {
        let part = wrapOutboundOut(.end(trailers.map(HTTPHeaders.init)))
        guard let exchange = exchanges.finishFirst() else { return }
        if exchange.closes {
            let written = promise ?? context.eventLoop.makePromise(of: Void.self)
            context.writeAndFlush(part, promise: written)
            finish(after: written, lingers: !exchange.isReceived, context)
            phase = .lingering
            return
        }
        context.write(part, promise: promise)
        if exchange.asksUpgrade { renewDecoder(context) }
        guard exchanges.isEmpty else { return }
        idle.waitingSince = .now()
        if let pendingFailure {
            writeFailure(pendingFailure, context)
        } else if isQuiescing {
            context.flush()
            context.close(promise: nil)
        }
    }

    private func finish(after written: EventLoopPromise<Void>, lingers: Bool, _ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in
            // Closing with unread bytes resets the connection, and the reset can overtake the response.
            bound.value.close(mode: lingers ? .output : .all, promise: nil)
        }
        timer?.cancel()
        let time = lingers ? Self.lingerTime : idle.timeout
        timer = context.eventLoop.scheduleTask(in: time) { bound.value.close(promise: nil) }
    }

    /// NIO's decoder stops for good behind a request that asked for an upgrade; a refused one needs a fresh decoder.
    private func renewDecoder(_ context: ChannelHandlerContext) {
        let old = decoder
        decoder = options.makeDecoder()
        do {
            try context.pipeline.syncOperations.addHandler(decoder, position: .after(old))
            let removed = context.eventLoop.makePromise(of: Void.self)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            // A pipelined request leaves the old decoder as it goes; what waits for a read's end has to hear of it.
            removed.futureResult.whenSuccess { bound.value.fireChannelReadComplete() }
            context.pipeline.syncOperations.removeHandler(old, promise: removed)
        } catch {
            context.close(promise: nil)
        }
        releaseRead(context)
    }

    private func releaseRead(_ context: ChannelHandlerContext) {
        guard heldRead else { return }
        heldRead = false
        context.read()
    }

    // MARK: WebSocket

    /// Takes over the connection after a 101 was written; on the event loop.
    func upgrade(options: WebSocketOptions) throws(UpgradeFailure) -> WebSocketConnection {
        guard phase == .serving, hasSwitchedProtocols, let context else { throw UpgradeFailure() }
        phase = .upgraded
        timer?.cancel()
        let pipeline = context.pipeline.syncOperations
        do {
            let connection = try WebSocketConnection.attach(
                to: context.channel, behind: decoder, role: .server, options: options)
            pipeline.removeHandler(encoder, promise: nil)
            // Last comes first out: bytes that followed the request go from the decoder to the WebSocket handlers.
            pipeline.removeHandler(decoder, promise: nil)
            releaseRead(context)
            pipeline.removeHandler(context: context, promise: nil)
            if isQuiescing { connection.beginClose(code: .goingAway, reason: "the server stops") }
            return connection
        } catch {
            context.close(promise: nil)
            throw UpgradeFailure()
        }
    }

    // MARK: Time and events

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            isQuiescing = true
            if phase == .serving, exchanges.isEmpty { context.close(promise: nil) }
        case ChannelEvent.inputClosed where phase == .lingering:
            context.close(promise: nil)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        idle.stalledSince = context.channel.isWritable ? nil : .now()
        context.fireChannelWritabilityChanged()
    }

    private func scheduleTimer(at deadline: NIODeadline) {
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(deadline: deadline) { bound.value.checkTime() }
    }

    private func checkTime() {
        guard phase == .serving else { return }
        switch idle.verdict(now: .now()) {
        case .expired: context?.close(promise: nil)
        case .lookAgain(let deadline): scheduleTimer(at: deadline)
        }
    }
}

/// The connection is not in the state that an upgrade needs, most often because it has just been closed.
struct UpgradeFailure: Error {}
