import Testing
import Trading

/// Histories as a venue makes them, shuffled and repeated as channels deliver them.
struct OrderHistoryTests {
    /// A plausible life of an order of 100 units: numbered, perhaps waiting, changed, filled bit by bit, ended or not.
    struct History {
        private var chance: SeededNumbers
        private(set) var events: [OrderEvent] = []
        private var report = OrderReport(brokerOrderID: "1", status: .acknowledged, quantity: 100)
        private var second: Int64 = 0

        init(seed: UInt64) {
            chance = SeededNumbers(seed: seed)
            report.exchangeOrderID = "9"
            report.price = Price(rupees: 100)
            if chance.once(in: 4) { events.append(.outcomeUnknown(reason: "timeout")) }
            events.append(.acknowledged(brokerOrderID: "1"))
            if chance.once(in: 2) { tell(.acknowledged) }
            if chance.once(in: 3) { tell(.triggerPending) }
            live()
        }

        private mutating func live() {
            if chance.once(in: 8) { return tell(.rejected) }
            tell(.working)
            for _ in 0..<Int.random(in: 0...4, using: &chance) {
                switch Int.random(in: 0..<3, using: &chance) {
                case 0: change()
                case 1: fill(Int64.random(in: 1...20, using: &chance))
                default: tellInterim()
                }
            }
            switch Int.random(in: 0..<3, using: &chance) {
            case 0:
                fill(100)
            case 1:
                report.cancelledQuantity = report.quantity - report.filledQuantity
                tell(.cancelled)
            default: break
            }
        }

        private mutating func change() {
            report.price = Price(rupees: Int64.random(in: 90...110, using: &chance))
            if chance.once(in: 2) { tellInterim() }
            tell(.working)
        }

        private mutating func fill(_ units: Int64) {
            report.filledQuantity = min(report.filledQuantity + Quantity(units), report.quantity)
            report.averagePrice = Price(rupees: 100 + report.filledQuantity.units)
            if report.filledQuantity == report.quantity { return tell(.filled) }
            // Of a partial fill there may be no more than an interim message.
            let isInterimOnly = chance.once(in: 4)
            if isInterimOnly || chance.once(in: 3) { tellInterim() }
            if !isInterimOnly { tell(.working) }
        }

        private mutating func tell(_ status: OrderStatus) {
            second += 1
            report.status = status
            report.exchangeTime = Timestamp(seconds: second)
            events.append(.reported(report))
        }

        /// The words between states, which say no more than that the broker has the order.
        private mutating func tellInterim() {
            var interim = report
            interim.status = .acknowledged
            events.append(.reported(interim))
        }
    }

    /// Goal: no order moves backwards whatever the sequence; the end is that of the plain sequence.
    @Test func `shuffled and repeated news ends where the plain sequence ends`() {
        var chance = SeededNumbers(seed: 11)
        var applied = 0
        for seed in 0..<100_000 as Range<UInt64> {
            let history = History(seed: seed).events
            let expected = OrderTransitionTests.order(after: history)
            var shuffled = history + history.filter { _ in chance.once(in: 2) }
            shuffled.shuffle(using: &chance)
            var order = OrderTransitionTests.order()
            for event in shuffled {
                let before = order
                let transition = order.apply(event)
                applied += 1
                let isRight =
                    order.filledQuantity >= before.filledQuantity && transition != .conflicting
                    && (!before.status.isTerminal || order.status == before.status)
                    && (transition == .changed) == (order != before)
                if !isRight { Issue.record("seed \(seed): \(event) on \(before)") }
            }
            // A message that was overtaken is not shown again.
            if Self.lasting(order) != Self.lasting(expected) {
                Issue.record("seed \(seed): \(order) is not \(expected)")
            }
        }
        #expect(applied > 700_000)
    }

    /// All that a client is told, in text.
    private static func lasting(_ order: Order) -> String {
        let terms = "\(order.quantity) \(order.price, default: "-")"
        let fills = "\(order.filledQuantity) \(order.cancelledQuantity) \(order.averagePrice, default: "-")"
        return "\(order.status) \(order.brokerOrderID ?? "-") \(order.exchangeOrderID ?? "-") \(terms) \(fills)"
    }
}
