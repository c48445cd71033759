import Brokers
import Gateway
import Synchronization
import Testing
import Trading
import WebSocket

@testable import API

/// Keeps what it is offered, until it is told to be slow or closed.
private final class FakeReceiver: UpdateReceiver {
    private struct State {
        var frames: [PreparedFrame] = []
        var outcome = SendOutcome.accepted
        var closeCode: WebSocketCloseCode?
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var frames: [PreparedFrame] { state.withLock(\.frames) }
    var closeCode: WebSocketCloseCode? { state.withLock(\.closeCode) }
    func become(_ outcome: SendOutcome) { state.withLock { $0.outcome = outcome } }

    func offer(_ frame: PreparedFrame) -> SendOutcome {
        let (outcome, ready) = state.withLock { state -> (SendOutcome, [CheckedContinuation<Void, Never>]) in
            guard state.outcome == .accepted else { return (state.outcome, []) }
            state.frames.append(frame)
            let count = state.frames.count
            defer { state.waiters.removeAll { $0.count <= count } }
            return (.accepted, state.waiters.filter { $0.count <= count }.map(\.continuation))
        }
        for continuation in ready { continuation.resume() }
        return outcome
    }

    func beginClose(code: WebSocketCloseCode, reason _: String) {
        let closers = state.withLock { state in
            state.closeCode = code
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers { closer.resume() }
    }

    func hasFrames(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.frames.count >= count { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    func isClosed() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.closeCode != nil { return true }
                state.closers.append(continuation)
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}

struct OrderUpdateHubTests {
    private static let time = ManualClock.origin
    private static let update = AccountUpdate.connection(.connected)

    private func channel(_ house: House) -> OrderUpdateHub.Channel {
        OrderUpdateHub.Channel(id: TradingAccountID(1), name: "DW1234", session: house.session)
    }

    @Test func `a receiver gets the greeting first and then everything, in order`() async throws {
        try await House.run { house in
            let receiver = FakeReceiver()
            _ = house.hub.join([channel(house)], receiver)
            for _ in 0..<100 { house.session.updates.send(Self.update) }
            house.session.updates.send(.position(PortfolioRoutesTests.future))
            await receiver.hasFrames(102)
            let frames = receiver.frames
            #expect(frames.first == UpdateMessages.established(accounts: ["DW1234"], at: Self.time))
            #expect(frames[1] == UpdateMessages.update(Self.update, account: "DW1234", at: Self.time))
            #expect(
                frames.last
                    == UpdateMessages.update(.position(PortfolioRoutesTests.future), account: "DW1234", at: Self.time))
        }
    }

    @Test func `a receiver that cannot keep up is closed, and the others miss nothing`() async throws {
        try await House.run { house in
            let (slow, quick) = (FakeReceiver(), FakeReceiver())
            _ = house.hub.join([channel(house)], slow)
            _ = house.hub.join([channel(house)], quick)
            slow.become(.slow)
            house.session.updates.send(Self.update)
            house.session.updates.send(Self.update)
            await slow.isClosed()
            await quick.hasFrames(3)
            #expect(slow.closeCode == .tryAgainLater)
            #expect(slow.frames.count == 1)
            #expect(house.hub.clientCount(of: TradingAccountID(1)) == 1)
        }
    }

    @Test func `a receiver that left or closed is forgotten`() async throws {
        try await House.run { house in
            let (gone, closed, stays) = (FakeReceiver(), FakeReceiver(), FakeReceiver())
            let ticket = house.hub.join([channel(house)], gone)
            _ = house.hub.join([channel(house)], closed)
            _ = house.hub.join([channel(house)], stays)
            #expect(house.hub.clientCount(ofAnyOf: [TradingAccountID(1), TradingAccountID(2)]) == 3)
            house.hub.leave(ticket)
            house.hub.leave(ticket)
            closed.become(.closed)
            house.session.updates.send(Self.update)
            await stays.hasFrames(2)
            house.session.updates.send(Self.update)
            await stays.hasFrames(3)
            #expect(gone.frames.count == 1)
            #expect(house.hub.clientCount(of: TradingAccountID(1)) == 1)
        }
    }
}
