import Testing
import Trading

@testable import PaperExchange

struct VenueTests {
    static func venue() -> Venue {
        let now = Timestamp(indianDate: PaperFloor.date, secondOfDay: 40_000)
        return Venue(
            configuration: VenueConfiguration(seed: 1, tradingDate: PaperFloor.date), listing: PaperFloor.listing,
            clock: { now })
    }

    @Test func `every listener hears every piece of news in order`() async throws {
        let venue = Self.venue()
        await venue.openAccount("QG0001")
        let streams = [await venue.orderUpdates(), await venue.orderUpdates()]
        let filled = try await venue.place(
            PaperFloor.request(.buy, .market, protection: .automatic), for: "QG0001")
        let resting = try await venue.place(PaperFloor.request(.buy, price: Price(rupees: 23_000)), for: "QG0001")
        try await venue.cancel(resting, for: "QG0001")
        for stream in streams {
            var heard: [VenueOrderUpdate] = []
            for await update in stream {
                heard.append(update)
                if heard.count == 2 { break }
            }
            #expect(heard.map(\.event) == [.filled, .cancelled])
            #expect(heard.map(\.order.id) == [filled, resting])
            #expect(heard.allSatisfy { $0.account == "QG0001" })
        }
    }

    @Test func `opening an account twice keeps the first`() async {
        let venue = Self.venue()
        await venue.openAccount("QG0001", cash: Money(rupees: 5))
        await venue.openAccount("QG0001", cash: Money(rupees: 7))
        #expect(await venue.margins(of: "QG0001")[.equity]?.net == Money(rupees: 5))
        #expect(await venue.margins(of: "NOBODY").isEmpty)
    }

    @Test func `a thousand buys at once leave a position of exactly a thousand`() async throws {
        let venue = Self.venue()
        await venue.openAccount("QG0001", cash: Money(rupees: 100_000_000))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<1_000 {
                group.addTask {
                    _ = try await venue.place(
                        PaperFloor.request(
                            .buy, .market, of: PaperFloor.share, quantity: 1, protection: .automatic), for: "QG0001")
                }
            }
            try await group.waitForAll()
        }
        for _ in 0..<100 { await venue.advance() }
        let orders = await venue.orders(of: "QG0001")
        #expect(Set(orders.map(\.id)).count == 1_000)
        #expect(await venue.positions(of: "QG0001").net.first?.quantity == 1_000)
    }

    @Test func `a running market moves until it is cancelled`() async {
        let venue = Venue(
            configuration: VenueConfiguration(
                seed: 1, tradingDate: PaperFloor.date, step: .milliseconds(1)), listing: PaperFloor.listing,
            clock: { Timestamp(seconds: 0) })
        let token = InstrumentToken(256_265)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await venue.run() }
            let start = await venue.quote(token)?.lastPrice
            while await venue.quote(token)?.lastPrice == start { await Task.yield() }
            group.cancelAll()
        }
    }
}
