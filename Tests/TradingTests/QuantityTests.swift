import Testing
import Trading

struct QuantityTests {
    @Test(arguments: [(65, 65, true), (130, 65, true), (64, 65, false), (0, 65, true), (-65, 65, true), (5, 0, false)])
    func `whole lots are told from parts`(row: (Int64, Int64, Bool)) {
        #expect(Quantity(row.0).isMultiple(ofLot: Quantity(row.1)) == row.2)
    }

    @Test func `size has no sign`() {
        #expect(Quantity(-5).magnitude == 5 && Quantity(5).magnitude == 5)
    }
}
