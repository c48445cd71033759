import Trading

extension Market {
    /// An account's shares, one row an instrument, in the order in which they came.
    mutating func heldShares(of id: String, at now: Timestamp) -> [HeldShares] {
        guard let account = account(id) else { return [] }
        let today = now.indian.date
        var rows: [HeldShares] = []
        for holding in holdings(of: id, at: now) {
            let known = rows.firstIndex { $0.holding.instrument == holding.instrument }
            let place = known ?? rows.count
            if known == nil { rows.append(shares(of: holding, account: account, on: today)) }
            if holding.product == .marginFunded {
                rows[place].funded = holding.added(to: rows[place].funded)
            } else {
                rows[place].holding = holding.added(to: known == nil ? nil : rows[place].holding)
            }
        }
        return rows
    }

    /// Lets shares out of the demat account for a session: so many units of each, or all where nothing is named.
    /// Names of shares that are not held are passed over.
    mutating func authorise(_ asked: [(isin: String, quantity: Quantity)], for id: String, at now: Timestamp) {
        guard let account = account(id) else { return }
        var all: [(instrument: InstrumentID, isin: String?, quantity: Quantity)] = []
        for holding in accounts[account].holdings {
            if let known = all.firstIndex(where: { $0.instrument == holding.instrument }) {
                all[known].quantity += holding.totalQuantity
            } else {
                all.append((holding.instrument, holding.isin, holding.totalQuantity))
            }
        }
        for held in all {
            let named = asked.filter { $0.isin == held.isin }.reduce(Quantity.zero) {
                $0 + min($1.quantity, held.quantity)
            }
            let quantity = asked.isEmpty ? held.quantity : named
            guard quantity > 0 else { continue }
            accounts[account].authorisations.authorise(
                quantity, of: held.instrument, held: held.quantity, at: now)
        }
    }

    /// Shares that were not bought today leave the demat account only with their owner's word.
    func checkAuthorisation(
        _ terms: OrderRequest, account: Int, entry: Int, at now: Timestamp
    ) throws(VenueRefusal) {
        guard configuration.holdingsNeedAuthorisation else { return }
        let (position, pending) = (accounts[account].entries[entry].position, accounts[account].entries[entry].pending)
        let leaving = terms.quantity + pending.sellQuantity - position.quantity
        let authorised = accounts[account].authorisations.quantity(of: terms.instrument, on: now.indian.date)
        guard leaving <= authorised else {
            throw .authorisationNeeded(min(terms.quantity, leaving - authorised))
        }
    }

    private func shares(of holding: Holding, account: Int, on day: CalendarDate) -> HeldShares {
        var empty = holding
        empty.product = .delivery
        empty.quantity = 0
        empty.unsettledQuantity = 0
        empty.collateralQuantity = 0
        empty.averagePrice = .zero
        var row = HeldShares(holding: empty)
        row.authorisedQuantity = accounts[account].authorisations.quantity(of: holding.instrument, on: day)
        row.authorisedDate = accounts[account].authorisations.day(of: holding.instrument)
        row.usedQuantity = sold(holding.instrument, .delivery, account: account)
        row.fundedUsedQuantity = sold(holding.instrument, .marginFunded, account: account)
        return row
    }

    /// Units that were sold today beyond those bought today.
    private func sold(_ instrument: InstrumentID, _ product: Product, account: Int) -> Quantity {
        let entry = accounts[account].entries.first {
            $0.position.instrument == instrument && $0.position.product == product
        }
        return max(-(entry?.position.quantity ?? 0), 0)
    }
}

extension Holding {
    /// Two lots of one share as one, at the average of what they cost.
    fileprivate func added(to other: Holding?) -> Holding {
        guard let other, other.totalQuantity != 0 else { return self }
        var sum = self
        let cost = averagePrice * totalQuantity + other.averagePrice * other.totalQuantity
        sum.quantity += other.quantity
        sum.unsettledQuantity += other.unsettledQuantity
        sum.collateralQuantity += other.collateralQuantity
        sum.averagePrice = cost.perUnit(sum.totalQuantity) ?? .zero
        return sum
    }
}
