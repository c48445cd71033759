import Trading

extension Market {
    /// Lets an order take from the other side, users' orders before the model's at one price, and rests what is left.
    mutating func match(_ order: Int, at now: Timestamp) {
        let slot = orders[order].slot
        let before = orders[order].state.filled
        let metOwnOrder = sweep(order, at: now)
        let isFilled = orders[order].state.remaining == 0
        if isFilled {
            orders[order].become(.complete, at: now)
        } else if orders[order].state.filled > before {
            orders[order].become(.open, at: now)
        }
        settlePending(order)
        if orders[order].state.filled > before { announce(order, isFilled ? .filled : .partiallyFilled) }
        guard !isFilled else { return }
        if metOwnOrder {
            end(order, at: now, "The rest was cancelled: it would have traded with an order of the same account.")
        } else if orders[order].state.timeInForce == .immediateOrCancel {
            end(order, at: now, "The rest was cancelled: an immediate order does not wait in the book.")
        } else if let price = orders[order].state.price {
            let entry = OrderBook.Entry(
                order: order, owner: orders[order].account, remaining: orders[order].state.remaining)
            states[slot].book.rest(entry, side: orders[order].side, price: price)
            activate(slot)
        }
        touch(slot, at: now)
    }

    /// Trades as far as the limit goes; tells whether an order of the same account stood in the way.
    private mutating func sweep(_ order: Int, at now: Timestamp) -> Bool {
        let slot = orders[order].slot
        let side = orders[order].side
        guard let limit = orders[order].state.price else { return false }
        while orders[order].state.remaining > 0 {
            let offer = side == .buy ? states[slot].snapshot.asks.offer : states[slot].snapshot.bids.offer
            let reachable = offer.flatMap { ($0.price - limit) * side.sign <= 0 ? $0 : nil }
            let taking = states[slot].book.take(
                side, limit: reachable?.price ?? limit, quantity: orders[order].state.remaining,
                owner: orders[order].account)
            for fill in taking.fills {
                execute(fill.maker, price: fill.price, quantity: fill.quantity, at: now)
                execute(order, price: fill.price, quantity: fill.quantity, at: now)
                trade(slot, price: fill.price, quantity: fill.quantity, at: now)
                finishMaker(fill.maker, at: now)
            }
            if taking.metOwnOrder { return orders[order].state.remaining > 0 }
            guard let reachable, orders[order].state.remaining > 0 else { break }
            let quantity = min(reachable.quantity, orders[order].state.remaining)
            eat(slot, side: side, quantity: quantity)
            execute(order, price: reachable.price, quantity: quantity, at: now)
            trade(slot, price: reachable.price, quantity: quantity, at: now)
        }
        return false
    }

    /// Fills resting orders that the model's prices have come to, at the orders' own prices, best first.
    mutating func matchResting(_ slot: Int, at now: Timestamp) {
        for side in Side.allCases {
            while let price = states[slot].book.bestPrice(side),
                let offer = side == .buy ? states[slot].snapshot.asks.offer : states[slot].snapshot.bids.offer,
                (offer.price - price) * side.sign <= 0
            {
                let taking = states[slot].book.take(
                    side.opposite, limit: price, quantity: offer.quantity, owner: Self.modelOwner)
                for fill in taking.fills {
                    eat(slot, side: side, quantity: fill.quantity)
                    execute(fill.maker, price: fill.price, quantity: fill.quantity, at: now)
                    trade(slot, price: fill.price, quantity: fill.quantity, at: now)
                    finishMaker(fill.maker, at: now)
                }
                touch(slot, at: now)
            }
        }
    }

    /// Sets off the stop orders whose trigger the last price has reached, oldest first, until none is left. What
    /// follows from fills comes first, so that a cover order's stop loss has all the units it is to close.
    mutating func triggerStops(_ slot: Int, at now: Timestamp) {
        runFollowUps(at: now)
        while let place = states[slot].stops.firstIndex(where: { isTriggered($0, last: states[slot].last) }) {
            let order = states[slot].stops.remove(at: place)
            if orders[order].state.type == .stopMarket { protect(order) }
            orders[order].state.type = .limit
            orders[order].become(.open, at: now)
            settlePending(order)
            announce(order, .triggered)
            endEntry(ofExit: order, at: now)
            match(order, at: now)
            runFollowUps(at: now)
        }
    }

    private func isTriggered(_ order: Int, last: Int64) -> Bool {
        guard let trigger = orders[order].state.trigger else { return false }
        return (last - trigger) * orders[order].side.sign >= 0
    }

    /// No account has this number.
    private static let modelOwner = -1

    /// Turns a market order into a limit order at its protection.
    mutating func protect(_ order: Int) {
        let slot = orders[order].slot
        let terms = states[slot].terms
        let basisPoints =
            switch orders[order].protectionAsked {
            case .basisPoints(let points): points
            case .automatic, nil:
                Protection.automaticBasisPoints(
                    isOption: terms.kind == .call || terms.kind == .put, lastPrice: states[slot].last)
            }
        orders[order].state.protection = basisPoints
        orders[order].state.price = Protection.limit(
            orders[order].side, basisPoints: basisPoints, terms: terms, lastPrice: states[slot].last)
    }

    /// Takes what is left of an order out of the market.
    mutating func end(_ order: Int, at now: Timestamp, _ message: String?) {
        orders[order].state.cancelled = orders[order].state.remaining
        orders[order].become(.cancelled, at: now, message: message)
        settlePending(order)
        announce(order, .cancelled)
    }

    mutating func activate(_ slot: Int) {
        guard !states[slot].isActive else { return }
        states[slot].isActive = true
        active.append(slot)
    }

    mutating func announce(_ order: Int, _ event: VenueOrderUpdate.Event) {
        let account = accounts[orders[order].account].id
        updates.append(VenueOrderUpdate(account: account, event: event, order: snapshot(order)))
    }

    private mutating func finishMaker(_ order: Int, at now: Timestamp) {
        let isFilled = orders[order].state.remaining == 0
        orders[order].become(isFilled ? .complete : .open, at: now)
        settlePending(order)
        announce(order, isFilled ? .filled : .partiallyFilled)
    }

    private mutating func execute(_ order: Int, price: Int64, quantity: Int64, at now: Timestamp) {
        orders[order].state.filled += quantity
        orders[order].state.filledValue += price * quantity
        if orders[order].hasCompanions { followUps.append(order) }
        let account = orders[order].account
        accounts[account].add(
            orders[order].side, quantity: Quantity(quantity), price: Price(tenThousandths: price),
            at: orders[order].entry)
        executions.append(
            Execution(
                number: Int64(executions.count + 1), order: order, price: price, quantity: quantity, time: now))
        accounts[account].trades.append(executions.count - 1)
    }

    private mutating func eat(_ slot: Int, side: Side, quantity: Int64) {
        if side == .buy {
            states[slot].snapshot.asks.eaten += quantity
        } else {
            states[slot].snapshot.bids.eaten += quantity
        }
    }

    private mutating func trade(_ slot: Int, price: Int64, quantity: Int64, at now: Timestamp) {
        tape.record(slot: slot, step: exchangeStep(of: states[slot].terms), price, quantity, at: now)
        states[slot].last = price
        states[slot].lastQuantity = quantity
        states[slot].lastTradeTime = now
        states[slot].day.see(price: price)
        states[slot].day.userVolume += quantity
        states[slot].day.userValue += Double(price) * Double(quantity)
    }
}
