import Testing
import Trading

@testable import PaperExchange

struct FundsTests {
    static let cash = Money(rupees: 1_000_000_000)

    private func purse(_ floor: PaperFloor, _ account: String = "A") throws -> Margin {
        try #require(floor.purse(of: account))
    }

    @Test func `a future ties up 11.3 percent of its worth and marks to market`() throws {
        let floor = PaperFloor()
        let id = try floor.place(PaperFloor.request(.buy, .market, protection: .automatic))
        let margin = try purse(floor)
        let last = try #require(floor.quote()).lastPrice
        #expect(margin.utilised.span == (last * Quantity(65)).basisPoints(930))
        #expect(margin.utilised.exposure == (last * Quantity(65)).basisPoints(200))
        floor.advance(40)
        let position = try #require(floor.positions(of: "A").net.first)
        let average = try #require(floor.order(id)?.averagePrice)
        #expect(position.profit == (try #require(position.lastPrice) - average) * Quantity(65))
        #expect(try purse(floor).utilised.unrealisedProfit == position.profit)
    }

    @Test func `a long option costs its premium and a short one a margin on the index`() throws {
        let floor = PaperFloor()
        let bought = try floor.place(PaperFloor.request(.buy, .market, of: PaperFloor.call, protection: .automatic))
        let premium = try #require(floor.order(bought)?.averagePrice) * Quantity(65)
        var margin = try purse(floor)
        #expect(margin.utilised.optionPremium == premium && margin.utilised.span == .zero)
        #expect(margin.net == Self.cash - premium)
        _ = try floor.place(PaperFloor.request(.sell, .market, of: PaperFloor.call, protection: .automatic), for: "B")
        margin = try purse(floor, "B")
        let notional = Price(rupees: 24_500) * Quantity(65)
        #expect(margin.utilised.span + margin.utilised.exposure == notional.basisPoints(1_130))
        // Selling the long option again closes it: nothing stays tied up but the loss of the spread.
        _ = try floor.place(PaperFloor.request(.sell, .market, of: PaperFloor.call, protection: .automatic))
        margin = try purse(floor)
        #expect(margin.utilised.optionPremium == .zero && margin.utilised.span == .zero)
        #expect(margin.utilised.realisedProfit < .zero)
        #expect(margin.net == Self.cash + margin.utilised.realisedProfit)
    }

    @Test func `an order that closes a position needs no money`() throws {
        let floor = PaperFloor(cash: 185_000)
        _ = try floor.place(PaperFloor.request(.buy, .market, protection: .automatic))
        #expect(throws: VenueRefusal.self) {
            try floor.place(PaperFloor.request(.buy, .market, protection: .automatic))
        }
        let exit = try floor.place(PaperFloor.request(.sell, price: floor.price(100)))
        #expect(floor.order(exit)?.status == .open)
        // A second one would at worst leave as many units short as there are long now; a third one more than that.
        let price = floor.price(101)
        _ = try floor.place(PaperFloor.request(.sell, price: price))
        #expect(throws: VenueRefusal.self) { try floor.place(PaperFloor.request(.sell, price: price)) }
    }

    @Test func `delivery costs the full value and intraday a fifth of it`() throws {
        let floor = PaperFloor()
        let delivery = try floor.place(
            PaperFloor.request(
                .buy, .market, of: PaperFloor.share, quantity: 10, product: .delivery, protection: .automatic))
        let cost = try #require(floor.order(delivery)?.averagePrice) * Quantity(10)
        #expect(try purse(floor).utilised.delivery == cost)
        _ = try floor.place(
            PaperFloor.request(.sell, .market, of: PaperFloor.share, quantity: 10, protection: .automatic), for: "B")
        let last = try #require(floor.quote(PaperFloor.share)).lastPrice
        #expect(try purse(floor, "B").utilised.span == (last * Quantity(10)).basisPoints(2_000))
    }

    @Test func `shares in the account can be sold once and four fifths of the money used`() throws {
        let floor = PaperFloor()
        var holding = Holding(instrument: PaperFloor.share, token: InstrumentToken(408_065))
        holding.quantity = 10
        holding.averagePrice = Price(rupees: 1_000)
        floor.market.deposit([holding], for: "A")
        let id = try floor.place(
            PaperFloor.request(
                .sell, .market, of: PaperFloor.share, quantity: 10, product: .delivery, protection: .automatic))
        let brought = try #require(floor.order(id)?.averagePrice) * Quantity(10)
        #expect(try purse(floor).net == Self.cash + brought.basisPoints(8_000))
        #expect(throws: VenueRefusal.insufficientHoldings(asked: 1, held: 0)) {
            try floor.place(
                PaperFloor.request(
                    .sell, .market, of: PaperFloor.share, quantity: 1, product: .delivery, protection: .automatic))
        }
        #expect(floor.holdings(of: "A").first?.profit != nil)
    }

    @Test func `a sale does not grow beyond the shares in the account`() throws {
        let floor = PaperFloor()
        var holding = Holding(instrument: PaperFloor.share, token: InstrumentToken(408_065))
        holding.quantity = 10
        floor.market.deposit([holding], for: "A")
        let ceiling = try #require(floor.quote(PaperFloor.share)).upperCircuit
        let id = try floor.place(
            PaperFloor.request(.sell, of: PaperFloor.share, quantity: 4, price: ceiling, product: .delivery))
        var change = OrderChange()
        change.quantity = 11
        #expect(throws: VenueRefusal.insufficientHoldings(asked: 7, held: 6)) { try floor.modify(id, change) }
        #expect(floor.order(id)?.quantity == 4)
        change.quantity = 10
        try floor.modify(id, change)
        #expect(floor.order(id)?.quantity == 10)
    }

    @Test func `flat rows stay for the day`() throws {
        let floor = PaperFloor()
        for side in Side.allCases {
            _ = try floor.place(PaperFloor.request(side, .market, protection: .automatic))
        }
        let positions = floor.positions(of: "A")
        #expect(positions.net.count == 1 && positions.day == positions.net)
        #expect(positions.net[0].quantity == 0 && positions.net[0].averagePrice == .zero)
        #expect(positions.net[0].dayBuyQuantity == 65 && positions.net[0].daySellQuantity == 65)
    }
}
