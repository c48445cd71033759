import Brokers
import Gateway
import Testing
import Trading

struct PortfolioTests {
    static let time = Timestamp(seconds: 100)

    private func portfolio() -> Portfolio {
        var position = Position(instrument: Trial.share, token: InstrumentToken(1), product: .intraday)
        position.add(side: .buy, quantity: 10, price: Price(rupees: 800))
        var holding = Holding(instrument: Trial.share, token: InstrumentToken(2))
        holding.quantity = 5
        var portfolio = Portfolio()
        portfolio.positions = Reading(
            value: PositionBook(net: [position], day: [position]), time: Timestamp(seconds: 1))
        portfolio.holdings = Reading(value: [holding], time: Timestamp(seconds: 1))
        return portfolio
    }

    private func mark(_ token: UInt32, _ rupees: Int64) -> PriceMark {
        PriceMark(token: InstrumentToken(token), lastPrice: Price(rupees: rupees), closePrice: Price(rupees: 790))
    }

    @Test func `a new price changes worth, and the same price changes nothing`() {
        var portfolio = portfolio()
        let changed = portfolio.mark([mark(1, 810), mark(2, 700), mark(3, 1)], at: Self.time)
        #expect(changed.map(\.profit) == [Money(rupees: 100)])
        #expect(portfolio.positions?.value.day.first?.lastPrice == Price(rupees: 810))
        #expect(portfolio.holdings?.value.first?.lastPrice == Price(rupees: 700))
        #expect(portfolio.mark([mark(1, 810)], at: Self.time).isEmpty)
    }

    @Test func `of several prices in one batch the last counts`() {
        var portfolio = portfolio()
        #expect(portfolio.mark([mark(1, 805), mark(1, 806)], at: Self.time).map(\.lastPrice) == [Price(rupees: 806)])
    }

    @Test func `everything held is watched`() {
        #expect(portfolio().tokens == [InstrumentToken(1), InstrumentToken(2)])
        #expect(Portfolio().tokens.isEmpty)
    }
}
