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
    /// Looks fall on multiples of this time, so that many orders in doubt share a read.
    static let lookUpGrid: Int64 = 250

    /// Looks for an order in doubt until the broker's book shows it or the horizon passes; never sends it again.
    func lookUp(_ id: OrderID) async {
        let began = parts.time.uptime()
        var goodReads = 0
        var schedule = Self.lookUpSchedule[...]
        while ledger[id]?.status == .unknown {
            let due = schedule.popFirst().map { began + $0 } ?? (parts.time.uptime() + .seconds(5))
            let mark = due.milliseconds / Self.lookUpGrid + 1
            let moment = Duration.milliseconds(mark * Self.lookUpGrid)
            let wait = moment - parts.time.uptime()
            if wait > .zero, (try? await parts.time.sleep(wait)) == nil { return }
            let isGood = await sharedRead(mark)
            guard isGood, ledger[id]?.status == .unknown else { continue }
            goodReads += 1
            // Only a good read that began after the horizon is evidence; earlier ones may have been too early.
            if moment - began >= Self.lookUpHorizon, goodReads >= Self.lookUpReads {
                Counter(label: "orders_presumed_not_placed_total").increment()
                await settle(.notSent(reason: "Presumed not placed: the broker's book does not show it."), of: id)
            }
        }
    }

    /// One read of the book for all orders whose look falls on the same mark.
    private func sharedRead(_ mark: Int64) async -> Bool {
        if let read = bookReads[mark] {
            if let isGood = read.isGood { return isGood }
            return await withCheckedContinuation { bookReads[mark]?.waiting.append($0) }
        }
        bookReads = bookReads.filter { $0.value.isGood == nil }
        bookReads[mark] = BookRead()
        let isGood = await readBook()
        let waiting = bookReads[mark]?.waiting ?? []
        bookReads[mark] = BookRead(isGood: isGood)
        for continuation in waiting { continuation.resume(returning: isGood) }
        return isGood
    }

    /// Reads the broker's book and takes every row; false where the read failed or contradicts what is known.
    @discardableResult
    func readBook() async -> Bool {
        guard signedOutReason == nil else { return false }
        let start = bookStart
        // What is acknowledged while the book travels need not be in it.
        let known = ledger.all.filter { $0.placedTime >= start }.compactMap(\.brokerOrderID)
        do throws(BrokerError) {
            let rows = try await parts.broker.orders()
            let shown = Set(rows.map(\.report.brokerOrderID))
            // A book that misses orders it has acknowledged is stale; it is no evidence that another is absent.
            let isComplete = known.allSatisfy(shown.contains)
            for row in rows { await take(row) }
            if isComplete { ledger.forgetEnded(placedBefore: start, except: shown) }
            return isComplete
        } catch {
            parts.logger.warning("the broker's book cannot be read", metadata: ["error": "\(error)"])
            return false
        }
    }
}

/// A read of the broker's book and the orders in doubt that wait for it.
struct BookRead {
    var isGood: Bool?
    var waiting: [CheckedContinuation<Bool, Never>] = []
}

extension Duration {
    /// Whole milliseconds.
    fileprivate var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }
}
