import Testing
import Trading

@testable import PaperExchange

struct MatchingTests {
    static let interim: [VenueOrderStatus] = [.putReceived, .validationPending, .openPending]

    @Test func `a protected market order fills and shows the limit it became`() throws {
        let floor = PaperFloor()
        let last = try #require(floor.quote()).lastPrice
        let id = try floor.place(PaperFloor.request(.buy, .market, protection: .automatic))
        let order = try #require(floor.order(id))
        #expect(order.status == .complete && order.filledQuantity == 65 && order.pendingQuantity == 0)
        #expect(order.requestedType == .market && order.type == .limit && order.protectionBasisPoints == 50)
        // Half a percent above the last price, rounded down to the tick.
        let limit = Price(tenThousandths: last.tenThousandths * 10_050 / 10_000)
        #expect(order.price == limit.roundedDown(toTick: Price(paise: 10)))
        #expect(floor.market.history(of: id, account: "A")?.map(\.status) == Self.interim + [.open, .complete])
        #expect(floor.market.updates.map(\.event) == [.filled])
        let trades = floor.market.trades(of: "A")
        #expect(trades.reduce(Quantity.zero) { $0 + $1.trade.quantity } == 65)
        #expect(trades.allSatisfy { $0.trade.brokerOrderID == id && $0.trade.exchangeOrderID == order.exchangeOrderID })
    }

    @Test func `an order takes level after level and rests with what is left`() throws {
        let floor = PaperFloor()
        let quote = try #require(floor.quote(PaperFloor.share))
        let offered = quote.asks.reduce(Quantity.zero) { $0 + $1.quantity }
        let limit = floor.price(30, from: PaperFloor.share)
        let id = try floor.place(
            PaperFloor.request(.buy, of: PaperFloor.share, quantity: offered.units + 500, price: limit))
        let order = try #require(floor.order(id))
        #expect(order.status == .open && order.filledQuantity == offered && order.pendingQuantity == 500)
        #expect(floor.market.trades(of: "A").map(\.trade.price) == quote.asks.map(\.price))
        let after = try #require(floor.quote(PaperFloor.share))
        #expect(after.bids[0] == DepthLevel(price: limit, quantity: 500, orders: 1))
        #expect(after.asks[0] == .empty)
        #expect(after.lastPrice == quote.asks[4].price)
        #expect(after.volume == quote.volume + offered)
        floor.advance()
        #expect(try #require(floor.order(id)).filledQuantity > offered)
    }

    @Test func `a resting order fills at its own price when the market comes to it`() throws {
        let floor = PaperFloor()
        let price = floor.price(-30)
        let id = try floor.place(PaperFloor.request(.buy, price: price))
        #expect(floor.market.updates.isEmpty)
        #expect(floor.order(id)?.status == .open)
        let isFilled = floor.advance { $0.order(id)?.status == .complete }
        #expect(isFilled)
        #expect(floor.order(id)?.averagePrice == price)
        #expect(floor.market.updates.last?.event == .filled)
    }

