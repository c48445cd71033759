import NIOCore
import Trading
import WebSocket

/// One ticker connection: what it asked for and what it still has to get.
struct TickerClient {
    /// Order messages that may wait for a slow client before it is cut off.
    private static let orderBacklog = 4_096

    let connection: WebSocketConnection
    let session: KiteSession
    private(set) var subscriptions: [InstrumentToken: TickMode] = [:]
    /// Instruments that moved while the client took nothing: it gets their latest state, not every step.
    private(set) var owed: Set<InstrumentToken> = []
    private var waitingOrders: [PreparedFrame] = []
    private var slowSince: ContinuousClock.Instant?
    private(set) var lastSend: ContinuousClock.Instant

    init(connection: WebSocketConnection, session: KiteSession, now: ContinuousClock.Instant) {
        self.connection = connection
        self.session = session
        lastSend = now
    }

    /// Whether the connection is gone or so slow that it has to go.
    func isHopeless(patience: Duration, now: ContinuousClock.Instant) -> Bool {
        if connection.closure != nil || waitingOrders.count > Self.orderBacklog { return true }
        guard let slowSince else { return false }
        return now - slowSince > patience
    }

    /// Adds instruments in quote mode; gives those that found no room.
    mutating func subscribe(_ tokens: [InstrumentToken], limit: Int) -> [InstrumentToken] {
        var surplus: [InstrumentToken] = []
        for token in tokens where subscriptions[token] == nil {
            if subscriptions.count < limit {
                subscriptions[token] = .quote
            } else {
                surplus.append(token)
            }
        }
        return surplus
    }

    /// Sets the mode of instruments, subscribing those that are not yet; gives those that found no room.
    mutating func set(_ mode: TickMode, _ tokens: [InstrumentToken], limit: Int) -> [InstrumentToken] {
        let surplus = subscribe(tokens, limit: limit)
        for token in tokens where subscriptions[token] != nil { subscriptions[token] = mode }
        return surplus
    }

    mutating func unsubscribe(_ tokens: [InstrumentToken]) {
        for token in tokens {
            subscriptions[token] = nil
            owed.remove(token)
        }
    }

    /// Sends the packets of a round that the client subscribed to, with what it is owed as far as the round has it.
    mutating func deliver(_ round: TickRound, only tokens: [InstrumentToken]? = nil, now: ContinuousClock.Instant) {
        guard flushOrders(now: now) else {
            owe(round, only: tokens)
            return
        }
        let wanted = wanted(round, only: tokens)
        guard let message = round.message(wanted) else { return }
        if offer(PreparedFrame(binary: message), now: now) {
            if !owed.isEmpty { owed.subtract(wanted.lazy.map(\.key)) }
            recover()
        } else {
            owe(round, only: tokens)
        }
    }

    /// Queues an order message behind those that wait.
    mutating func deliver(order frame: PreparedFrame, now: ContinuousClock.Instant) {
        guard flushOrders(now: now), offer(frame, now: now) else {
            waitingOrders.append(frame)
            return
        }
    }

    /// Sends a heartbeat where nothing was sent for a while.
    mutating func beat(_ frame: PreparedFrame, every interval: Duration, now: ContinuousClock.Instant) {
        guard now - lastSend >= interval, flushOrders(now: now) else { return }
        _ = offer(frame, now: now)
    }

    mutating func send(text frame: PreparedFrame, now: ContinuousClock.Instant) {
        deliver(order: frame, now: now)
    }

    private func wanted(
        _ round: TickRound, only tokens: [InstrumentToken]?
    ) -> [(key: InstrumentToken, value: TickMode)] {
        if let tokens {
            return tokens.compactMap { token in subscriptions[token].map { (token, $0) } }
        }
        if subscriptions.count <= round.tokens.count {
            return subscriptions.filter { round.contains($0.key) }.map { ($0.key, $0.value) }
        }
        return round.tokens.compactMap { token in subscriptions[token].map { (token, $0) } }
    }

    private mutating func owe(_ round: TickRound, only tokens: [InstrumentToken]?) {
        owed.formUnion(wanted(round, only: tokens).lazy.map(\.key))
    }

    private mutating func flushOrders(now: ContinuousClock.Instant) -> Bool {
        guard !waitingOrders.isEmpty else { return true }
        var sent = 0
        while sent < waitingOrders.count, offer(waitingOrders[sent], now: now) { sent += 1 }
        waitingOrders.removeFirst(sent)
        recover()
        return waitingOrders.isEmpty
    }

    /// A client is slow until it has all it was owed: a heartbeat finds room where a round of ticks does not.
    private mutating func recover() {
        if owed.isEmpty, waitingOrders.isEmpty { slowSince = nil }
    }

    /// Offers a frame; false where the client takes nothing now.
    private mutating func offer(_ frame: PreparedFrame, now: ContinuousClock.Instant) -> Bool {
        switch connection.offer(frame) {
        case .accepted:
            lastSend = now
            return true
        case .slow, .closed:
            slowSince = slowSince ?? now
            return false
        }
    }
}
