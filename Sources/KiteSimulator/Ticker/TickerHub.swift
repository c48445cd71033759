import NIOCore
import PaperExchange
import Trading
import WebSocket

/// An open connection of the ticker.
package struct TickerConnection: Sendable, Hashable {
    /// Counted from 1 since the start.
    package let number: UInt64
    /// Whose it is.
    package let userID: String
    /// The app's public name.
    package let apiKey: String
    /// How many it is subscribed to.
    package let instruments: Int
}

/// Feeds all ticker connections: rounds of ticks, snapshots, order messages, heartbeats.
///
/// Ticks: the latest wins, a slow client skips steps and is cut off when it stays slow. Order messages wait for it.
actor TickerHub {
    private let venue: Venue
    private let options: TickerOptions
    private let faults: Faults
    private let counts: RequestCounts
    private let clock: WallClock
    private let appIDs: [String: Int]
    private let heartbeat = PreparedFrame(binary: ByteBuffer(bytes: [0]))
    private var clients: [UInt64: TickerClient] = [:]
    private var board = InstrumentBoard()
    private var nextID: UInt64 = 0
    private var sequence: UInt64 = 0

    init(
        venue: Venue, configuration: SimulatorConfiguration, faults: Faults, counts: RequestCounts,
        clock: @escaping WallClock
    ) {
        self.venue = venue
        self.faults = faults
        self.counts = counts
        self.clock = clock
        options = configuration.ticker
        appIDs = Dictionary(
            configuration.apps.enumerated().map { ($0.element.apiKey, $0.offset + 1) }, uniquingKeysWith: { $1 })
    }

    /// The number of open connections.
    var connectionCount: Int { clients.count }

    /// The open connections in the order of their numbers.
    var connections: [TickerConnection] {
        clients.map { id, client in
            TickerConnection(
                number: id, userID: client.session.user.userID, apiKey: client.session.app.apiKey,
                instruments: client.subscriptions.count)
        }.sorted { $0.number < $1.number }
    }

    /// Whether a session may open another connection.
    func hasRoom(for session: KiteSession) -> Bool {
        !options.refusesSurplus || count(of: session.app.apiKey) < options.connectionLimit
    }

    private func count(of apiKey: String) -> Int { clients.values.count { $0.session.app.apiKey == apiKey } }

    /// Serves a connection until it ends.
    func serve(_ connection: WebSocketConnection, session: KiteSession) async {
        if count(of: session.app.apiKey) >= options.connectionLimit { counts.add(.tickerSurplus) }
        // Several may have been let in at the same time.
        guard hasRoom(for: session) else {
            return connection.beginClose(code: .policyViolation, reason: "Too many connections.")
        }
        nextID += 1
        let id = nextID
        clients[id] = TickerClient(connection: connection, session: session, now: .now)
        defer { remove(id) }
        for await message in connection.inbound {
            guard case .text(let text) = message else { continue }
            guard let command = TickerCommand(text) else {
                clients[id]?.send(text: PreparedFrame(textBytes: Self.buffer(Self.malformed)), now: .now)
                continue
            }
            await obey(command, from: id)
        }
    }

    /// Closes every connection, as when the broker's end restarts.
    func disconnectAll() {
        for client in clients.values { client.connection.beginClose(code: .goingAway) }
    }

    /// Closes some connections or cuts them; gives how many.
    func disconnect(number: UInt64?, userID: String?, abruptly: Bool) -> Int {
        let chosen = clients.filter { id, client in
            id == number ?? id && client.session.user.userID == userID ?? client.session.user.userID
        }
        for client in chosen.values {
            if abruptly { client.connection.abort() } else { client.connection.beginClose(code: .goingAway) }
        }
        return chosen.count
    }

    /// Closes the connections of a session that ended.
    func disconnect(accessToken: String) {
        for client in clients.values where client.session.accessToken == accessToken {
            client.connection.beginClose(code: .policyViolation, reason: "The session has ended.")
        }
    }

    /// One round: ticks of what changed, what slow clients are owed, heartbeats; drops the hopeless.
    func round() async {
        weed()
        guard !clients.isEmpty else { return }
        let faulty = faults.take(forRoundOf: Array(clients.keys))
        for (id, fault) in faulty { suffer(fault, id) }
        if clients.keys.allSatisfy({ faulty[$0] == .silentTicker }) { return }
        var owed = Set<InstrumentBoard.Slot>()
        for client in clients.values where !client.owed.isEmpty { owed.formUnion(client.owed) }
        let changed = await venue.changedQuotes(board.tokens, since: sequence)
        sequence = changed.sequence
        var frames = RoundFrames(TickRound(changed.quotes, board))
        let missing = owed.filter { !frames.round.contains($0) }.map(board.token(of:))
        let late = TickRound(missing.isEmpty ? [] : await venue.quotes(missing), board)
        // Clients may have come and gone while the venue answered.
        for id in Array(clients.keys) where faulty[id] != .silentTicker {
            let now = ContinuousClock.now
            if !frames.round.isEmpty { clients[id]?.deliver(&frames, now: now) }
            if !late.isEmpty, let owed = clients[id]?.owed, !owed.isEmpty {
                clients[id]?.deliver(late, only: owed, now: now)
            }
            clients[id]?.beat(heartbeat, every: options.heartbeat, now: now)
        }
    }

    /// Tells all connections of the order's user, whatever app they belong to.
    func tell(_ update: VenueOrderUpdate) {
        var frames: [String: PreparedFrame] = [:]
        for (id, client) in clients where client.session.user.userID == update.account {
            let app = client.session.app
            let frame =
                frames[app.apiKey]
                ?? PreparedFrame(
                    textBytes: Self.buffer(
                        OrderMessage.bytes(update, app: app, appID: appIDs[app.apiKey] ?? 0)))
            frames[app.apiKey] = frame
            clients[id]?.deliver(order: frame, now: .now)
            counts.add(.orderMessages)
        }
    }

    /// What a fault does to a connection besides keeping it silent.
    private func suffer(_ fault: Faults.Fault, _ id: UInt64) {
        switch fault {
        case .killTicker: clients[id]?.connection.abort()
        case .closeTicker: clients[id]?.connection.beginClose(code: .goingAway)
        case .garbageFrame(let kind): clients[id]?.send(text: (kind ?? .noise).frame, now: .now)
        default: break
        }
    }

    private func obey(_ command: TickerCommand, from id: UInt64) async {
        switch command {
        case .unsubscribe(let tokens):
            board.release(clients[id]?.unsubscribe(tokens.compactMap(board.slot(of:))) ?? [])
        case .subscribe(let tokens):
            await subscribe(listed(tokens), mode: nil, for: id)
        case .mode(let mode, let tokens):
            await subscribe(listed(tokens), mode: mode, for: id)
        }
    }

    private func subscribe(_ tokens: [InstrumentToken], mode: TickMode?, for id: UInt64) async {
        let slots = tokens.map { board.open($0) }
        guard let (added, surplus) = clients[id]?.subscribe(slots, limit: options.instrumentLimit) else { return }
        board.retain(added)
        if let mode { clients[id]?.set(mode, slots) }
        if surplus > 0 { refuse(surplus, from: id) }
        await snapshot(tokens, slots, for: id)
    }

    /// Forgets a connection and what it was subscribed to.
    private func remove(_ id: UInt64) {
        guard let client = clients.removeValue(forKey: id) else { return }
        board.release(client.subscriptions.entries.lazy.map(\.slot))
    }

    /// The tokens that are listed, each once; the others are ignored.
    private func listed(_ tokens: [InstrumentToken]) -> [InstrumentToken] {
        var seen = Set<InstrumentToken>()
        return tokens.filter { seen.insert($0).inserted && venue.listing.instrument($0) != nil }
    }

    private func snapshot(_ tokens: [InstrumentToken], _ slots: [InstrumentBoard.Slot], for id: UInt64) async {
        guard !tokens.isEmpty else { return }
        let quotes = await venue.quotes(tokens)
        guard !faults.isSilent(connection: id) else { return }
        clients[id]?.deliver(TickRound(quotes, board), only: slots, now: .now)
    }

    private func refuse(_ surplus: Int, from id: UInt64) {
        let text = "A connection takes \(options.instrumentLimit) instruments; \(surplus) more were not subscribed."
        clients[id]?.send(text: PreparedFrame(textBytes: Self.buffer(OrderMessage.error(text))), now: .now)
    }

    private func weed() {
        let now = ContinuousClock.now
        let time = clock()
        for (id, client) in clients {
            if client.isHopeless(patience: options.patience, now: now) {
                client.connection.beginClose(code: .tryAgainLater, reason: "The connection is read too slowly.")
                remove(id)
            } else if client.session.expiry <= time {
                client.connection.beginClose(code: .policyViolation, reason: "The session has ended.")
            }
        }
    }

    private static let malformed = OrderMessage.error("The message is not a subscribe, unsubscribe or mode request.")

    private static func buffer(_ bytes: [UInt8]) -> ByteBuffer { ByteBuffer(bytes: bytes) }
}
