import PaperExchange
import Testing
import Trading
import WebSocket

@testable import KiteSimulator

@Suite struct SubscriptionsTests {
    @Test func `the same subscriptions have the same fingerprint whatever way they came about`() {
        var random = SplitMix(state: 5)
        for _ in 0..<200 {
            let slots = (0..<40).map { InstrumentBoard.Slot($0) }.shuffled(using: &random)
            var one = Subscriptions()
            var other = Subscriptions()
            for slot in slots { _ = one.insert(slot) }
            for slot in slots.prefix(20) { one.set(.full, slot) }
            for slot in slots.reversed() {
                _ = other.insert(slot)
                other.set(slots.prefix(20).contains(slot) ? .full : .ltp, slot)
            }
            for slot in slots.dropFirst(20) { other.set(.quote, slot) }
            _ = other.insert(99)
            #expect(one.fingerprint != other.fingerprint)
            _ = other.remove(99)
            #expect(one.fingerprint == other.fingerprint)
            #expect(Set(one.entries) == Set(other.entries))
            one.set(.ltp, slots[0])
            #expect(one.fingerprint != other.fingerprint)
        }
    }

    @Test func `subscriptions agree with a plain dictionary`() {
        var random = SplitMix(state: 6)
        var model: [InstrumentBoard.Slot: TickMode] = [:]
        var subscriptions = Subscriptions()
        for _ in 0..<5_000 {
            let slot = InstrumentBoard.Slot.random(in: 0..<60, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                #expect(subscriptions.insert(slot) == (model[slot] == nil))
                model[slot] = model[slot] ?? .quote
            case 1: #expect(subscriptions.remove(slot) == (model.removeValue(forKey: slot) != nil))
            default:
                let mode = [TickMode.ltp, .quote, .full].randomElement(using: &random) ?? .ltp
                subscriptions.set(mode, slot)
                if model[slot] != nil { model[slot] = mode }
            }
            #expect(subscriptions.count == model.count)
            #expect(subscriptions[slot]?.mode == model[slot])
        }
        #expect(Dictionary(uniqueKeysWithValues: subscriptions.entries.map { ($0.slot, $0.mode) }) == model)
    }

    @Test func `connections with the same subscriptions get one frame, others their own`() async throws {
        let date = RunningKite.tradingDate
        let venue = Venue(
            configuration: VenueConfiguration(seed: 1, tradingDate: date), listing: .builtIn(tradingDate: date),
            clock: { Timestamp(indianDate: date, secondOfDay: 36_000) })
        var board = InstrumentBoard()
        let slots = [408_065, 738_561, 256_265].map { board.open(InstrumentToken($0)) }
        let quotes = await venue.quotes([408_065, 256_265].map { InstrumentToken($0) })
        try #require(quotes.count == 2)
        var frames = RoundFrames(TickRound(quotes, board))
        var (one, other, third) = (Subscriptions(), Subscriptions(), Subscriptions())
        for slot in slots { _ = one.insert(slot) }
        for slot in slots.reversed() { _ = other.insert(slot) }
        _ = third.insert(slots[1])
        let frame = frames.frame(for: one)
        #expect(frame?.byteCount == 2 + 2 + (2 + 44) + (2 + 28))
        let (same, none) = (frames.frame(for: other), frames.frame(for: third))
        #expect(same == frame)
        #expect(none == nil)
        other.set(.ltp, slots[0])
        let shorter = frames.frame(for: other)
        #expect(shorter?.byteCount == 2 + 2 + (2 + 8) + (2 + 28))
    }

    @Test func `an instrument is watched as long as anybody is subscribed to it`() {
        var board = InstrumentBoard()
        let slots = [InstrumentToken(7), InstrumentToken(8)].map { board.open($0) }
        #expect(board.tokens.isEmpty)
        board.retain(slots)
        board.retain([slots[0]])
        board.release(slots)
        #expect(board.tokens == [InstrumentToken(7)])
        #expect(board.open(InstrumentToken(8)) == slots[1])
        board.release([slots[0]])
        #expect(board.tokens.isEmpty)
        #expect(board.token(of: slots[1]) == InstrumentToken(8))
    }
}
