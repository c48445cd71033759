import Trading

extension Market {
    /// Tells the account what of an order still waits, and works out anew what that ties up.
    mutating func settlePending(_ order: Int) {
        let new = orders[order]
        let price = new.state.price ?? new.state.trigger ?? states[new.slot].last
        let counted = (quantity: new.state.remaining, price: price)
        let side = new.side
        accounts[new.account].changePending(at: new.entry) { pending in
            pending.remove(
                side, quantity: Quantity(new.counted.quantity), price: Price(tenThousandths: new.counted.price))
            pending.add(side, quantity: Quantity(counted.quantity), price: Price(tenThousandths: counted.price))
        }
        orders[order].counted = counted
        let reference = reference(new.slot)
        accounts[new.account].settle(new.entry, terms: states[new.slot].terms, reference: reference)
    }

    /// The price margins are counted from: the underlying's for an option, else the instrument's own.
    mutating func reference(_ slot: Int) -> Price {
        let terms = states[slot].terms
        guard terms.kind == .call || terms.kind == .put else { return Price(tenThousandths: states[slot].last) }
        return Price(rounding: model.level(ofUnderlying: terms.underlying, atStep: step)) ?? .zero
    }

    /// What more of an order would tie up: `added` units at a price on top of what is there.
    mutating func additionalRequirement(
        account: Int, entry: Int, side: Side, replacing counted: (quantity: Int64, price: Int64),
        with added: (quantity: Int64, price: Int64)
    ) -> Money {
        let present = accounts[account].entries[entry]
        var pending = present.pending
        pending.remove(side, quantity: Quantity(counted.quantity), price: Price(tenThousandths: counted.price))
        pending.add(side, quantity: Quantity(added.quantity), price: Price(tenThousandths: added.price))
        let reference = reference(present.slot)
        let terms = states[present.slot].terms
        let new = MarginRates.requirement(present.position, pending: pending, terms: terms, reference: reference)
        return new.total - present.requirement.total
    }

    /// The money of an account now. Costs a look at the price of each position that is marked to market.
    mutating func funds(_ account: Int, at now: Timestamp) -> Funds {
        var funds = Funds(
            cash: accounts[account].openingCash, requirement: accounts[account].requirement,
            realised: accounts[account].realised)
        for place in accounts[account].markedPlaces {
            let slot = accounts[account].entries[place].slot
            refresh(slot, at: now)
            let gain = Price(tenThousandths: states[slot].last) - accounts[account].entries[place].markedPrice
            let multiplier = accounts[account].entries[place].position.multiplier
            funds.unrealised += gain * accounts[account].entries[place].marked * multiplier
        }
        return funds
    }

    mutating func margins(of id: String, at now: Timestamp) -> [MarginSegment: Margin] {
        guard let account = account(id) else { return [:] }
        return [.equity: funds(account, at: now).margin, .commodity: Margin()]
    }

    mutating func positions(of id: String, at now: Timestamp) -> (net: [Position], day: [Position]) {
        guard let account = account(id) else { return ([], []) }
        var net: [Position] = []
        for place in accounts[account].entries.indices {
            let entry = accounts[account].entries[place]
            guard entry.position.buyQuantity != 0 || entry.position.sellQuantity != 0 else { continue }
            refresh(entry.slot, at: now)
            var position = entry.position
            position.lastPrice = Price(tenThousandths: states[entry.slot].last)
            net.append(position)
        }
        // Accounts open with the day, so that nothing is carried and both views hold the same rows.
        return (net, net)
    }

    mutating func holdings(of id: String, at now: Timestamp) -> [Holding] {
        guard let account = account(id) else { return [] }
        return accounts[account].holdings.map { holding in
            var holding = holding
            if let row = listing.row(of: holding.instrument) {
                let slot = slot(ofRow: row, at: now)
                holding.lastPrice = Price(tenThousandths: states[slot].last)
                holding.closePrice = Price(tenThousandths: states[slot].terms.close)
            }
            return holding
        }
    }
}
