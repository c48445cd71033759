import PaperExchange
import Trading

/// Units of one fund in one account.
struct FundHolding: Sendable {
    let scheme: FundScheme
    let folio: String
    var units: FundUnits
    /// What one unit cost on average.
    var averagePrice: Price
}

/// The fund orders, plans and holdings of one account: decides from the times it is handed.
///
/// An order stays open until the Indian day it came on is over and is then allotted at that day's value; nothing is
/// paid from the trading account. Plans that have come due place their orders whenever the book is looked at.
struct FundBook: Sendable {
    private(set) var orders: [FundOrder] = []
    private(set) var plans: [FundPlan] = []
    private(set) var holdings: [FundHolding] = []

    /// The most that one order may be, in whole rupees.
    static let mostRupees: Int64 = 1_000_000_000

    /// Places a purchase or a sale and gives it its number.
    mutating func place(_ form: FundOrderForm, at now: Timestamp, _ random: RandomBytes) throws(KiteRefusal) -> String {
        let held = holdings.first { $0.scheme == form.scheme }
        switch form.side {
        case .buy:
            let least = Money(rupees: held == nil ? form.scheme.minimum : form.scheme.furtherMinimum)
            guard form.amount >= least, form.amount <= Money(rupees: Self.mostRupees) else { throw .invalid("amount") }
        case .sell:
            let onSale = orders.filter { $0.status == .open && $0.side == .sell && $0.scheme == form.scheme }
                .reduce(Int64(0)) { $0 + $1.units.thousandths }
            let free = (held?.units.thousandths ?? 0) - onSale
            guard 1...max(free, 1) ~= form.units.thousandths, free > 0 else { throw .invalid("quantity") }
        }
        return add(form, variety: "regular", at: now, random)
    }

    /// Takes an order back that nothing has happened to yet.
    mutating func cancelOrder(_ id: String) throws(KiteRefusal) {
        guard let place = orders.firstIndex(where: { $0.id == id }) else { throw .unknownOrder }
        guard orders[place].status == .open else { throw .fundOrderNotOpen }
        orders[place].status = .cancelled
    }

    /// Starts a plan; where it begins with a purchase of its own, that is placed too.
    mutating func start(_ form: FundPlanForm, at now: Timestamp, _ random: RandomBytes) throws(KiteRefusal) -> String {
        let id = RandomText.digits(15, random)
        if let initial = form.initialAmount {
            let purchase = FundOrderForm(
                scheme: form.scheme, side: .buy, amount: initial, units: .zero, tag: form.tag)
            _ = try place(purchase, at: now, random)
        }
        plans.append(
            FundPlan(
                id: id, scheme: form.scheme, created: now, tag: form.tag, stepUp: form.stepUp, trigger: form.trigger,
                frequency: form.frequency, amount: form.amount, instalments: form.instalments,
                day: form.frequency == .monthly ? form.day : 0, last: now,
                next: FundPlan.next(after: now.indian.date, form.frequency, day: form.day)))
        return id
    }

    /// Changes a plan that is not cancelled.
    mutating func change(_ id: String, _ change: FundPlanChange, at now: Timestamp) throws(KiteRefusal) {
        let place = try openPlan(id)
        if let status = change.status { plans[place].status = status }
        if let amount = change.amount { plans[place].amount = amount }
        if let instalments = change.instalments { plans[place].instalments = instalments }
        guard change.frequency != nil || change.day != nil else { return }
        let frequency = change.frequency ?? plans[place].frequency
        plans[place].frequency = frequency
        plans[place].day = frequency == .monthly ? change.day ?? plans[place].day : 0
        plans[place].next = FundPlan.next(after: now.indian.date, frequency, day: plans[place].day)
    }

    /// Ends a plan.
    mutating func cancelPlan(_ id: String) throws(KiteRefusal) {
        plans[try openPlan(id)].status = .cancelled
    }

