import Trading

extension Market {
    mutating func quote(_ token: InstrumentToken, at now: Timestamp) -> Quote? {
        guard let row = listing.row(of: token) else { return nil }
        let slot = slot(ofRow: row, at: now)
        return states[slot].terms.isExpired ? nil : quote(slot)
    }

    mutating func changedQuotes(
        _ tokens: Set<InstrumentToken>, since seen: UInt64, at now: Timestamp
    ) -> (sequence: UInt64, quotes: [Quote]) {
        var quotes: [Quote] = []
        for token in tokens {
            guard let row = listing.row(of: token) else { continue }
            let slot = slot(ofRow: row, at: now)
            guard states[slot].changed > seen, !states[slot].terms.isExpired else { continue }
            quotes.append(quote(slot))
        }
        return (currentSequence, quotes)
    }

    private func quote(_ slot: Int) -> Quote {
        let state = states[slot]
        let terms = state.terms
        func price(_ units: Int64) -> Price { Price(tenThousandths: units) }
        var quote = Quote(
            token: terms.token, lastPrice: price(state.last), open: price(state.day.open),
            high: price(state.day.high), low: price(state.day.low), close: price(terms.close),
            bids: Quote.emptyDepth, asks: Quote.emptyDepth, exchangeTime: state.time)
        guard terms.isTradable else { return quote }
        quote.bids = depth(state, .buy)
        quote.asks = depth(state, .sell)
        quote.lastQuantity = Quantity(state.lastQuantity)
        quote.volume = Quantity(state.snapshot.volume + state.day.userVolume)
        quote.averagePrice = averagePrice(state)
        quote.buyQuantity = total(state, .buy, quote.bids)
        quote.sellQuantity = total(state, .sell, quote.asks)
        quote.openInterest = Quantity(state.snapshot.openInterest)
        quote.openInterestHigh = Quantity(state.day.openInterestHigh)
        quote.openInterestLow = Quantity(state.day.openInterestLow)
        quote.lowerCircuit = price(terms.lowerCircuit)
        quote.upperCircuit = price(terms.upperCircuit)
        quote.lastTradeTime = state.lastTradeTime
        return quote
    }

    /// The model's levels and the users' orders, merged by price, the best five.
    private func depth(_ state: InstrumentState, _ side: Side) -> [DepthLevel] {
        var levels: [DepthLevel] = []
        let ladder = side == .buy ? state.snapshot.bids : state.snapshot.asks
        ladder.forEachLevel { level, price, quantity in
            let chance = Chance.bits(state.terms.seed, state.snapshot.epoch &+ UInt64(level) &+ 0x8_0000)
            let most = min(quantity / state.terms.lot, 24)
            let orders = 1 + Int(Chance.number(chance, below: most))
            levels.append(
                DepthLevel(price: Price(tenThousandths: price), quantity: Quantity(quantity), orders: orders))
        }
        if !state.book.isEmpty {
            for own in state.book.levels(side).prefix(Ladder.depth) { Self.merge(own, into: &levels, side) }
        }
        if levels.count > Ladder.depth { levels.removeLast(levels.count - Ladder.depth) }
        while levels.count < Ladder.depth { levels.append(.empty) }
        return levels
    }

    private static func merge(_ own: OrderBook.Level, into levels: inout [DepthLevel], _ side: Side) {
        let price = Price(tenThousandths: own.price)
        if let same = levels.firstIndex(where: { $0.price == price }) {
            levels[same].quantity += Quantity(own.quantity)
            levels[same].orders += own.entries.count
        } else {
            let place = levels.firstIndex { side == .buy ? $0.price < price : $0.price > price } ?? levels.count
            let level = DepthLevel(price: price, quantity: Quantity(own.quantity), orders: own.entries.count)
            levels.insert(level, at: place)
        }
    }

    /// The shown levels and what lies behind them.
    private func total(_ state: InstrumentState, _ side: Side, _ levels: [DepthLevel]) -> Quantity {
        let shown = levels.reduce(Quantity.zero) { $0 + $1.quantity }
        let chance = Chance.bits(state.terms.seed, UInt64(side == .buy ? 11 : 12) &+ state.snapshot.epoch / 64)
        let behind = shown.units * (8 + Chance.number(chance, below: 12)) / state.terms.lot * state.terms.lot
        return shown + Quantity(behind)
    }

    private func averagePrice(_ state: InstrumentState) -> Price {
        let modelVolume = Double(state.snapshot.volume)
        let volume = modelVolume + Double(state.day.userVolume)
        guard volume > 0 else { return Price(tenThousandths: state.last) }
        let value = state.day.mean * modelVolume + state.day.userValue
        return Price(tenThousandths: Int64((value / volume / 100).rounded()) * 100)
    }
}
