import Testing
import Trading

@testable import PaperExchange

struct IcebergTests {
    private func share(
        _ floor: PaperFloor, _ side: Side = .buy, quantity: Int64 = 1_000, legs: Int = 5, each: Quantity? = nil,
        ticks: Int64 = -40, validity: TimeInForce = .day
    ) -> VenueOrderRequest {
        PaperFloor.request(
            side, of: PaperFloor.share, quantity: quantity, price: floor.price(ticks, from: PaperFloor.share),
            validity: validity
        ).under(.iceberg(legs: legs, legQuantity: each))
    }

    @Test func `one leg is at the exchange at a time, the next when it is filled`() throws {
        let floor = PaperFloor()
        let id = try floor.place(share(floor, ticks: -3))
        let first = try #require(floor.order(id))
        #expect(floor.market.orders(of: "A").count == 1)
        #expect(first.quantity == 200 && first.icebergLeg?.leg == 1 && first.icebergLeg?.legs == 5)
        #expect(first.icebergLeg?.totalQuantity == 1_000 && first.icebergLeg?.remainingQuantity == 800)
        let isSecond = floor.advance { $0.market.orders(of: "A").count > 1 }
        try #require(isSecond)
        #expect(floor.order(id)?.status == .complete)
        let isDone = floor.advance { $0.positions().net.first?.quantity == 1_000 }
        try #require(isDone)
        let legs = floor.market.orders(of: "A")
        #expect(legs.map(\.icebergLeg?.leg) == [1, 2, 3, 4, 5])
        #expect(legs.map(\.icebergLeg?.remainingQuantity) == [800, 600, 400, 200, 0])
        #expect(legs.allSatisfy { $0.status == .complete && $0.quantity == 200 && $0.price == first.price })
        #expect(Set(legs.map(\.id)).count == 5 && Set(legs.compactMap(\.exchangeOrderID)).count == 5)
        floor.advance(10)
        #expect(floor.market.orders(of: "A").count == 5)
    }

    @Test func `a market order's legs are protected each`() throws {
        let floor = PaperFloor()
        let request = PaperFloor.request(
            .buy, .market, of: PaperFloor.share, quantity: 30, protection: .basisPoints(200)
        ).under(.iceberg(legs: 3))
        _ = try floor.place(request)
        let legs = floor.market.orders(of: "A")
        #expect(legs.count == 3 && legs.allSatisfy { $0.status == .complete && $0.protectionBasisPoints == 200 })
        #expect(floor.positions().net.first?.quantity == 30)
    }

    @Test func `the last leg takes what is left`() throws {
        let floor = PaperFloor()
        _ = try floor.place(share(floor, quantity: 21, legs: 5, ticks: 30))
        #expect(floor.market.orders(of: "A").map(\.quantity) == [5, 5, 5, 5, 1])
        let lots = PaperFloor()
        _ = try lots.place(
            PaperFloor.request(.buy, .market, quantity: 195, protection: .automatic).under(.iceberg(legs: 2)))
        #expect(lots.market.orders(of: "A").map(\.quantity) == [130, 65])
    }

    @Test func `cancelling a leg ends those behind it`() throws {
        let floor = PaperFloor()
        let id = try floor.place(share(floor))
        try floor.cancel(id)
        floor.advance(50)
        #expect(floor.market.orders(of: "A").map(\.status) == [.cancelled])
        #expect(floor.order(id)?.cancelledQuantity == 200)
        #expect(floor.purse()?.utilised.debits == .zero)
    }

    @Test func `a new price holds for the legs behind, new units are refused`() throws {
        let floor = PaperFloor()
        let id = try floor.place(share(floor))
        #expect(throws: VenueRefusal.termNotAllowed("quantity", variety: .iceberg(legs: 5))) {
            try floor.modify(id, OrderChange(quantity: 300))
        }
        let price = floor.price(30, from: PaperFloor.share)
        try floor.modify(id, OrderChange(quantity: 200, price: price))
        let legs = floor.market.orders(of: "A")
        #expect(legs.count > 1 && legs.allSatisfy { $0.price == price })
    }

    @Test func `a validity in minutes is that of all legs`() throws {
        let floor = PaperFloor()
        let id = try floor.place(
            share(floor, quantity: 500_000, legs: 50, ticks: -400, validity: .minutes(1)))
        floor.advance(100)
        #expect(floor.market.orders(of: "A").map(\.status) == [.open])
        try floor.modify(id, OrderChange(price: floor.price(20, from: PaperFloor.share)))
        floor.advance(139)
        let legs = floor.market.orders(of: "A")
        try #require(legs.count > 1 && legs.last?.status == .open)
        floor.advance()
        #expect(floor.market.orders(of: "A").last?.status == .cancelled)
        #expect(floor.market.orders(of: "A").count == legs.count)
    }

    @Test func `a leg without money behind it is rejected and the last`() throws {
        let floor = PaperFloor(cash: 20_000)
        let request = PaperFloor.request(
            .buy, of: PaperFloor.share, quantity: 30, price: floor.price(5, from: PaperFloor.share), product: .delivery
        ).under(.iceberg(legs: 3))
        _ = try floor.place(request)
        let legs = floor.market.orders(of: "A")
        #expect(legs.map(\.status) == [.complete, .rejected])
        #expect(legs.last?.statusMessage?.hasPrefix("Insufficient funds. Required margin is 15") == true)
        #expect(legs.last?.icebergLeg?.leg == 2 && legs.last?.exchangeOrderID == nil)
        #expect(floor.market.updates.map(\.event) == [.filled, .rejected])
    }

    @Test(
        arguments: [
            (1_000, 1, nil, VenueRefusal.icebergLegsOutOfRange), (1_000, 51, nil, .icebergLegsOutOfRange),
            (1_000, 0, nil, .icebergLegsOutOfRange), (1_000, 5, 100, .icebergQuantityMismatch),
            (1_000, 5, 250, .icebergQuantityMismatch), (3, 5, nil, .icebergQuantityMismatch),
            (1_000, 5, 1_001, .icebergQuantityMismatch),
        ] as [(Int64, Int, Quantity?, VenueRefusal)])
    func `legs that do not come out even are refused`(
        quantity: Int64, legs: Int, each: Quantity?, refusal: VenueRefusal
    ) {
        let floor = PaperFloor()
        #expect(throws: refusal) { try floor.place(share(floor, quantity: quantity, legs: legs, each: each)) }
        #expect(floor.market.orders.isEmpty)
    }

    @Test func `fifty legs and a leg quantity of one's own are taken`() throws {
        let floor = PaperFloor()
        _ = try floor.place(share(floor, legs: 50))
        let second = try floor.place(share(floor, legs: 4, each: 300, ticks: -50))
        #expect(floor.order(second)?.quantity == 300 && floor.order(second)?.icebergLeg?.remainingQuantity == 700)
        #expect(throws: VenueRefusal.icebergQuantityMismatch) {
            try floor.place(
                PaperFloor.request(.buy, quantity: 260, price: floor.price(-40))
                    .under(.iceberg(legs: 3, legQuantity: 100)))
        }
    }
}
