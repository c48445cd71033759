import Accounts
import Gateway
import Logging
import Metrics
import Synchronization
import Trading
import WebSocket

/// Whoever takes updates; a WebSocket outside tests.
package protocol UpdateReceiver: Sendable {
    /// Takes a frame without waiting, or says why not.
    func offer(_ frame: PreparedFrame) -> SendOutcome
    /// Ends the connection.
    func beginClose(code: WebSocketCloseCode, reason: String)
}

extension WebSocketConnection: UpdateReceiver {}

/// Hands the updates of each account to everybody who listens to it.
///
/// It follows an account's session once, from the first listener on. Nothing is ever left out: a receiver that cannot
/// keep up is closed with 1013 and has to ask for the state again. `run` has to be running.
package final class OrderUpdateHub: Sendable {
    /// An account to listen to.
    package struct Channel: Sendable {
        let id: TradingAccountID
        let name: String
        let session: AccountSession

        /// Puts a channel together; the name is the broker's name of the client.
        package init(id: TradingAccountID, name: String, session: AccountSession) {
            self.id = id
            self.name = name
            self.session = session
        }
    }

    private struct Client {
        let receiver: any UpdateReceiver
        let accounts: [TradingAccountID]
    }

    private struct Followed: Sendable {
        let channel: Channel
        let updates: AsyncStream<AccountUpdate>
    }

    private struct State {
        var nextTicket = 0
        var clients: [Int: Client] = [:]
        var members: [TradingAccountID: Set<Int>] = [:]
        var followed: Set<TradingAccountID> = []
    }

    private let now: WallClock
    private let state = Mutex(State())
    private let follows: AsyncStream<Followed>
    private let followInput: AsyncStream<Followed>.Continuation
    private let clientMeter = Meter(label: "websocket_clients")
    private let slowCounter = Counter(label: "websocket_slow_clients_total")

    /// Starts without listeners.
    package init(now: @escaping WallClock) {
        self.now = now
        (follows, followInput) = AsyncStream.makeStream()
    }

    /// Follows sessions until cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await followed in follows {
                group.addTask { await self.follow(followed) }
            }
            group.cancelAll()
        }
    }

    /// Adds a receiver: it gets the greeting first and then everything that happens; returns its ticket.
    package func join(_ channels: [Channel], _ receiver: any UpdateReceiver) -> Int {
        let greeting = UpdateMessages.established(accounts: channels.map(\.name), at: now())
        let (ticket, count) = state.withLock { state in
            for channel in channels where state.followed.insert(channel.id).inserted {
                followInput.yield(Followed(channel: channel, updates: channel.session.updates.subscribe()))
            }
            // Under the lock, so that no update overtakes the greeting and none is missed after it.
            _ = receiver.offer(greeting)
            state.nextTicket += 1
            state.clients[state.nextTicket] = Client(receiver: receiver, accounts: channels.map(\.id))
            for channel in channels { state.members[channel.id, default: []].insert(state.nextTicket) }
            return (state.nextTicket, state.clients.count)
        }
        clientMeter.set(count)
        return ticket
    }

    /// Takes a receiver out; again does nothing.
    package func leave(_ ticket: Int) {
        let count = state.withLock { state -> Int? in
            guard let client = state.clients.removeValue(forKey: ticket) else { return nil }
            for account in client.accounts {
                state.members[account]?.remove(ticket)
                if state.members[account]?.isEmpty == true { state.members[account] = nil }
            }
            return state.clients.count
        }
        if let count { clientMeter.set(count) }
    }

    /// How many receivers listen to an account.
    package func clientCount(of account: TradingAccountID) -> Int {
        state.withLock { $0.members[account]?.count ?? 0 }
    }

    /// How many receivers listen to at least one of some accounts.
    package func clientCount(ofAnyOf accounts: [TradingAccountID]) -> Int {
        state.withLock { state in
            accounts.reduce(into: Set<Int>()) { $0.formUnion(state.members[$1] ?? []) }.count
        }
    }

    private func follow(_ followed: Followed) async {
        for await update in followed.updates {
            let receivers = receivers(of: followed.channel.id)
            guard !receivers.isEmpty else { continue }
            let frame = UpdateMessages.update(update, account: followed.channel.name, at: now())
            for (ticket, receiver) in receivers { deliver(frame, to: receiver, ticket) }
        }
        // The session has ended; whoever listens to its successor makes us follow that one.
        _ = state.withLock { $0.followed.remove(followed.channel.id) }
    }

    private func receivers(of account: TradingAccountID) -> [(Int, any UpdateReceiver)] {
        state.withLock { state in
            (state.members[account] ?? []).compactMap { ticket in
                state.clients[ticket].map { (ticket, $0.receiver) }
            }
        }
    }

    private func deliver(_ frame: PreparedFrame, to receiver: any UpdateReceiver, _ ticket: Int) {
        switch receiver.offer(frame) {
        case .accepted: return
        case .closed: leave(ticket)
        case .slow:
            leave(ticket)
            slowCounter.increment()
            receiver.beginClose(code: .tryAgainLater, reason: "reading too slowly; connect and GET the orders again")
        }
    }
}
