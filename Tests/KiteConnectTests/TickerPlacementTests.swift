import Testing

@testable import KiteConnect

@Suite struct TickerPlacementTests {
    @Test func `connections fill one after the other and places stay`() throws {
        var placement = TickerPlacement(connections: 3, capacity: 2)
        try placement.put([1, 2, 3])
        #expect(placement.places == [1: 0, 2: 0, 3: 1])
        #expect(placement.remove(1) == 0 && placement.remove(1) == nil)
        try placement.put([3, 4, 5, 6])
        #expect(placement.places == [2: 0, 3: 1, 4: 0, 5: 1, 6: 2])
    }

    @Test func `more than fit are refused and change nothing`() throws {
        var placement = TickerPlacement(connections: 3, capacity: 3000)
        try placement.put(Set(UInt32(1)...8999))
        let before = placement.places
        let error = #expect(throws: KiteError.self) { try placement.put([9000, 9001]) }
        #expect(error?.code == .input && error?.effect == KiteError.Effect.none)
        #expect(placement.places == before)
        try placement.put([9000])
        #expect(placement.places.count == 9000)
        for place in 0..<3 { #expect(placement.places.count { $0.value == place } == 3000) }
    }
}
