import Trading

/// Money that positions and working orders tie up, by what it is for.
struct Requirement: Sendable, Hashable {
    var premium: Money = .zero
    var span: Money = .zero
    var exposure: Money = .zero
    var delivery: Money = .zero
    /// What sold holdings bring before they settle; counts against the rest.
    var saleCredit: Money = .zero

    var total: Money { premium + span + exposure + delivery - saleCredit }

    static func + (left: Requirement, right: Requirement) -> Requirement {
        Requirement(
            premium: left.premium + right.premium, span: left.span + right.span,
            exposure: left.exposure + right.exposure, delivery: left.delivery + right.delivery,
            saleCredit: left.saleCredit + right.saleCredit)
    }

    static func - (left: Requirement, right: Requirement) -> Requirement {
        Requirement(
            premium: left.premium - right.premium, span: left.span - right.span,
            exposure: left.exposure - right.exposure, delivery: left.delivery - right.delivery,
            saleCredit: left.saleCredit - right.saleCredit)
    }
}

/// What rests in the book for one instrument and product of one account.
struct PendingOrders: Sendable, Hashable {
    var buyQuantity: Quantity = 0
    var buyValue: Money = .zero
    var sellQuantity: Quantity = 0
    var sellValue: Money = .zero

    mutating func add(_ side: Side, quantity: Quantity, price: Price) {
        if side == .buy {
            buyQuantity += quantity
            buyValue += price * quantity
        } else {
            sellQuantity += quantity
            sellValue += price * quantity
        }
    }

    mutating func remove(_ side: Side, quantity: Quantity, price: Price) {
        add(side, quantity: -quantity, price: price)
    }
}

/// How much a position with its working orders ties up: flat percentages by class of instrument.
///
/// Orders that close a position tie up nothing. Source of the percentages: NSE Clearing's price scan and exposure
/// margins in calm markets (index 9.3 % + 2 %), 20 % for shares and what is written on them.
struct MarginRates: Sendable, Hashable {
    var spanBasisPoints: Int64
    var exposureBasisPoints: Int64

    static func rates(for sort: Underlying.Sort) -> MarginRates {
        switch sort {
        case .index: MarginRates(spanBasisPoints: 930, exposureBasisPoints: 200)
        case .share: MarginRates(spanBasisPoints: 1_650, exposureBasisPoints: 350)
        case .commodity: MarginRates(spanBasisPoints: 1_000, exposureBasisPoints: 200)
        case .currency: MarginRates(spanBasisPoints: 250, exposureBasisPoints: 100)
        }
    }

    /// What is tied up. `reference` is the price of the underlying for an option, else of the instrument itself.
    static func requirement(
        _ position: Position, pending: PendingOrders, terms: InstrumentState.Terms, reference: Price
    ) -> Requirement {
        let held = position.quantity
        let extraBuys = max(pending.buyQuantity - max(-held, 0), 0)
        let extraSells = max(pending.sellQuantity - max(held, 0), 0)
        var requirement = Requirement()
        switch terms.kind {
        case .index: break
        case .equity where !position.product.takesDelivery:
            let most = max((held + pending.buyQuantity).magnitude, (held - pending.sellQuantity).magnitude)
            requirement.span = (reference * max(most, held.magnitude)).basisPoints(2_000)
        case .equity:
            requirement.delivery = position.averagePrice * max(held, 0) + share(pending, extraBuys)
            requirement.saleCredit = (position.averagePrice * max(-held, 0)).basisPoints(8_000)
        case .future:
            let most = max((held + pending.buyQuantity).magnitude, (held - pending.sellQuantity).magnitude)
            requirement = rates(for: terms.sort).requirement(reference * max(most, held.magnitude))
        case .call, .put:
            let short = max(-held, 0) + extraSells
            requirement = rates(for: terms.sort).requirement(reference * short)
            requirement.premium = position.averagePrice * max(held, 0) + share(pending, extraBuys)
        }
        return requirement
    }

    private func requirement(_ notional: Money) -> Requirement {
        var requirement = Requirement()
        requirement.span = notional.basisPoints(spanBasisPoints)
        requirement.exposure = notional.basisPoints(exposureBasisPoints)
        return requirement
    }

    /// What the part of the working buys costs that does not close anything.
    private static func share(_ pending: PendingOrders, _ quantity: Quantity) -> Money {
        guard quantity != pending.buyQuantity else { return pending.buyValue }
        guard let average = pending.buyValue.perUnit(pending.buyQuantity) else { return .zero }
        return average * quantity
    }
}

extension Product {
    /// Whether shares are paid for in full and come into the demat account; margins are counted for all others.
    var takesDelivery: Bool { self == .delivery || self == .marginFunded }
}
