import Brokers
import Gateway
import Synchronization
import Trading

/// Chance that the parts of a simulated world share.
final class Chance: Sendable {
    private let numbers: Mutex<SeededNumbers>

    init(seed: UInt64) {
        numbers = Mutex(SeededNumbers(seed: seed))
    }

    func integer(in range: ClosedRange<Int>) -> Int { numbers.withLock { Int.random(in: range, using: &$0) } }
    func once(in times: Int) -> Bool { integer(in: 1...times) == 1 }
    func time(upTo milliseconds: Int) -> Duration { .milliseconds(integer(in: 0...milliseconds)) }
}

/// Some minutes of a day on which everything goes wrong that can: answers are lost, late or refused, the book lags,
/// fails and lies, news comes twice and in any sequence, the journal is slow or down, and the process dies at any step.
struct FaultyDay {
    private enum Event {
        case submit(OrderSubmission)
        case trade
        case elsewhere
        case journal(isUnavailable: Bool)
        case crash(jobs: Int)
        case start
    }

    private let chance: Chance
    private let trial = Trial()
    private let receipts = Receipts()
    private var events: [(at: Duration, event: Event)] = []
    private var session: AccountSession?
    private var told: [Told] = []
    private var hasJournalOutage = false
    private(set) var crashes = 0

    /// What was found wrong.
    private(set) var faults: [String] = []
    /// Everything that happened, to compare runs.
    private(set) var log = ""
    /// Orders that clients asked for.
    var orderCount: Int { trial.journal.intents.count }

    init(seed: UInt64) {
        chance = Chance(seed: seed)
        plan()
        script()
    }

    private mutating func plan() {
        events = [(.seconds(2), .start)]
        for number in 0..<chance.integer(in: 5...20) {
            let submission = Trial.submission("key-\(number)", quantity: Quantity(Int64(chance.integer(in: 1...50))))
            let first = Duration.seconds(3) + chance.time(upTo: 90_000)
            events.append((first, .submit(submission)))
            // Clients that heard nothing ask again under the same key.
            for _ in 0..<chance.integer(in: 0...3) {
                events.append((first + chance.time(upTo: 60_000), .submit(submission)))
            }
        }
        for _ in 0..<chance.integer(in: 0...60) { events.append((chance.time(upTo: 150_000), .trade)) }
        if chance.once(in: 3) { events.append((chance.time(upTo: 100_000), .elsewhere)) }
        for _ in 0..<chance.integer(in: 0...4) {
            events.append((.seconds(2) + chance.time(upTo: 120_000), .crash(jobs: chance.integer(in: 0...80))))
        }
        if chance.once(in: 4) {
            hasJournalOutage = true
            let begin = chance.time(upTo: 100_000)
            events.append((begin, .journal(isUnavailable: true)))
            events.append((begin + chance.time(upTo: 20_000), .journal(isUnavailable: false)))
        }
    }

    private func script() {
        let chance = chance
        trial.broker.script { state in
            state.nextFate = {
                switch chance.integer(in: 0...9) {
                case 0: .answerLost(after: chance.time(upTo: 7_000), visible: chance.time(upTo: 200_000))
                case 1: .answerLost(after: chance.time(upTo: 7_000))
                case 2: .vanished(after: chance.time(upTo: 7_000))
                case 3: .refused("Insufficient funds.")
                case 4: .notSent
                case 5: .taken(answer: chance.time(upTo: 5_000), visible: chance.time(upTo: 10_000))
                default: .taken(answer: chance.time(upTo: 300))
                }
            }
            state.nextBookFate = {
                let delay = chance.once(in: 10) ? chance.time(upTo: 10_000) : chance.time(upTo: 200)
                return switch chance.integer(in: 0...9) {
                case 0: (.empty, delay)
                case 1, 2: (.failing, delay)
                default: (.good, delay)
                }
            }
        }
        trial.journal.script { state in
            state.delays = {
                let isSlow = chance.once(in: 20)
                return (chance.time(upTo: isSlow ? 2_000 : 5), chance.time(upTo: isSlow ? 2_000 : 5))
            }
        }
    }

    /// Lives through the day, then through quiet minutes in which everything must come to rest.
    mutating func run() throws {
        while let index = events.indices.min(by: { (events[$0].at, $0) < (events[$1].at, $1) }) {
            let (moment, event) = events.remove(at: index)
            trial.time.run(until: moment)
            happen(event)
        }
        trial.broker.script { state in
            state.nextFate = { .taken() }
            state.nextBookFate = nil
        }
        trial.journal.script { $0.delays = { (.zero, .zero) } }
        trial.time.run(until: trial.time.uptime + .seconds(500))
        try check()
    }

    private mutating func happen(_ event: Event) {
        switch event {
        case .start: start()
        case .submit(let submission): submit(submission)
        case .trade: trade()
        case .elsewhere:
            trial.broker.take(BrokerOrder(request: Trial.submission("x").request, clientOrderID: "byhand"))
        case .journal(let isUnavailable): trial.journal.script { $0.isUnavailable = isUnavailable }
        case .crash(let jobs):
            guard session != nil else { return }
            trial.time.run(jobs: jobs)
            trial.time.crash()
            session = nil
            crashes += 1
            events.append((trial.time.uptime + chance.time(upTo: 5_000), .start))
        }
    }

