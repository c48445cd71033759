import Trading

extension Market {
    /// Holds units of a position in another way. The checks come in the order in which they stand here.
    mutating func convert(
        _ conversion: PositionConversion, for id: String, at now: Timestamp
    ) throws(ConversionRefusal) {
        guard let account = account(id) else { throw .unknownAccount(id) }
        guard let row = listing.row(of: conversion.instrument) else {
            throw .unknownInstrument(conversion.instrument)
        }
        let slot = slot(ofRow: row, at: now)
        let terms = states[slot].terms
        guard hours.isOpen(terms.exchange, at: now) else { throw .marketClosed }
        try Self.check(conversion, terms)
        let from = accounts[account].place(slot: slot, product: conversion.from)
        let open = from.map { accounts[account].entries[$0].position.convertible(conversion.side, conversion.period) }
        guard let from, let open, conversion.quantity <= open else {
            throw .notThatMany(asked: conversion.quantity, open: open ?? 0)
        }
        let to = accounts[account].place(
            of: terms, slot: slot, product: conversion.to, id: conversion.instrument)
        try checkHoldings(conversion, account: account, from: from, to: to, terms)
        try move(conversion, account: account, from: from, to: to, at: now)
    }

    private static func check(
        _ conversion: PositionConversion, _ terms: InstrumentState.Terms
    ) throws(ConversionRefusal) {
        guard conversion.from != conversion.to else { throw .sameProduct(conversion.from) }
        do {
            try OrderRules.checkProduct(conversion.to, terms)
        } catch {
            throw .productNotAllowed(terms.exchange, conversion.to)
        }
        guard conversion.quantity > 0 else { throw .quantityNotPositive }
        guard conversion.quantity.isMultiple(ofLot: Quantity(terms.lot)) else {
            throw .offLot(lot: Quantity(terms.lot))
        }
    }

    /// Shares that are sold or on sale have to stay covered by what is held.
    private func checkHoldings(
        _ conversion: PositionConversion, account: Int, from: Int, to: Int, _ terms: InstrumentState.Terms
    ) throws(ConversionRefusal) {
        guard terms.kind == .equity else { return }
        let asks = conversion.side == .sell ? conversion.to : conversion.from
        guard asks.takesDelivery else { return }
        let place = conversion.side == .sell ? to : from
        let held = accounts[account].sellable(conversion.instrument, at: place)
        guard conversion.quantity <= held else {
            throw .insufficientHoldings(asked: conversion.quantity, held: max(held, 0))
        }
    }

    private mutating func move(
        _ conversion: PositionConversion, account: Int, from: Int, to: Int, at now: Timestamp
    ) throws(ConversionRefusal) {
        var source = accounts[account].entries[from]
        var target = accounts[account].entries[to]
        let sign = conversion.side.sign
        if conversion.period == .overnight, target.position.overnightQuantity.units * sign < 0 {
            throw .carriedTheOtherWay(conversion.to)
        }
        let terms = states[source.slot].terms
        let reference = reference(source.slot)
        let before = source.requirement + target.requirement
        source.position.move(conversion, to: &target.position)
        let after = [source, target].reduce(Requirement()) { sum, entry in
            sum
                + MarginRates.requirement(
                    entry.position, pending: entry.pending, terms: terms, reference: reference)
        }
        let more = after.total - before.total
        if more > .zero {
            let net = funds(account, at: now).net
            guard more <= net else { throw .insufficientFunds(required: more, available: net) }
        }
        accounts[account].replace(source.position, at: from)
        accounts[account].replace(target.position, at: to)
        for place in [from, to] { accounts[account].settle(place, terms: terms, reference: reference) }
    }
}
