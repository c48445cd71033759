import Testing
import Trading

@testable import PaperExchange

struct ModificationTests {
    /// Places two buys inside the spread, changes the first, sells one lot, and tells whether the first was filled.
    private func firstStillFirst(after change: OrderChange) throws -> Bool {
        let floor = PaperFloor()
        floor.market.openAccount("C", cash: nil)
        let inside = floor.price(-1) + Price(paise: 20)
        let first = try floor.place(PaperFloor.request(.buy, quantity: 130, price: inside), for: "A")
        _ = try floor.place(PaperFloor.request(.buy, price: inside), for: "C")
        try floor.modify(first, change, protection: nil, for: "A")
        _ = try floor.place(PaperFloor.request(.sell, price: inside), for: "B")
        return floor.order(first)?.filledQuantity == 65
    }

    @Test func `fewer units keep the place in the queue and more units lose it`() throws {
        #expect(try firstStillFirst(after: OrderChange(quantity: 65)))
        #expect(try firstStillFirst(after: OrderChange()))
        #expect(try !firstStillFirst(after: OrderChange(quantity: 195)))
    }

    @Test func `a new price moves the order and can make it trade`() throws {
        let floor = PaperFloor()
        let id = try floor.place(PaperFloor.request(.buy, price: floor.price(-50)))
        try floor.modify(id, OrderChange(price: floor.price(10)), protection: nil, for: "A")
        let order = try #require(floor.order(id))
        #expect(order.status == .complete && order.isModified)
        #expect(floor.market.updates.map(\.event) == [.modified, .filled])
        #expect(
            floor.market.history(of: id, account: "A")?.map(\.status) == [
                .putReceived, .validationPending, .openPending, .open, .modifyValidationPending, .modifyPending,
                .modified, .open, .complete,
            ])
    }

    @Test func `a limit order becomes a market order only with protection`() throws {
        let floor = PaperFloor()
        let id = try floor.place(PaperFloor.request(.buy, price: floor.price(-50)))
        let change = OrderChange(type: .market)
        #expect(throws: VenueRefusal.protectionMissing) {
            try floor.modify(id, change, protection: nil, for: "A")
        }
        #expect(floor.order(id)?.status == .open && floor.order(id)?.isModified == false)
        try floor.modify(id, change, protection: .automatic, for: "A")
        #expect(floor.order(id)?.status == .complete)
    }

    @Test func `a stop's trigger and type can be changed`() throws {
        let floor = PaperFloor()
        let id = try floor.place(
            PaperFloor.request(.buy, .stopLimit, price: floor.price(90), trigger: floor.price(80)))
        let trigger = floor.price(60)
        try floor.modify(id, OrderChange(triggerPrice: trigger), protection: nil, for: "A")
        #expect(floor.order(id)?.triggerPrice == trigger && floor.order(id)?.status == .triggerPending)
        try floor.modify(id, OrderChange(type: .limit), protection: nil, for: "A")
        #expect(floor.order(id)?.status == .complete && floor.order(id)?.triggerPrice == nil)
    }

    @Test func `the twenty-sixth modification is refused`() throws {
        let floor = PaperFloor()
        let id = try floor.place(PaperFloor.request(.buy, price: floor.price(-60)))
        for step in 0..<25 {
            let price = floor.price(-61 - Int64(step))
            try floor.modify(id, OrderChange(price: price), protection: nil, for: "A")
        }
        let price = floor.price(-99)
        #expect(throws: VenueRefusal.tooManyModifications) {
            try floor.modify(id, OrderChange(price: price), protection: nil, for: "A")
        }
    }

    @Test(arguments: [
        (OrderChange(quantity: 66), VenueRefusal.offLot(lot: 65)), (OrderChange(quantity: 0), .quantityNotPositive),
        (OrderChange(price: Price(paise: 2_400_001)), .priceOffTick(tick: Price(paise: 10))),
        (OrderChange(price: Price(rupees: 20_000)), .belowCircuit(limit: Price(paise: 2_206_080))),
        (OrderChange(quantity: 1_820), .overFreezeQuantity(limit: 1_800)),
    ])
    func `a bad change is refused and the order stays as it was`(change: OrderChange, refusal: VenueRefusal) throws {
        let floor = PaperFloor()
        let id = try floor.place(PaperFloor.request(.buy, price: floor.price(-50)))
        let before = floor.order(id)
        #expect(throws: refusal) {
            try floor.modify(id, change, protection: nil, for: "A")
        }
        #expect(floor.order(id) == before)
    }

    @Test func `the new quantity counts what is already traded`() throws {
        let floor = PaperFloor()
        let quote = try #require(floor.quote(PaperFloor.share))
        let best = quote.asks[0]
        let id = try floor.place(
            PaperFloor.request(.buy, of: PaperFloor.share, quantity: best.quantity.units + 100, price: best.price))
        #expect(throws: VenueRefusal.quantityBelowFilled(filled: best.quantity)) {
            try floor.modify(id, OrderChange(quantity: best.quantity), protection: nil, for: "A")
        }
        try floor.modify(id, OrderChange(quantity: best.quantity + 10), protection: nil, for: "A")
        #expect(floor.order(id)?.pendingQuantity == 10)
    }

    @Test func `the disclosed quantity of a share is shown and can be changed`() throws {
        let floor = PaperFloor()
        var request = PaperFloor.request(
            .buy, of: PaperFloor.share, quantity: 50, price: floor.price(-40, from: PaperFloor.share))
        request.terms.disclosedQuantity = 10
        let id = try floor.place(request)
        #expect(floor.order(id)?.disclosedQuantity == 10)
        var change = OrderChange()
        change.disclosedQuantity = 20
        try floor.modify(id, change)
        #expect(floor.order(id)?.disclosedQuantity == 20)
        #expect(floor.market.history(of: id, account: "A")?.first?.disclosedQuantity == 10)
        change.disclosedQuantity = 51
        #expect(throws: VenueRefusal.disclosedQuantityNotAllowed) { try floor.modify(id, change) }
    }

    @Test func `a stop that was set off is priced anew under its own type`() throws {
        let floor = PaperFloor()
        let best = try #require(floor.quote(PaperFloor.share)).asks[0]
        let stop = try floor.place(
            PaperFloor.request(
                .buy, .stopLimit, of: PaperFloor.share, quantity: best.quantity.units + 500, price: best.price,
                trigger: best.price), for: "B")
        _ = try floor.place(PaperFloor.request(.buy, of: PaperFloor.share, quantity: 1, price: best.price))
        let waiting = try #require(floor.order(stop, of: "B"))
        try #require(waiting.status == .open && waiting.type == .limit)
        let tick = try #require(PaperFloor.listing.instrument(PaperFloor.share)).tickSize
        for step: Int64 in 1...2 {
            let price = best.price - tick * step
            try floor.modify(stop, OrderChange(price: price, type: .stopLimit), for: "B")
            #expect(floor.order(stop, of: "B")?.price == price && floor.order(stop, of: "B")?.status == .open)
            #expect(floor.order(stop, of: "B")?.triggerPrice == best.price)
        }
        let higher = floor.price(300, from: PaperFloor.share)
        try floor.modify(stop, OrderChange(price: higher, triggerPrice: higher, type: .stopLimit), for: "B")
        #expect(floor.order(stop, of: "B")?.status == .triggerPending)
    }

    @Test func `what is over or unknown is neither modified nor cancelled`() throws {
        let floor = PaperFloor()
        let id = try floor.place(PaperFloor.request(.buy, .market, protection: .automatic))
        #expect(throws: VenueRefusal.notModifiable(.complete)) { try floor.modify(id, OrderChange()) }
        #expect(throws: VenueRefusal.notCancellable(.complete)) { try floor.cancel(id) }
        #expect(throws: VenueRefusal.unknownOrder("1")) { try floor.modify("1", OrderChange()) }
        #expect(
            VenueRefusal.notModifiable(.complete).description
                == "Order cannot be modified as it is being processed. Try later.")
        #expect(
            VenueRefusal.notCancellable(.cancelled).description
                == "Order cannot be cancelled as it is being processed. Try later.")
        #expect(VenueRefusal.notModifiable(.complete).kind == .order)
    }
}
