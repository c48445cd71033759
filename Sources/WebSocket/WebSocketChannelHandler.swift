import NIOCore
import NIOWebSocket

/// The event loop's half of a connection: frames in, bytes out, control frames answered.
final class WebSocketChannelHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    /// Frames up to this size are copied together into one write.
    private static let coalescedFrameBytes = 8 << 10

    private enum Phase {
        case open
        /// Our close frame is written; what still arrives is discarded until the peer's.
        case closing
        case closed
    }

    private let role: WebSocketRole
    private let options: WebSocketOptions
    private let inbox: Inbox
    private let outbox: Outbox
    private var assembler: MessageAssembler
    private var pacer: FlushPacer
    private var phase = Phase.open
    private var context: ChannelHandlerContext?
    private var heldRead = false
    private var flushTimer: Scheduled<Void>?
    private var pingTimer: Scheduled<Void>?
    private var closeTimer: Scheduled<Void>?
    private var heardSincePing = true
    private var unwrittenControlBytes = 0

    init(role: WebSocketRole, options: WebSocketOptions, inbox: Inbox, outbox: Outbox) {
        self.role = role
        self.options = options
        self.inbox = inbox
        self.outbox = outbox
        assembler = MessageAssembler(role: role, maxMessageBytes: options.maxMessageBytes)
        pacer = FlushPacer(interval: TimeAmount(options.flushInterval))
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        schedulePing()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end(WebSocketClosure(code: .abnormal, origin: .lost))
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(WebSocketClosure(code: .abnormal, origin: .lost))
        context.fireChannelInactive()
    }

    private func end(_ closure: WebSocketClosure) {
        phase = .closed
        for timer in [flushTimer, pingTimer, closeTimer] { timer?.cancel() }
        outbox.close()
        inbox.finish(closure)
    }

    // MARK: Reading

    func read(context: ChannelHandlerContext) {
        if phase == .open, inbox.pauseIfFull() {
            heldRead = true
        } else {
            context.read()
        }
    }

    /// Called when the reader has caught up.
    func resumeReading() {
        guard heldRead else { return }
        heldRead = false
        context?.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase == .open || phase == .closing else { return }
        heardSincePing = true
        let event = assembler.receive(unwrapInboundIn(data))
        if phase == .closing {
            if case .close = event { context.close(promise: nil) }
            return
        }
        switch event {
        case .nothing, .pong: break
        case .message(let message): inbox.deliver(message)
        case .ping(let payload): answer(payload)
        case .close(let code, let reason):
            beginClose(
                code: code, reason: "", closure: WebSocketClosure(code: code, reason: reason, origin: .peer))
        case .violation(let code, let reason):
            beginClose(
                code: code, reason: reason, closure: WebSocketClosure(code: code, reason: reason, origin: .local))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let fault = error as? NIOWebSocketError else {
            context.close(promise: nil)
            return
        }
        guard phase == .open else {
            context.close(promise: nil)
            return
        }
        let code: WebSocketCloseCode
        let reason: String
        switch fault {
        case .invalidFrameLength:
            (code, reason) = (.messageTooBig, "message over \(options.maxMessageBytes) bytes")
        case .fragmentedControlFrame, .multiByteControlFrameLength:
            (code, reason) = (.protocolError, "control frame fragmented or over 125 bytes")
        }
        beginClose(code: code, reason: reason, closure: WebSocketClosure(code: code, reason: reason, origin: .local))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            close(code: .goingAway, reason: "the server stops")
        case ChannelEvent.inputClosed:
            context.close(promise: nil)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: Closing

    /// Sends a close frame behind what is queued; does nothing when one was sent before.
    func close(code: WebSocketCloseCode, reason: String) {
        beginClose(code: code, reason: reason, closure: WebSocketClosure(code: code, reason: reason, origin: .local))
    }

    private func beginClose(code: WebSocketCloseCode, reason: String, closure: WebSocketClosure) {
        guard phase == .open, let context else { return }
        outbox.close()
        flushTimer?.cancel()
        pingTimer?.cancel()
        writeQueued()
        phase = .closing
        inbox.finish(closure)
        let frame = PreparedFrame.close(code: code, reason: reason).wireBytes(for: role)
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(frame), promise: written)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        closeTimer = context.eventLoop.scheduleTask(in: TimeAmount(options.closeTimeout)) {
            bound.value.context?.close(promise: nil)
        }
        switch closure.origin {
        case .peer:
            // Both close frames are exchanged: nothing more can come.
            written.futureResult.whenComplete { _ in bound.value.context?.close(promise: nil) }
        case .local, .lost:
            if role == .server, closure.code != .normal, closure.code != .goingAway {
                // The decoder may be past reading; ending our side lets the peer end its own. Closing both sides
                // with unread bytes would reset the connection and could lose the close frame on its way.
                written.futureResult.whenSuccess { bound.value.context?.close(mode: .output, promise: nil) }
            }
        }
        if heldRead {
            heldRead = false
            context.read()
        }
    }

    // MARK: Writing

    /// Called when the outbox went from nothing to write to something.
    func wake() {
        guard phase == .open, flushTimer == nil, let context else { return }
        guard let due = pacer.delay(now: .now()) else {
            writeQueued()
            context.flush()
            return
        }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        flushTimer = context.eventLoop.scheduleTask(deadline: due) {
            let handler = bound.value
            handler.flushTimer = nil
            handler.wake()
        }
    }

    /// Writes without flushing; small frames share one buffer.
    private func writeQueued() {
        let frames = outbox.take()
        guard let context, let last = frames.last else { return }
        let total = frames.reduce(0) { $0 + $1.readableBytes }
        let written = context.eventLoop.makePromise(of: Void.self)
        let outbox = self.outbox
        written.futureResult.whenComplete { _ in outbox.didWrite(total) }
        if frames.count == 1 {
            context.write(wrapOutboundOut(last), promise: written)
            return
        }
        var batch = ByteBuffer()
        for frame in frames {
            if frame.readableBytes > Self.coalescedFrameBytes {
                if batch.readableBytes > 0 { context.write(wrapOutboundOut(batch), promise: nil) }
                context.write(wrapOutboundOut(frame), promise: nil)
                batch = ByteBuffer()
            } else {
                if batch.capacity == 0 { batch = context.channel.allocator.buffer(capacity: min(total, 64 << 10)) }
                batch.writeImmutableBuffer(frame)
            }
        }
        // An empty last write still completes in order, behind the rest.
        context.write(wrapOutboundOut(batch), promise: written)
    }

    /// Pongs answer pings and nothing else; when the peer does not read them, later ones are left out
    /// (RFC 6455, section 5.5.3, allows answering only the latest).
    private func answer(_ payload: ByteBuffer) {
        guard unwrittenControlBytes < 16 << 10 else { return }
        writeControl(PreparedFrame(opcode: .pong, payload: payload))
    }

    /// Sends a ping.
    func ping() {
        guard phase == .open else { return }
        writeControl(PreparedFrame(opcode: .ping, payload: ByteBuffer()))
    }

    private func writeControl(_ frame: PreparedFrame) {
        guard let context else { return }
        let bytes = frame.wireBytes(for: role)
        let size = bytes.readableBytes
        unwrittenControlBytes += size
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in bound.value.unwrittenControlBytes -= size }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: written)
    }

    private func schedulePing() {
        guard let interval = options.pingInterval, let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        pingTimer = context.eventLoop.scheduleTask(in: TimeAmount(interval)) { bound.value.pingIsDue() }
    }

    private func pingIsDue() {
        guard phase == .open, let context else { return }
        // While reading is paused the peer's answer cannot be seen: silence proves nothing then.
        guard heardSincePing || heldRead else {
            inbox.finish(WebSocketClosure(code: .abnormal, reason: "no answer to a ping", origin: .lost))
            context.close(promise: nil)
            return
        }
        heardSincePing = false
        ping()
        schedulePing()
    }
}
