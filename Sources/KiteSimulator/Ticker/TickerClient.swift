import NIOCore
import Trading
import WebSocket

/// One ticker connection: what it asked for and what it still has to get.
struct TickerClient {
    /// Order messages that may wait for a slow client before it is cut off.
    private static let orderBacklog = 4_096

    let connection: WebSocketConnection
    let session: KiteSession
    private(set) var subscriptions = Subscriptions()
    /// Instruments that moved while the client took nothing: it gets their latest state, not every step.
    private(set) var owed: Set<InstrumentBoard.Slot> = []
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

    /// Adds instruments in quote mode; gives those that are new and how many found no room.
    mutating func subscribe(
        _ slots: [InstrumentBoard.Slot], limit: Int
    ) -> (added: [InstrumentBoard.Slot], surplus: Int) {
        var added: [InstrumentBoard.Slot] = []
        var surplus = 0
        for slot in slots where subscriptions[slot] == nil {
            if subscriptions.count < limit, subscriptions.insert(slot) {
                added.append(slot)
            } else {
                surplus += 1
            }
        }
        return (added, surplus)
    }

    /// Sets the mode of instruments that it is subscribed to.
    mutating func set(_ mode: TickMode, _ slots: [InstrumentBoard.Slot]) {
        for slot in slots { subscriptions.set(mode, slot) }
    }

    /// Takes instruments out; gives those that were there.
    mutating func unsubscribe(_ slots: [InstrumentBoard.Slot]) -> [InstrumentBoard.Slot] {
        owed.subtract(slots)
        return slots.filter { subscriptions.remove($0) }
    }

    /// Sends the packets of a round that the client subscribed to.
    mutating func deliver(_ frames: inout RoundFrames, now: ContinuousClock.Instant) {
        let round = frames.round
        guard flushOrders(now: now) else { return owe(round) }
        guard let frame = frames.frame(for: subscriptions) else { return }
        if offer(frame, now: now) {
            if !owed.isEmpty { owed = owed.filter { !round.contains($0) } }
            recover()
        } else {
            owe(round)
        }
    }

    /// Sends the packets of some instruments alone, as after a subscription or when it can take again what it is owed.
    mutating func deliver(
        _ round: TickRound, only slots: some Collection<InstrumentBoard.Slot>, now: ContinuousClock.Instant
    ) {
        let entries = slots.compactMap { subscriptions[$0] }.filter { round.contains($0.slot) }
        guard let message = round.message(entries) else { return }
        if flushOrders(now: now), offer(PreparedFrame(binary: message), now: now) {
            owed.subtract(entries.lazy.map(\.slot))
            recover()
        } else {
            owed.formUnion(entries.lazy.map(\.slot))
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

    private mutating func owe(_ round: TickRound) {
        for entry in subscriptions.entries where round.contains(entry.slot) { owed.insert(entry.slot) }
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
