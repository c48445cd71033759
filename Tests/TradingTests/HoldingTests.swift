import Testing
import Trading

struct HoldingTests {
    private func holding(_ quantity: Quantity, _ average: String, last: String?) -> Holding {
        var holding = Holding(
            instrument: InstrumentID(exchange: .nse, symbol: "AARON"), token: InstrumentToken(263_681))
        holding.quantity = quantity
        holding.averagePrice = Price(average) ?? .zero
        holding.lastPrice = last.flatMap { Price($0) }
        return holding
    }

    /// Numbers: Kite Connect, sample answer of holdings. The sample's -629.3 comes from an average of 801.78125; four
    /// decimals of it make a difference of at most 16 halves of a ten-thousandth.
    @Test func `profit is what the broker shows`() {
        #expect(holding(1, "161", last: "352.95").profit?.description == "191.95")
        #expect(holding(16, "801.7812", last: "762.45").profit?.description == "-629.2992")
    }

    @Test func `units on their way count`() {
        var holding = holding(10, "100", last: "110")
        holding.unsettledQuantity = 5
        #expect(holding.totalQuantity == 15)
        #expect(holding.profit == Money(rupees: 150) && holding.value == Money(rupees: 1_650))
    }

    @Test func `without a price there is neither worth nor profit`() {
        let holding = holding(10, "100", last: nil)
        #expect(holding.profit == nil && holding.value == nil)
    }
}
