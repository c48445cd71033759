import Trading

/// One account at the venue: cash, positions, shares, and what its orders tie up.
struct PaperAccount: Sendable {
    /// One instrument held in one way, with what waits in the book.
    struct Entry: Sendable {
        var position: Position
        let slot: Int
        var pending = PendingOrders()
        var requirement = Requirement()

        /// Profit or loss of what is closed, as last settled.
        var realised: Money = .zero
        /// Units whose open profit or loss counts, and what one of them cost, as last settled.
        var marked: Quantity = 0
        var markedPrice: Price = .zero

        /// Profit or loss of the closed part. Of sold holdings only what was bought and sold again today has one: the
        /// rest was owned before.
        func result(isShare: Bool) -> Money {
            if isShare, position.product.takesDelivery, position.quantity < 0 {
                return (position.sellPrice - position.buyPrice) * position.dayBuyQuantity
            }
            return position.value + position.averagePrice * position.quantity * position.multiplier
        }

        /// Units that are marked to market: not where cash or premium was paid in full, nor sold holdings.
        func units(isOption: Bool, isShare: Bool) -> Quantity {
            let isPaid = (isOption && position.quantity > 0) || (isShare && position.product.takesDelivery)
            return isPaid ? 0 : position.quantity
        }
    }

    private struct Key: Sendable, Hashable {
        let slot: Int
        let product: Product
    }

    let id: String
    let openingCash: Money
    private(set) var entries: [Entry] = []
    private var places: [Key: Int] = [:]
    private(set) var holdings: [Holding] = []
    /// What may leave the demat account today.
    var authorisations = Authorisations()
    /// The orders and executions of the account, by number.
    var orders: [Int] = []
    var trades: [Int] = []
    /// What all entries tie up.
    private(set) var requirement = Requirement()
    /// Profit or loss of everything that is closed.
    private(set) var realised: Money = .zero
    /// The entries with units that are marked to market.
    private(set) var markedPlaces: [Int] = []

    init(id: String, openingCash: Money) {
        self.id = id
        self.openingCash = openingCash
    }

    /// Where an instrument and product stand; makes the entry where there is none.
    mutating func place(of state: InstrumentState.Terms, slot: Int, product: Product, id: InstrumentID) -> Int {
        let key = Key(slot: slot, product: product)
        if let place = places[key] { return place }
        var position = Position(instrument: id, token: state.token, product: product)
        position.closePrice = Price(tenThousandths: state.close)
        entries.append(Entry(position: position, slot: slot))
        places[key] = entries.count - 1
        return entries.count - 1
    }

    /// Where an instrument and product stand; nil where there is no entry yet.
    func place(slot: Int, product: Product) -> Int? { places[Key(slot: slot, product: product)] }

    /// Puts a position in place of an entry's own; the entry is to be settled anew.
    mutating func replace(_ position: Position, at place: Int) {
        entries[place].position = position
    }

    mutating func add(_ side: Side, quantity: Quantity, price: Price, at place: Int) {
        entries[place].position.add(side: side, quantity: quantity, price: price)
    }

    mutating func changePending(at place: Int, _ change: (inout PendingOrders) -> Void) {
        change(&entries[place].pending)
    }

    /// Works out anew what an entry ties up and what it has brought.
    mutating func settle(_ place: Int, terms: InstrumentState.Terms, reference: Price) {
        let required = MarginRates.requirement(
            entries[place].position, pending: entries[place].pending, terms: terms, reference: reference)
        requirement = requirement - entries[place].requirement + required
        entries[place].requirement = required
        let isOption = terms.kind == .call || terms.kind == .put
        let result = entries[place].result(isShare: terms.kind == .equity)
        realised = realised - entries[place].realised + result
        entries[place].realised = result
        let units = entries[place].units(isOption: isOption, isShare: terms.kind == .equity)
        if units == 0, entries[place].marked != 0 {
            markedPlaces.removeAll { $0 == place }
        } else if units != 0, entries[place].marked == 0 {
            markedPlaces.append(place)
        }
        entries[place].marked = units
        entries[place].markedPrice = entries[place].position.averagePrice
    }

    mutating func deposit(_ shares: [Holding]) {
        holdings.append(contentsOf: shares)
    }

    /// Shares of an instrument that may still be sold: held and bought today, less sold and on sale.
    func sellable(_ id: InstrumentID, at place: Int) -> Quantity {
        let held = holdings.lazy.filter { $0.instrument == id }.reduce(Quantity.zero) { $0 + $1.totalQuantity }
        return held + entries[place].position.quantity - entries[place].pending.sellQuantity
    }
}

/// The money of an account at one moment.
struct Funds: Sendable, Hashable {
    var cash: Money
    var requirement: Requirement
    var realised: Money = .zero
    var unrealised: Money = .zero

    /// What is tied up: losses that are open count, gains that are open do not.
    var debits: Money { requirement.total - realised - min(unrealised, .zero) }

    /// What can be used.
    var net: Money { cash - debits }

    /// The purse as a broker shows it. Source: Kite Connect, funds and margins.
    var margin: Margin {
        var margin = Margin()
        margin.net = net
        margin.available.cash = cash
        margin.available.openingBalance = cash
        margin.available.liveBalance = net
        margin.utilised.debits = debits
        margin.utilised.span = requirement.span
        margin.utilised.exposure = requirement.exposure
        margin.utilised.optionPremium = requirement.premium
        margin.utilised.delivery = requirement.delivery
        margin.utilised.holdingSales = requirement.saleCredit
        margin.utilised.realisedProfit = realised
        margin.utilised.unrealisedProfit = unrealised
        return margin
    }
}
