import Testing
import Trading

@testable import PaperExchange

struct AuthorisationTests {
    private static let evening = Timestamp(indianDate: PaperFloor.date, secondOfDay: 17 * 3_600 + 1_800)

    private func shares(_ quantity: Quantity) -> Holding {
        var holding = Holding(instrument: PaperFloor.share, token: InstrumentToken(408_065))
        holding.isin = "INE009A01021"
        holding.quantity = quantity
        holding.averagePrice = Price(rupees: 1_000)
        return holding
    }

    @Test func `a session ends at half past five and later words count for the next day`() {
        var book = Authorisations()
        let share = PaperFloor.share
        let before = Timestamp(seconds: Self.evening.seconds - 1)
        book.authorise(4, of: share, held: 10, at: before)
        #expect(book.quantity(of: share, on: PaperFloor.date) == 4)
        book.authorise(9, of: share, held: 10, at: before)
        #expect(book.quantity(of: share, on: PaperFloor.date) == 10)
        book.authorise(3, of: share, held: 10, at: Self.evening)
        #expect(book.quantity(of: share, on: PaperFloor.date) == 0)
        #expect(book.quantity(of: share, on: PaperFloor.date.adding(days: 1)) == 3)
    }

    @Test func `units of several lots are authorised once, and all where nothing is named`() throws {
        let floor = PaperFloor()
        floor.market.deposit([shares(10), shares(30)], for: "A")
        floor.market.authorise([("INE009A01021", 4), ("INE000000000", 5)], for: "A", at: floor.now)
        #expect(try #require(floor.market.heldShares(of: "A", at: floor.now).first).authorisedQuantity == 4)
        floor.market.authorise([], for: "A", at: floor.now)
        #expect(try #require(floor.market.heldShares(of: "A", at: floor.now).first).authorisedQuantity == 40)
    }
}