    @Test func `users meet each other first, best price and then oldest order`() throws {
        let floor = PaperFloor()
        floor.market.openAccount("C", cash: nil)
        let quote = try #require(floor.quote())
        let (bid, ask) = (quote.bids[0].price, quote.asks[0].price)
        let inside = bid + Price(paise: 10)
        try #require(inside + Price(paise: 10) < ask)
        let second = try floor.place(PaperFloor.request(.buy, price: inside), for: "A")
        let third = try floor.place(PaperFloor.request(.buy, price: inside), for: "C")
        let first = try floor.place(PaperFloor.request(.buy, price: inside + Price(paise: 10)), for: "A")
        let taker = try floor.place(PaperFloor.request(.sell, quantity: 195, price: inside), for: "B")
        #expect(floor.order(taker, of: "B")?.status == .complete)
        #expect(
            floor.market.executions.filter { floor.market.orders[$0.order].side == .buy }
                .map { String(floor.market.orders[$0.order].number) } == [first, second, third])
        #expect(floor.market.updates.map(\.account) == ["A", "A", "C", "B"])
    }

    @Test func `an account never trades with itself`() throws {
        let floor = PaperFloor()
        let inside = floor.price(-1) + Price(paise: 20)
        let resting = try floor.place(PaperFloor.request(.buy, price: inside))
        let incoming = try floor.place(PaperFloor.request(.sell, price: inside))
        #expect(floor.order(resting)?.status == .open)
        #expect(floor.order(incoming)?.status == .cancelled)
        #expect(floor.order(incoming)?.cancelledQuantity == 65)
        #expect(floor.order(incoming)?.statusMessage?.contains("same account") == true)
        #expect(floor.market.executions.isEmpty)
    }

    @Test func `an immediate order takes what there is and the rest is cancelled`() throws {
        let floor = PaperFloor()
        let none = try floor.place(PaperFloor.request(.buy, price: floor.price(-5), validity: .immediateOrCancel))
        #expect(floor.order(none)?.status == .cancelled && floor.order(none)?.cancelledQuantity == 65)
        #expect(floor.market.history(of: none, account: "A")?.map(\.status) == Self.interim + [.open, .cancelled])
        let best = try #require(floor.quote(PaperFloor.share)).asks[0]
        let some = try floor.place(
            PaperFloor.request(
                .buy, of: PaperFloor.share, quantity: best.quantity.units + 7, price: best.price,
                validity: .immediateOrCancel))
        #expect(floor.order(some)?.filledQuantity == best.quantity)
        #expect(floor.order(some)?.cancelledQuantity == 7)
        #expect(floor.market.updates.map(\.event) == [.cancelled, .partiallyFilled, .cancelled])
    }

    @Test(arguments: [OrderType.stopLimit, .stopMarket], Side.allCases)
    func `a stop waits for the last price and then trades`(type: OrderType, side: Side) throws {
        let floor = PaperFloor(seed: 5)
        let sign = side.sign
        let trigger = floor.price(20 * sign)
        let price = type == .stopLimit ? trigger + Price(paise: 10) * (100 * sign) : nil
        let id = try floor.place(
            PaperFloor.request(side, type, price: price, trigger: trigger, protection: .automatic))
        #expect(floor.order(id)?.status == .triggerPending)
        #expect(floor.market.updates.isEmpty)
        let isDone = floor.advance { $0.order(id)?.status == .complete }
        try #require(isDone)
        #expect(floor.market.updates.map(\.event).first == .triggered)
        let steps = floor.market.history(of: id, account: "A")?.map(\.status) ?? []
        #expect(Array(steps.prefix(5)) == Self.interim + [.triggerPending, .open] && steps.last == .complete)
        #expect(try #require(floor.order(id)?.price) > .zero)
    }

    @Test func `one user's trade can set off another's stop`() throws {
        let floor = PaperFloor()
        let ask = try #require(floor.quote()).asks[0].price
        try #require(try #require(floor.quote()).lastPrice < ask)
        let stop = try floor.place(
            PaperFloor.request(.buy, .stopMarket, trigger: ask, protection: .automatic), for: "B")
        _ = try floor.place(PaperFloor.request(.buy, price: ask), for: "A")
        #expect(floor.order(stop, of: "B")?.status == .complete)
    }

    @Test func `a validity in minutes ends on time`() throws {
        let floor = PaperFloor()
        let id = try floor.place(PaperFloor.request(.buy, price: Price(rupees: 23_000), validity: .minutes(1)))
        floor.advance(239)
        #expect(floor.order(id)?.status == .open)
        floor.advance(1)
        #expect(floor.order(id)?.status == .cancelled)
    }

    @Test func `cancelling takes the rest out and frees its margin`() throws {
        let floor = PaperFloor()
        let id = try floor.place(PaperFloor.request(.buy, price: floor.price(-50)))
        #expect(try #require(floor.purse(of: "A")).utilised.span > .zero)
        try floor.cancel(id, for: "A")
        #expect(floor.order(id)?.status == .cancelled && floor.order(id)?.statusMessage == nil)
        #expect(
            floor.market.history(of: id, account: "A")?.map(\.status)
                == Self.interim + [.open, .cancelPending, .cancelled])
        #expect(try #require(floor.purse(of: "A")).utilised.debits == .zero)
        #expect(throws: VenueRefusal.notCancellable(.cancelled)) {
            try floor.cancel(id, for: "A")
        }
        for (number, account) in [(id, "B"), ("123", "A"), ("x", "A")] {
            #expect(throws: VenueRefusal.unknownOrder(number)) {
                try floor.cancel(number, for: account)
            }
        }
    }
}
