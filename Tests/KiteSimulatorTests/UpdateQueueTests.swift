import PaperExchange
import Testing
import Trading

@testable import KiteSimulator

@Suite struct UpdateQueueTests {
    /// Updates that can be told apart, from a market of their own.
    private func updates(_ count: Int) async throws -> [VenueOrderUpdate] {
        let date = CalendarDate(daysSinceEpoch: 20_780)
        let now = Timestamp(indianDate: date, secondOfDay: 36_000)
        let listing = Listing.builtIn(tradingDate: date)
        let venue = Venue(
            configuration: VenueConfiguration(seed: 1, tradingDate: date), listing: listing, clock: { now })
        await venue.openAccount("A", cash: Money(rupees: 100_000_000))
        let stream = await venue.orderUpdates()
        let share = InstrumentID(exchange: .nse, symbol: "RELIANCE")
        for _ in 0..<count {
            var request = OrderRequest(
                instrument: share, side: .buy, type: .market, quantity: 1, product: .intraday)
            request.marketProtection = .automatic
            _ = try await venue.place(VenueOrderRequest(request), for: "A")
        }
        var updates: [VenueOrderUpdate] = []
        for await update in stream {
            updates.append(update)
            if updates.count == count { break }
        }
        return updates
    }

    @Test func `updates are lost, doubled, late and out of turn as asked for`() async throws {
        let all = try await updates(4)
        let (a, b, c, d) = (all[0], all[1], all[2], all[3])
        let start = Timestamp(seconds: 0)
        var queue = UpdateQueue()
        #expect(queue.accept(a, nil, at: start) == [a])
        #expect(queue.accept(a, .loseUpdate, at: start).isEmpty)
        #expect(queue.accept(a, .duplicateUpdate, at: start) == [a, a])
        #expect(queue.accept(a, .reorderUpdate, at: start).isEmpty)
        #expect(queue.accept(b, nil, at: start) == [b, a])
        #expect(queue.accept(a, .reorderUpdate, at: start).isEmpty)
        #expect(queue.accept(b, .reorderUpdate, at: start) == [b, a])
        #expect(queue.accept(c, .delayUpdate(.seconds(5)), at: start).isEmpty)
        #expect(queue.accept(d, nil, at: start) == [d])
        #expect(queue.due(at: start.advanced(by: .milliseconds(4_999))).isEmpty)
        #expect(queue.due(at: start.advanced(by: .seconds(5))) == [c])
        #expect(queue.accept(a, .reorderUpdate, at: start).isEmpty)
        #expect(queue.due(at: start.advanced(by: .seconds(1))) == [a])
        #expect(queue.due(at: start.advanced(by: .seconds(60))).isEmpty)
    }
}
