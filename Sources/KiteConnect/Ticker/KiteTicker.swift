import WebSocket

/// Kite's stream of ticks and order updates, kept alive.
///
/// Call `run()` in a task of your own and cancel that task to stop. Subscriptions are data: they may be changed at any
/// time, connected or not, and are restored after every reconnection. Three connections an API key, 3000 instruments a
/// connection are Kite's limits. Source: Kite Connect v3, WebSocket streaming.
public actor KiteTicker {
    /// The latest ticks; bounded, a slow reader gets the latest of each instrument.
    public nonisolated let ticks: KiteTickStream
    /// Every order message, none is dropped; read them, or they pile up. Messages may repeat and come out of order.
    public nonisolated let orderUpdates: AsyncStream<KiteOrderUpdate>
    /// What happens to the connection; the oldest are dropped when more than 256 wait.
    public nonisolated let events: AsyncStream<KiteTickerEvent>
    /// Where the ticker stands.
    public private(set) var state = KiteTickerState.idle

    private nonisolated let intake: TickerIntake
    private nonisolated let timing: KiteTickerTiming
    private let options: KiteTickerOptions
    private let transport: any TickerTransport
    private var configuration: KiteConfiguration
    private var subscriptions = TickerSubscriptions()
    private var backoff: TickerBackoff
    private var changes: AsyncStream<Void>.Continuation?
    private var wakeUp: AsyncStream<Void>.Continuation?
    private var isRenewed = false

    /// A ticker over a WebSocket client; it connects once `run()` is called.
    public init(
        configuration: KiteConfiguration, options: KiteTickerOptions = KiteTickerOptions(),
        webSocketClient: WebSocketClient = WebSocketClient(), timing: KiteTickerTiming = .system
    ) {
        self.init(
            configuration: configuration, options: options,
            transport: WebSocketTickerTransport(client: webSocketClient), timing: timing)
    }

    init(
        configuration: KiteConfiguration, options: KiteTickerOptions, transport: any TickerTransport,
        timing: KiteTickerTiming
    ) {
        self.configuration = configuration
        self.options = options
        self.transport = transport
        self.timing = timing
        intake = TickerIntake()
        backoff = TickerBackoff(options)
        ticks = KiteTickStream(mailbox: intake.mailbox)
        orderUpdates = intake.orderUpdates
        events = intake.events
    }

    // MARK: Subscriptions

    /// The desired subscriptions.
    public var subscribed: [UInt32: KiteTickerMode] { subscriptions.desired }

    /// Adds instruments, or changes the mode of those that are there; sent at once when connected.
    ///
    /// Throws `.input` and changes nothing when there would be more than the connection's limit.
    public func subscribe(_ tokens: some Sequence<UInt32>, mode: KiteTickerMode = .full) throws(KiteError) {
        let added = Set(tokens)
        let count = subscriptions.desired.count + added.count { subscriptions.desired[$0] == nil }
        guard count <= options.instrumentLimit else {
            throw .unsendable("\(count) instruments are more than the \(options.instrumentLimit) of one connection")
        }
        for token in added {
            intake.mailbox.open(token)
            subscriptions.want(token, mode: mode)
        }
        changes?.yield()
    }

    /// Changes the mode of instruments that are subscribed; others are left alone.
    public func setMode(_ mode: KiteTickerMode, of tokens: some Sequence<UInt32>) {
        for token in tokens where subscriptions.desired[token] != nil { subscriptions.want(token, mode: mode) }
        changes?.yield()
    }

    /// Ends the subscription of instruments.
    public func unsubscribe(_ tokens: some Sequence<UInt32>) {
        for token in tokens {
            subscriptions.drop(token)
            intake.mailbox.close(token)
        }
        changes?.yield()
    }

    /// Gives the ticker a new session; it reconnects with it at once.
    public func update(accessToken: String) {
        configuration.accessToken = accessToken
        isRenewed = true
        wakeUp?.yield()
    }

    // MARK: Freshness

    /// Time since the last frame of any kind; nil before the first connection.
    public nonisolated var silence: Duration? { intake.lastFrameAt.map { timing.now() - $0 } }

    /// Time since the last tick of an instrument; nil before its first.
    public nonisolated func age(of token: UInt32) -> Duration? {
        intake.mailbox.latest(token).map { timing.now() - $0.receivedAt }
    }

    /// The latest tick of an instrument, whether or not it was read from `ticks`.
    public nonisolated func latest(_ token: UInt32) -> Tick? { intake.mailbox.latest(token)?.tick }

    // MARK: Running

    /// Connects and stays connected until the task is cancelled, then ends the streams; a second call does nothing.
    public func run() async {
        guard state == .idle else { return }
        while !Task.isCancelled {
            let (loss, stoodFor) = await connectOnce()
            if Task.isCancelled { break }
            let delay = backoff.delay(after: loss, stoodFor: stoodFor, random: timing.random())
            state = .waiting
            intake.report(.disconnected(loss, retryIn: delay))
            await wait(delay)
        }
        state = .stopped
        intake.finish()
    }

    private func connectOnce() async -> (loss: KiteTickerLoss, stoodFor: Duration?) {
        state = .connecting
        isRenewed = false
        let link: any TickerLink
        do {
            link = try await transport.connect(TickerEndpoint(configuration, timeout: options.connectTimeout))
        } catch {
            return (error.loss, nil)
        }
        let start = timing.now()
        intake.touch(start)
        state = .connected
        subscriptions.connectionWasLost()
        intake.report(.connected)
        let loss = await serve(link)
        link.close()
        return (loss, timing.now() - start)
    }

    /// Reads, writes and watches until one of the three ends.
    private func serve(_ link: any TickerLink) async -> KiteTickerLoss {
        let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let (renewals, renewal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        changes = signal
        wakeUp = renewal
        defer {
            changes = nil
            wakeUp = nil
        }
        signal.yield()
        if isRenewed { renewal.yield() }
        return await withTaskGroup(of: KiteTickerLoss.self) { group in
            group.addTask { await self.read(link) }
            group.addTask { await self.write(link, on: signals) }
            group.addTask { await self.watch() }
            group.addTask {
                for await _ in renewals { break }
                return .renewed
            }
            let first = await group.next() ?? .renewed
            group.cancelAll()
            return first
        }
    }

    private nonisolated func read(_ link: any TickerLink) async -> KiteTickerLoss {
        while let frame = await link.next() { intake.take(frame, at: timing.now()) }
        let closure = link.closure
        return .closed(code: closure.code, reason: KiteError.bounded(closure.reason, limit: 123))
    }

    private nonisolated func write(_ link: any TickerLink, on signals: AsyncStream<Void>) async -> KiteTickerLoss {
        for await _ in signals {
            for message in await takeMessages() {
                do {
                    try await link.send(message)
                } catch {
                    let closure = link.closure
                    return .closed(code: closure.code, reason: KiteError.bounded(closure.reason, limit: 123))
                }
            }
        }
        return .closed(code: 1006, reason: "")
    }

    private nonisolated func watch() async -> KiteTickerLoss {
        while !Task.isCancelled {
            let silence = self.silence ?? .zero
            if silence >= options.silenceLimit { return .silent(silence) }
            do {
                try await timing.sleep(options.silenceLimit - silence)
            } catch {
                break
            }
        }
        return .closed(code: 1006, reason: "")
    }

    private func takeMessages() -> [String] {
        subscriptions.takeMessages(batchSize: options.batchSize)
    }

    /// Waits for a time, for a new session or for cancellation, whichever is first.
    private func wait(_ delay: Duration) async {
        if isRenewed || delay <= .zero { return }
        let (renewals, renewal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        wakeUp = renewal
        defer { wakeUp = nil }
        let timing = timing
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await timing.sleep(delay) }
            group.addTask { for await _ in renewals { break } }
            await group.next()
            group.cancelAll()
        }
    }
}
