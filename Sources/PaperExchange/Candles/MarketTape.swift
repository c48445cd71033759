import Trading

/// What the day's candles are made of: which steps of the market fell into which minute, and what users traded.
///
/// The model's own prices are not kept, as any step of it can be looked up again. Costs one entry a minute and one an
/// execution.
struct MarketTape: Sendable {
    /// A minute in which the market moved.
    struct Minute: Sendable {
        /// Minutes since 1970-01-01T00:00:00Z.
        let number: Int64
        /// The first step that fell into it.
        let firstStep: UInt64

        var time: Timestamp { Timestamp(seconds: number * 60) }
    }

    /// A users' execution, which came after all that its step did.
    struct Execution: Sendable {
        let minute: Int64
        let step: UInt64
        let price: Int64
        let quantity: Int64
    }

    private(set) var minutes: [Minute]
    private var executions: [Int: [Execution]] = [:]
    private var kept: [Int: Kept] = [:]

    /// Whole minutes that have been worked out.
    struct Kept: Sendable {
        var candles: [Candle] = []
        /// How many of the tape's minutes they stand for.
        var minutes = 0
        /// The model's volume at the end of the last.
        var volume: Int64 = 0
    }

    init(openedAt now: Timestamp) {
        minutes = [Minute(number: Self.number(now), firstStep: 0)]
    }

    /// Notes a step. A clock that is set back stays in the minute it has come to.
    mutating func note(step: UInt64, at now: Timestamp) {
        let number = Self.number(now)
        if number > minutes[minutes.count - 1].number { minutes.append(Minute(number: number, firstStep: step)) }
    }

    /// Notes an execution right after a step.
    mutating func record(slot: Int, step: UInt64, _ price: Int64, _ quantity: Int64, at now: Timestamp) {
        note(step: step + 1, at: now)
        executions[slot, default: []].append(
            Execution(minute: minutes[minutes.count - 1].number, step: step, price: price, quantity: quantity))
    }

    /// The executions of an instrument in one minute, oldest first.
    func executions(slot: Int, minute: Int64) -> ArraySlice<Execution> {
        guard let all = executions[slot] else { return [] }
        let start = all.partitioningIndex { $0.minute >= minute }
        let end = all.partitioningIndex { $0.minute > minute }
        return all[start..<end]
    }

    func kept(slot: Int) -> Kept { kept[slot] ?? Kept() }

    mutating func keep(_ whole: Kept, slot: Int) { kept[slot] = whole }

    private static func number(_ time: Timestamp) -> Int64 {
        let (quotient, remainder) = time.seconds.quotientAndRemainder(dividingBy: 60)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension Array {
    /// The first place from which on something holds, where it holds for all that follow.
    fileprivate func partitioningIndex(_ holds: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
