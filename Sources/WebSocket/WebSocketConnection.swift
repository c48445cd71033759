import NIOCore
import NIOWebSocket

/// One open WebSocket, of either role; safe to use from any task.
public final class WebSocketConnection: Sendable {
    /// Received messages; read them from one task, for as long as the connection matters.
    public let inbound: WebSocketMessages

    private let role: WebSocketRole
    private let options: WebSocketOptions
    private let channel: any Channel
    private let outbox: Outbox
    private let handler: NIOLoopBound<WebSocketChannelHandler>

    private init(
        channel: any Channel, role: WebSocketRole, options: WebSocketOptions, inbox: Inbox, outbox: Outbox,
        handler: NIOLoopBound<WebSocketChannelHandler>
    ) {
        self.channel = channel
        self.role = role
        self.options = options
        self.outbox = outbox
        self.handler = handler
        inbound = WebSocketMessages(inbox: inbox)
    }

    /// Puts the WebSocket handlers at the end of `channel`'s pipeline or behind `neighbour`; on its event loop.
    package static func attach(
        to channel: any Channel, behind neighbour: (any ChannelHandler)? = nil, role: WebSocketRole,
        options: WebSocketOptions
    ) throws -> WebSocketConnection {
        let inbox = Inbox(limit: options.receiveBufferBytes)
        let outbox = Outbox(limit: options.sendBufferBytes)
        let handler = WebSocketChannelHandler(role: role, options: options, inbox: inbox, outbox: outbox)
        let bound = NIOLoopBound(handler, eventLoop: channel.eventLoop)
        inbox.onResume { bound.eventLoop.execute { bound.value.resumeReading() } }
        // A control frame may have 125 bytes whatever the limit for messages is.
        let decoder = WebSocketFrameDecoder(maxFrameSize: max(options.maxMessageBytes, 125))
        let handlers: [any ChannelHandler] = [ByteToMessageHandler(decoder), handler]
        let pipeline = channel.pipeline.syncOperations
        if let neighbour {
            try pipeline.addHandlers(handlers, position: .after(neighbour))
        } else {
            try pipeline.addHandlers(handlers)
        }
        return WebSocketConnection(
            channel: channel, role: role, options: options, inbox: inbox, outbox: outbox, handler: bound)
    }

    /// How the connection ended, `nil` while it is open.
    public var closure: WebSocketClosure? { inbound.inbox.closure }

    /// The peer's address as text, `nil` when the socket has none.
    public var remoteAddress: String? { channel.remoteAddress?.description }

    /// Bytes accepted for sending that the kernel has not taken yet.
    public var pendingSendBytes: Int { outbox.pendingBytes }

    /// Queues a frame without ever blocking and without ever exceeding `WebSocketOptions.sendBufferBytes`.
    public func offer(_ frame: PreparedFrame) -> SendOutcome {
        offer(bytes: frame.wireBytes(for: role))
    }

    /// Sends a text message; waits while the send buffer is full, returns once the message is queued.
    public func send(_ text: some StringProtocol) async throws(WebSocketError) {
        try await send(PreparedFrame(text: text))
    }

    /// Sends a binary message; waits while the send buffer is full, returns once the message is queued.
    public func send(_ binary: ByteBuffer) async throws(WebSocketError) {
        try await send(PreparedFrame(binary: binary))
    }

    /// Sends a frame; waits while the send buffer is full, returns once the frame is queued.
    public func send(_ frame: PreparedFrame) async throws(WebSocketError) {
        let bytes = frame.wireBytes(for: role)
        let size = bytes.readableBytes
        guard size <= options.sendBufferBytes else {
            throw .tooLarge(bytes: size, limit: options.sendBufferBytes)
        }
        while true {
            switch offer(bytes: bytes) {
            case .accepted: return
            case .closed: throw .closed
            case .slow: await outbox.waitForRoom(size)
            }
            if Task.isCancelled { throw .cancelled }
        }
    }

    /// Sends a ping; the pong is consumed silently.
    public func ping() {
        let handler = handler
        channel.eventLoop.execute { handler.value.ping() }
    }

    /// Starts the closing handshake behind what is queued and returns at once; the first call counts.
    public func beginClose(code: WebSocketCloseCode = .normal, reason: String = "") {
        outbox.close()
        let handler = handler
        channel.eventLoop.execute { handler.value.close(code: code, reason: reason) }
    }

    /// Closes and waits for the end, which takes `WebSocketOptions.closeTimeout` at most.
    @discardableResult
    public func close(code: WebSocketCloseCode = .normal, reason: String = "") async -> WebSocketClosure {
        beginClose(code: code, reason: reason)
        return await waitUntilClosed()
    }

    /// Cuts the transport at once, as when the network or the machine fails: no closing handshake, nothing is flushed.
    package func abort() {
        outbox.close()
        channel.close(promise: nil)
    }

    /// Waits until the transport is gone; not ended by cancellation.
    @discardableResult
    public func waitUntilClosed() async -> WebSocketClosure {
        // A channel's close future never fails.
        try? await channel.closeFuture.get()
        return closure ?? WebSocketClosure(code: .abnormal, origin: .lost)
    }

    private func offer(bytes: ByteBuffer) -> SendOutcome {
        let (outcome, wake) = outbox.offer(bytes)
        if wake {
            let handler = handler
            channel.eventLoop.execute { handler.value.wake() }
        }
        return outcome
    }
}
