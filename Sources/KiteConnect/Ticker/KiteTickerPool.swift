import WebSocket

/// Kite's stream over up to three connections with 3000 instruments each, behind one set of subscriptions.
///
/// Call `run()` in a task of your own and cancel that task to stop. What shall be subscribed is data: it may be changed
/// at any time, connected or not; each connection is told the difference, and after a reconnection everything. An
/// instrument stays on its connection. The first connection always stands, since order messages come over it; the
/// others stand while they have instruments. Source: Kite Connect v3, WebSocket streaming.
public actor KiteTickerPool {
    /// The latest ticks of all connections; bounded, a slow reader gets the latest of each instrument.
    public nonisolated let ticks: KiteTickStream
    /// Every order update that is news, none is dropped; read them, or they pile up.
    ///
    /// Kite sends every message over every connection: copies, and messages that a later state has overtaken, are left
    /// out. With `KiteTickerContext.orderBook` the book is read after every connection that is made, and what it knows
    /// more is told as well; see `KiteOrderUpdate.source`. An update may rarely be told twice, never not at all.
    public nonisolated let orderUpdates: AsyncStream<KiteOrderUpdate>
    /// What happens to the connections; the oldest are dropped when more than 256 wait.
    public nonisolated let events: AsyncStream<KiteTickerPoolEvent>

    private nonisolated let hub: TickerHub
    private nonisolated let connections: [TickerConnection]
    private nonisolated let eventContinuation: AsyncStream<KiteTickerPoolEvent>.Continuation
    private var placement: TickerPlacement
    private var hasRun = false

    /// A pool over a WebSocket client; it connects once `run()` is called.
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
            of: KiteTickerPoolEvent.self, bufferingPolicy: .bufferingNewest(256))
        self.events = events
        eventContinuation = continuation
        let hub = TickerHub(configuration, parts) { connection, event in
            continuation.yield(KiteTickerPoolEvent(connection: connection, event: event))
        }
        self.hub = hub
        let count = max(parts.options.connectionLimit, 1)
        connections = (0..<count).map { TickerConnection(number: $0, hub: hub, isAlwaysWanted: $0 == 0) }
        placement = TickerPlacement(connections: count, capacity: parts.options.instrumentLimit)
        ticks = KiteTickStream(mailbox: hub.mailbox)
        orderUpdates = hub.journal.updates
    }

    /// Where each connection stands.
    public var states: [KiteTickerState] { connections.map(\.state) }

    // MARK: Subscriptions

    /// The desired subscriptions.
    public var subscribed: [UInt32: KiteTickerMode] {
        connections.reduce(into: [:]) { all, connection in all.merge(connection.desired.desired) { first, _ in first } }
    }

    /// The connection that carries an instrument, from 0; nil when it is not subscribed.
    public func connection(of token: UInt32) -> Int? { placement.places[token] }

    /// Adds instruments, or changes the mode of those that are there; sent at once where connected.
    ///
    /// Throws `.input` and changes nothing when there would be more than fit (9000).
    public func subscribe(_ tokens: some Sequence<UInt32>, mode: KiteTickerMode = .full) throws(KiteError) {
        let tokens = Set(tokens)
        try placement.put(tokens)
        hub.mailbox.open(tokens, at: hub.timing.now())
        change(tokens) { subscriptions, token in subscriptions.want(token, mode: mode) }
    }

    /// Changes the mode of instruments that are subscribed; others are left alone.
    public func setMode(_ mode: KiteTickerMode, of tokens: some Sequence<UInt32>) {
        change(Set(tokens)) { subscriptions, token in subscriptions.want(token, mode: mode) }
    }

    /// Ends the subscription of instruments; a connection without any is closed, but for the first.
    public func unsubscribe(_ tokens: some Sequence<UInt32>) {
        let tokens = Set(tokens)
        change(tokens) { subscriptions, token in subscriptions.drop(token) }
        for token in tokens { _ = placement.remove(token) }
        hub.mailbox.close(tokens)
    }

    /// Makes the subscriptions exactly these; what stays is not told again.
    ///
    /// Throws `.input` and changes nothing when they are more than fit (9000).
    public func replace(with desired: [UInt32: KiteTickerMode]) throws(KiteError) {
        try placement.check(desired.count)
        let present = subscribed
        unsubscribe(present.keys.filter { desired[$0] == nil })
        for mode in KiteTickerMode.allCases {
            try subscribe(desired.filter { $0.value == mode && present[$0.key] != mode }.keys, mode: mode)
        }
    }

    /// Gives all connections a new session; they reconnect with it at once.
    public func update(accessToken: String) {
        hub.renew(accessToken: accessToken)
        for connection in connections { connection.desired.wake() }
    }

    private func change(_ tokens: Set<UInt32>, _ body: (inout TickerSubscriptions, UInt32) -> Void) {
        let groups = Dictionary(grouping: tokens.filter { placement.places[$0] != nil }) { placement.places[$0] }
        for connection in connections {
            guard let tokens = groups[connection.number] else { continue }
            connection.desired.change(at: hub.timing.now()) { subscriptions in
                for token in tokens { body(&subscriptions, token) }
            }
        }
    }

    // MARK: Freshness

    /// Time since the last frame of any kind on a connection; nil before it was first made.
    public nonisolated func silence(ofConnection number: Int) -> Duration? {
        connections.indices.contains(number) ? connections[number].silence : nil
    }

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
        await hub.run(connections)
        eventContinuation.finish()
    }
}
