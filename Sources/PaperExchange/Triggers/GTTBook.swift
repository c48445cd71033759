import Trading

/// All triggers of a market, with those that wait for a price sorted by instrument.
struct GTTBook: Sendable {
    /// A value that is waited for.
    struct Watch: Sendable, Hashable {
        /// Where the trigger stands.
        let place: Int
        let leg: Int
        let value: Int64
        let isRising: Bool

        func isReached(by last: Int64) -> Bool { isRising ? last >= value : last <= value }
    }

    /// How long one that is no longer active stays in the list. Source: Kite Connect, GTT.
    private static let listedLife: Duration = .seconds(7 * 86_400)
    private static let firstID: Int64 = 100_001

    private(set) var all: [GTT] = []
    private var slots: [Int] = []
    private var ofAccount: [String: [Int]] = [:]
    private var activeCounts: [String: Int] = [:]
    private var watches: [Int: [Watch]] = [:]
    /// No active trigger expires before.
    private var nextExpiry: Timestamp?

    var isIdle: Bool { watches.isEmpty }

    /// The instruments that are waited for, all or among some.
    func watchedSlots(among some: Set<Int>?) -> [Int] {
        some.map { $0.filter { watches[$0] != nil }.sorted() } ?? watches.keys.sorted()
    }

    func activeCount(of account: String) -> Int { activeCounts[account] ?? 0 }

    mutating func add(_ request: GTTRequest, for account: String, slot: Int, rising: [Bool], at now: Timestamp) -> Int64
    {
        let id = Self.firstID + Int64(all.count)
        let expiry = GTTRules.expiry(from: now)
        all.append(
            GTT(
                id: id, account: account, request: request, createdTime: now, updatedTime: now, expiryTime: expiry))
        slots.append(slot)
        ofAccount[account, default: []].append(all.count - 1)
        activeCounts[account, default: 0] += 1
        watch(all.count - 1, rising: rising)
        nextExpiry = min(nextExpiry ?? expiry, expiry)
        return id
    }

    /// Replaces what an active trigger is to do.
    mutating func replace(_ place: Int, with request: GTTRequest, slot: Int, rising: [Bool], at now: Timestamp) {
        unwatch(place)
        all[place].request = request
        all[place].updatedTime = now
        slots[place] = slot
        watch(place, rising: rising)
    }

    /// Ends an active trigger.
    mutating func end(_ place: Int, as status: GTT.Status, at now: Timestamp) {
        guard all[place].status == .active else { return }
        all[place].status = status
        all[place].updatedTime = now
        activeCounts[all[place].account, default: 1] -= 1
        unwatch(place)
    }

    /// Keeps how a trigger that has ended fired.
    mutating func record(_ firing: GTT.Firing, of place: Int) { all[place].firing = firing }

    /// What the last price of an instrument has reached or crossed.
    func due(_ slot: Int, last: Int64) -> [Watch] {
        watches[slot, default: []].filter { $0.isReached(by: last) }
    }

    /// Ends the triggers whose year is over.
    mutating func expire(at now: Timestamp) {
        guard let next = nextExpiry, next <= now else { return }
        nextExpiry = nil
        for place in all.indices where all[place].status == .active {
            let expiry = all[place].expiryTime
            if expiry <= now {
                end(place, as: .expired, at: expiry)
            } else {
                nextExpiry = min(nextExpiry ?? expiry, expiry)
            }
        }
    }

    /// The place of a trigger of an account.
    func place(of id: Int64, account: String) -> Int? {
        // Any number may be asked for, so that nothing is taken away from it before it is known to be in range.
        guard id >= Self.firstID, id - Self.firstID < Int64(all.count) else { return nil }
        let place = Int(id - Self.firstID)
        return all[place].account == account ? place : nil
    }

    /// The active ones and the others of the last seven days, newest first.
    func listed(for account: String, at now: Timestamp) -> [GTT] {
        (ofAccount[account] ?? []).reversed().compactMap { place in
            let gtt = all[place]
            return gtt.status == .active || now.since(gtt.updatedTime) <= Self.listedLife ? gtt : nil
        }
    }

    private mutating func watch(_ place: Int, rising: [Bool]) {
        for (leg, wanted) in all[place].request.legs.all.enumerated() {
            watches[slots[place], default: []].append(
                Watch(place: place, leg: leg, value: wanted.triggerValue.tenThousandths, isRising: rising[leg]))
        }
    }

    private mutating func unwatch(_ place: Int) {
        let slot = slots[place]
        watches[slot]?.removeAll { $0.place == place }
        if watches[slot]?.isEmpty == true { watches[slot] = nil }
    }
}