    private func openPlan(_ id: String) throws(KiteRefusal) -> Int {
        guard let place = plans.firstIndex(where: { $0.id == id }) else { throw .unknownPlan }
        guard plans[place].status != .cancelled else { throw .planNotOpen }
        return place
    }

    /// Places what plans have come due for and allots what is open from days before.
    mutating func settle(at now: Timestamp, _ random: RandomBytes) {
        let today = now.indian.date
        for place in plans.indices { runPlan(place, until: today, random) }
        for place in orders.indices where orders[place].status == .open && orders[place].placed.indian.date < today {
            allot(place, random)
        }
    }

    private mutating func runPlan(_ place: Int, until today: CalendarDate, _ random: RandomBytes) {
        while plans[place].status == .active, plans[place].next <= today, plans[place].pending != 0 {
            let plan = plans[place]
            let time = Timestamp(indianDate: plan.next, secondOfDay: 9 * 3_600)
            let form = FundOrderForm(scheme: plan.scheme, side: .buy, amount: plan.amount, units: .zero, tag: plan.tag)
            _ = add(form, variety: "sip", at: time, random)
            plans[place].completed += 1
            plans[place].last = time
            plans[place].next = FundPlan.next(after: plan.next, plan.frequency, day: plan.day)
        }
    }

    private mutating func add(
        _ form: FundOrderForm, variety: String, at now: Timestamp, _ random: RandomBytes
    ) -> String {
        let isKnown = holdings.contains { $0.scheme == form.scheme }
        let order = FundOrder(
            id: RandomText.uuid(random), scheme: form.scheme, side: form.side, variety: variety, tag: form.tag,
            placed: now, isAdditional: form.side == .buy ? isKnown : nil, amount: form.amount, units: form.units)
        orders.append(order)
        return order.id
    }

    private mutating func allot(_ place: Int, _ random: RandomBytes) {
        let order = orders[place]
        let day = order.placed.indian.date
        let value = order.scheme.value(on: day)
        let known = holdings.firstIndex { $0.scheme == order.scheme }
        let folio = known.map { holdings[$0].folio } ?? RandomText.digits(10, random)
        orders[place].status = .complete
        orders[place].price = value
        orders[place].folio = folio
        orders[place].exchangeOrderID = RandomText.digits(9, random)
        orders[place].settlementID = RandomText.digits(7, random)
        orders[place].exchangeDate = day
        if order.side == .buy {
            orders[place].units = FundUnits(order.amount, at: value)
        } else {
            orders[place].amount = order.units.worth(at: value) ?? .zero
        }
        let moved = orders[place].units.thousandths
        guard let known else {
            holdings.append(
                FundHolding(
                    scheme: order.scheme, folio: folio, units: FundUnits(thousandths: moved), averagePrice: value))
            return
        }
        let before = holdings[known]
        holdings[known].units.thousandths += order.side == .buy ? moved : -moved
        guard order.side == .buy else {
            if holdings[known].units == .zero { holdings.remove(at: known) }
            return
        }
        let paid = (before.units.worth(at: before.averagePrice) ?? .zero) + order.amount
        let all = holdings[known].units.thousandths
        let average = Double(paid.tenThousandths) * 1_000 / Double(max(all, 1))
        holdings[known].averagePrice = Price(tenThousandths: Int64(average.rounded()))
    }
}

/// The books of all accounts.
struct FundBooks {
    let random: RandomBytes
    private var books: [String: FundBook] = [:]

    init(random: @escaping RandomBytes) {
        self.random = random
    }

    /// The book of a user, brought up to now, to look at or to change.
    mutating func with<Value>(
        _ userID: String, at now: Timestamp,
        _ body: (inout FundBook, RandomBytes) throws(KiteRefusal) -> Value
    ) throws(KiteRefusal) -> Value {
        var book = books[userID] ?? FundBook()
        defer { books[userID] = book }
        book.settle(at: now, random)
        return try body(&book, random)
    }
}