    private mutating func start() {
        guard session == nil else { return }
        let fresh = trial.session()
        session = fresh
        told.append(Told(fresh, in: trial.time))
        trial.time.spawn { await fresh.run() }
    }

    private func submit(_ submission: OrderSubmission) {
        guard let session else { return }
        let receipts = receipts
        trial.time.spawn {
            if let receipt = try? await session.submit(submission) { receipts.add(receipt) }
        }
    }

    /// Something happens to an order at the exchange; the news arrives never, once or more often, at any time.
    private func trade() {
        let open = trial.broker.rows.filter { !$0.report.status.isTerminal }
        guard !open.isEmpty else { return }
        let number = open[chance.integer(in: 0...open.count - 1)].report.brokerOrderID
        let isCancel = chance.once(in: 4)
        let units = Quantity(Int64(chance.integer(in: 1...30)))
        let row = trial.broker.report(number) { report in
            if isCancel {
                report.status = .cancelled
                report.cancelledQuantity = report.quantity - report.filledQuantity
            } else {
                report.filledQuantity = min(report.filledQuantity + units, report.quantity)
                report.averagePrice = Price(rupees: 800)
                report.status = report.filledQuantity == report.quantity ? .filled : .working
            }
        }
        for _ in 0..<chance.integer(in: 0...3) {
            let delay = chance.time(upTo: 10_000)
            let trial = trial
            trial.time.spawn {
                try? await trial.time.sleep(delay)
                await trial.broker.push(row)
            }
        }
    }
}

extension FaultyDay {
    private mutating func check() throws {
        let found = Findings()
        if let session { try trial.time.run { await found.set(session.orders()) } }
        let orders = found.orders
        let ours = Dictionary(orders.map { ($0.clientOrderID, $0) }, uniquingKeysWith: { $1 })
        checkBroker(ours)
        checkClients(ours)
        checkStreams()
        for order in orders where order.status == .pending || order.status == .unknown {
            faults.append("\(order.id) did not come to rest: \(order.status)")
        }
        if !hasJournalOutage {
            for journaled in trial.journal.orders where ours[journaled.intent.clientOrderID] != journaled.order {
                faults.append("the journal tells \(journaled.intent.orderID) otherwise")
            }
        }
        for order in orders { log += "\(order)\n" }
        log += "\(trial.broker.look(\.placedAt))\n\(trial.broker.look(\.bookReads))\n"
        for told in told { log += told.orders.map { "\($0)\n" }.joined() }
    }

    /// At most one order a key, each durable first; every order at the broker is ours and equal in state and fills.
    private mutating func checkBroker(_ ours: [String: Order]) {
        let tags = trial.broker.placed.map(\.clientOrderID)
        if Set(tags).count != tags.count { faults.append("an order was sent twice") }
        if !trial.broker.look(\.sawOnlyDurableIntents) { faults.append("an order left before its intent was durable") }
        for row in trial.broker.rows where row.tags != ["byhand"] {
            guard let order = row.tags.first.flatMap({ ours[$0] }) else {
                faults.append("\(row.report.brokerOrderID) is not known as ours")
                continue
            }
            let agrees =
                order.brokerOrderID == row.report.brokerOrderID && order.status == row.report.status
                && order.filledQuantity == row.report.filledQuantity
                && order.cancelledQuantity == row.report.cancelledQuantity
            if !agrees { faults.append("\(order) is not \(row.report)") }
        }
    }

    /// What a client was told of is at the broker or ended for a reason that it can read.
    private mutating func checkClients(_ ours: [String: Order]) {
        let atBroker = Set(trial.broker.rows.flatMap(\.tags))
        for receipt in receipts.all {
            let tag = receipt.order.clientOrderID
            guard let order = ours[tag] else {
                faults.append("\(tag) was lost")
                continue
            }
            if order.id != receipt.order.id { faults.append("\(tag) has two numbers") }
            let isExplained = [.notSent, .rejected].contains(order.status) && order.message != nil
            if !atBroker.contains(tag), !isExplained { faults.append("\(order) is nowhere") }
        }
    }

    /// No client ever saw an order move backwards.
    private mutating func checkStreams() {
        for told in told {
            var last: [OrderID: Order] = [:]
            for order in told.orders {
                if let before = last[order.id] {
                    let isRevived = before.status == .notSent && order.brokerOrderID != nil
                    if before.status.isTerminal, before.status != order.status, !isRevived {
                        faults.append("\(order.id) went from \(before.status) to \(order.status)")
                    }
                    if order.filledQuantity < before.filledQuantity { faults.append("\(order.id) lost fills") }
                    if order == before { faults.append("\(order.id) was told twice") }
                }
                last[order.id] = order
            }
        }
    }
}

/// What clients were answered.
private final class Receipts: Sendable {
    private let list = Mutex<[OrderReceipt]>([])
    var all: [OrderReceipt] { list.withLock(\.self) }
    func add(_ receipt: OrderReceipt) { list.withLock { $0.append(receipt) } }
}

/// The orders a session knows at the end.
private final class Findings: Sendable {
    private let list = Mutex<[Order]>([])
    var orders: [Order] { list.withLock(\.self) }
    func set(_ orders: [Order]) { list.withLock { $0 = orders } }
}
