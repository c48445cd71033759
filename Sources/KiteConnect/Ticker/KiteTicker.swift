import WebSocket

/// Kite's stream of ticks and order updates over one connection, kept alive.
///
/// Call `run()` in a task of your own and cancel that task to stop. Subscriptions are data: they may be changed at any
/// time, connected or not, and are restored after every reconnection. For more than 3000 instruments, Kite's limit for
/// a connection, use `KiteTickerPool`. Source: Kite Connect v3, WebSocket streaming.
public actor KiteTicker {
    /// The latest ticks; bounded, a slow reader gets the latest of each instrument.
    public nonisolated let ticks: KiteTickStream
    /// Every order update that is news, none is dropped; read them, or they pile up.
    ///
    /// Copies, and messages that a later state has overtaken, are left out; see `KiteOrderUpdate.source`.
    public nonisolated let orderUpdates: AsyncStream<KiteOrderUpdate>
    /// What happens to the connection; the oldest are dropped when more than 256 wait.
    public nonisolated let events: AsyncStream<KiteTickerEvent>

    private nonisolated let hub: TickerHub
    private nonisolated let connection: TickerConnection
    private nonisolated let eventContinuation: AsyncStream<KiteTickerEvent>.Continuation
    private var hasRun = false

    /// A ticker over a WebSocket client; it connects once `run()` is called.
    public init(
        configuration: KiteConfiguration, options: KiteTickerOptions = KiteTickerOptions(),
        context: KiteTickerContext = KiteTickerContext(), webSocketClient: WebSocketClient = WebSocketClient(),
        timing: KiteTickerTiming = .system
    ) {
        self.init(
            configuration: configuration,
            parts: TickerParts(
                options: options, context: context, transport: WebSocketTickerTransport(client: webSocketClient),
                timing: timing))
    }

    init(configuration: KiteConfiguration, parts: TickerParts) {
        let (events, continuation) = AsyncStream.makeStream(
            of: KiteTickerEvent.self, bufferingPolicy: .bufferingNewest(256))
        self.events = events
        eventContinuation = continuation
        hub = TickerHub(configuration, parts) { _, event in continuation.yield(event) }
        connection = TickerConnection(number: 0, hub: hub, isAlwaysWanted: true)
        ticks = KiteTickStream(mailbox: hub.mailbox)
        orderUpdates = hub.journal.updates
    }

    /// Where the ticker stands.
    public var state: KiteTickerState { connection.state }

    // MARK: Subscriptions

    /// The desired subscriptions.
    public var subscribed: [UInt32: KiteTickerMode] { connection.desired.desired }

    /// Adds instruments, or changes the mode of those that are there; sent at once when connected.
    ///
    /// Throws `.input` and changes nothing when there would be more than the connection's limit.
    public func subscribe(_ tokens: some Sequence<UInt32>, mode: KiteTickerMode = .full) throws(KiteError) {
        let added = Set(tokens)
        let desired = connection.desired.desired
        let count = desired.count + added.count { desired[$0] == nil }
        let limit = hub.options.instrumentLimit
        guard count <= limit else {
            throw .unsendable("\(count) instruments are more than the \(limit) of one connection")
        }
        hub.mailbox.open(added, at: hub.timing.now())
        connection.desired.change(at: hub.timing.now()) { subscriptions in
            for token in added { subscriptions.want(token, mode: mode) }
        }
    }

    /// Changes the mode of instruments that are subscribed; others are left alone.
    public func setMode(_ mode: KiteTickerMode, of tokens: some Sequence<UInt32>) {
        let tokens = Set(tokens)
        connection.desired.change(at: hub.timing.now()) { subscriptions in
            for token in tokens where subscriptions.desired[token] != nil { subscriptions.want(token, mode: mode) }
        }
    }

    /// Ends the subscription of instruments.
    public func unsubscribe(_ tokens: some Sequence<UInt32>) {
        let tokens = Set(tokens)
        connection.desired.change(at: hub.timing.now()) { subscriptions in
            for token in tokens { subscriptions.drop(token) }
        }
        hub.mailbox.close(tokens)
    }

    /// Gives the ticker a new session; it reconnects with it at once.
    public func update(accessToken: String) {
        hub.renew(accessToken: accessToken)
        connection.desired.wake()
    }

    // MARK: Freshness

    /// Time since the last frame of any kind; nil before the first connection.
    public nonisolated var silence: Duration? { connection.silence }

    /// Time since the last tick of an instrument; nil before its first.
    public nonisolated func age(of token: UInt32) -> Duration? { hub.age(of: token) }

    /// The latest tick of an instrument, whether or not it was read from `ticks`.
    public nonisolated func latest(_ token: UInt32) -> Tick? { hub.mailbox.latest(token)?.tick }

    /// Subscribed instruments without a tick for longer than a time, since subscribing if there was none; ascending.
    public nonisolated func stale(olderThan limit: Duration) -> [UInt32] { hub.stale(olderThan: limit) }

    // MARK: Running

    /// Connects and stays connected until the task is cancelled, then ends the streams; a second call does nothing.
    public func run() async {
        if hasRun { return }
        hasRun = true
        await hub.run([connection])
        eventContinuation.finish()
    }
}
