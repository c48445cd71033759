import Brokers
import Logging
import Metrics
import Trading

extension AccountSession {
    /// When an order in doubt is looked for, counted from the doubt.
    static let lookUpSchedule: [Duration] = [0.5, 1, 2, 4, 8, 15, 30, 45, 60, 90, 120, 125].map { .seconds($0) }
    /// No order is presumed lost before this time and this many good reads of the broker's book.
    static let lookUpHorizon = Duration.seconds(120)
    static let lookUpReads = 2

    /// Looks for an order in doubt until the broker's book shows it or the horizon passes; never sends it again.
    func lookUp(_ id: OrderID) async {
        let began = parts.time.uptime()
        var goodReads = 0
        var schedule = Self.lookUpSchedule[...]
        while ledger[id]?.status == .unknown {
            let due = schedule.popFirst() ?? (parts.time.uptime() - began + .seconds(5))
            let wait = due - (parts.time.uptime() - began)
            if wait > .zero, (try? await parts.time.sleep(wait)) == nil { return }
            if await readBook() { goodReads += 1 }
            guard ledger[id]?.status == .unknown else { break }
            let elapsed = parts.time.uptime() - began
            if elapsed >= Self.lookUpHorizon, goodReads >= Self.lookUpReads {
                Counter(label: "orders_presumed_not_placed_total").increment()
                await settle(.notSent(reason: "Presumed not placed: the broker's book does not show it."), of: id)
            }
        }
    }

    /// Reads the broker's book and takes every row; false where the read failed or contradicts what is known.
    @discardableResult
    func readBook() async -> Bool {
        do throws(BrokerError) {
            let rows = try await parts.broker.orders()
            let known = ledger.all.lazy.compactMap(\.brokerOrderID)
            let shown = Set(rows.map(\.report.brokerOrderID))
            // A book that misses orders it has acknowledged is stale; it is no evidence that another is absent.
            let isComplete = known.allSatisfy(shown.contains)
            for row in rows { await take(row) }
            return isComplete
        } catch {
            parts.logger.warning("the broker's book cannot be read", metadata: ["error": "\(error)"])
            return false
        }
    }
}
