import Testing
import Trading

@testable import PaperExchange

struct InvariantTests {
    static let traded = [
        PaperFloor.future, PaperFloor.call, PaperFloor.share,
        InstrumentID(exchange: .nfo, symbol: "NIFTY26NOV24500PE"),
    ]
    static let accounts = ["A", "B", "C", "D"]

    /// A seeded stream of every sort of request, sensible and not, with steps of the market between.
    private static func disturb(_ floor: PaperFloor, _ dice: inout Dice) {
        let account = accounts[dice.roll(accounts.count)]
        switch dice.roll(12) {
        case 0..<7:
            let id = traded[dice.roll(traded.count)]
            let type = OrderType.allCases[dice.roll(4)]
            let side = Side.allCases[dice.roll(2)]
            let lot = PaperFloor.listing.instrument(id)?.lotSize.units ?? 1
            let price = floor.price(Int64(dice.roll(41) - 20), from: id)
            let trigger = floor.price(Int64(dice.roll(41) - 20), from: id)
            var request = PaperFloor.request(
                side, type, of: id, quantity: lot * Int64(1 + dice.roll(12)), price: price, trigger: trigger,
                validity: dice.roll(5) == 0 ? .immediateOrCancel : .day, protection: .automatic)
            switch dice.roll(12) {
            case 0: request.variety = .afterMarket
            case 1: request.variety = .iceberg(legs: 2 + dice.roll(4))
            case 2:
                request.variety = .cover
                request.terms.product = .intraday
                request.terms.triggerPrice = floor.price(Int64(dice.roll(30) + 1) * -side.sign, from: id)
            default: break
            }
            _ = try? floor.place(request, for: account)
        case 7..<10:
            let orders = floor.market.orders(of: account)
            guard !orders.isEmpty else { return }
            let order = orders[dice.roll(orders.count)]
            if dice.roll(2) == 0 {
                try? floor.market.cancel(order.id, for: account, at: floor.now)
            } else {
                let lot = PaperFloor.listing.instrument(order.instrument)?.lotSize.units ?? 1
                let change = OrderChange(
                    quantity: Quantity(lot * Int64(1 + dice.roll(12))),
                    price: floor.price(Int64(dice.roll(41) - 20), from: order.instrument))
                try? floor.market.modify(order.id, change, protection: nil, for: account, at: floor.now)
            }
        default: floor.advance(1 + dice.roll(4))
        }
    }

    private static func check(_ floor: PaperFloor) throws {
        for account in accounts {
            let orders = floor.market.orders(of: account)
            let trades = floor.market.trades(of: account)
            for order in orders {
                #expect(order.filledQuantity + order.cancelledQuantity + order.pendingQuantity <= order.quantity)
                #expect(order.filledQuantity <= order.quantity)
                if let parent = order.parentID {
                    #expect(orders.first { $0.id == parent }?.filledQuantity == order.quantity)
                }
            }
            let positions = floor.positions(of: account).net
            for position in positions {
                let own = trades.filter { $0.token == position.token && $0.trade.product == position.product }
                let net = own.reduce(Quantity.zero) { $0 + Quantity($1.trade.side.sign * $1.trade.quantity.units) }
                #expect(net == position.quantity)
                let paid = own.reduce(Money.zero) {
                    $0 + $1.trade.price * Quantity(-$1.trade.side.sign * $1.trade.quantity.units)
                }
                #expect(paid == position.value)
            }
            let margin = try #require(floor.purse(of: account))
            #expect(margin.net == margin.available.cash - margin.utilised.debits)
            #expect(margin.utilised.span >= .zero && margin.utilised.optionPremium >= .zero)
            let profit = positions.reduce(Money.zero) { $0 + ($1.profit ?? .zero) }
            let openPremium = positions.filter { $0.quantity > 0 && $0.instrument.symbol.hasSuffix("E") }
                .reduce(Money.zero) { $0 + (($1.lastPrice ?? .zero) - $1.averagePrice) * $1.quantity }
            #expect(margin.utilised.realisedProfit + margin.utilised.unrealisedProfit + openPremium == profit)
        }
    }

    @Test(arguments: 1...8) func `quantity and money are conserved through any stream of requests`(seed: UInt64) throws
    {
        let floor = PaperFloor(seed: seed)
        for account in Self.accounts { floor.market.openAccount(account, cash: nil) }
        var dice = Dice(seed: seed &* 104_729)
        for round in 1...1_500 {
            Self.disturb(floor, &dice)
            if round % 100 == 0 { try Self.check(floor) }
        }
        try Self.check(floor)
        // Every unit that met another user was bought by one and sold by the other: pairs of executions share price
        // and quantity, and what is left met the model.
        let market = floor.market
        let filled = market.orders.reduce(Int64(0)) { $0 + $1.state.filled }
        #expect(filled == market.executions.reduce(0) { $0 + $1.quantity })
        #expect(market.executions.count > 200)
    }

    @Test func `no user order ever stands against the other side of the model at a step's end`() throws {
        let floor = PaperFloor(seed: 77)
        for account in Self.accounts { floor.market.openAccount(account, cash: nil) }
        var dice = Dice(seed: 4_711)
        for _ in 0..<1_500 {
            Self.disturb(floor, &dice)
            floor.advance()
            for state in floor.market.states where state.isActive {
                if let bid = state.book.bestPrice(.buy), let ask = state.snapshot.asks.offer {
                    #expect(bid < ask.price)
                }
                if let ask = state.book.bestPrice(.sell), let bid = state.snapshot.bids.offer {
                    #expect(ask > bid.price)
                }
                if let bid = state.book.bestPrice(.buy), let ask = state.book.bestPrice(.sell) { #expect(bid < ask) }
            }
        }
    }

    @Test func `the same requests give the same market`() {
        func run() -> [VenueOrder] {
            let floor = PaperFloor(seed: 12)
            for account in Self.accounts { floor.market.openAccount(account, cash: nil) }
            var dice = Dice(seed: 5)
            for _ in 0..<800 { Self.disturb(floor, &dice) }
            return Self.accounts.flatMap { floor.market.orders(of: $0) }
        }
        #expect(run() == run())
    }
}
