import Trading

extension MarketModel {
    /// The state in which an instrument opens the day, brought up to a step: high, low and mean are taken from at most
    /// 64 moments before it.
    mutating func state(ofRow place: Int, atStep step: UInt64, now: Timestamp) -> InstrumentState {
        let terms = terms(ofRow: place)
        var state = InstrumentState(terms: terms, time: now, lastTradeTime: now)
        let open = snapshot(terms, epoch: 0)
        state.day.open = open.last
        state.day.high = open.last
        state.day.low = open.last
        state.day.openInterestHigh = open.openInterest
        state.day.openInterestLow = open.openInterest
        var apart: UInt64 = 16
        while step / apart > 64 { apart *= 2 }
        for moment in stride(from: UInt64(0), through: step, by: Int(apart)) {
            let seen = snapshot(terms, epoch: state.epoch(atStep: moment))
            state.day.see(price: seen.last)
            state.day.see(openInterest: seen.openInterest)
            state.day.sample(seen.last)
        }
        state.refilledStep = step
        return state
    }

    /// What the model quotes at the step an instrument last moved.
    mutating func snapshot(_ terms: InstrumentState.Terms, epoch: UInt64) -> InstrumentState.Snapshot {
        let fair = fairPrice(terms, atStep: epoch)
        var snapshot = InstrumentState.Snapshot()
        snapshot.epoch = epoch
        guard terms.isTradable else {
            snapshot.last = Int64((fair / Double(terms.tick)).rounded()) * terms.tick
            return snapshot
        }
        let chance = Chance.bits(terms.seed, epoch &+ 0x1000)
        let (bid, ask) = Self.touch(terms, fair: fair)
        let half = Double(ask - bid) / 2
        let gap = max(1, Int64(half * 0.8) / terms.tick) * terms.tick
        let unit = Self.levelLots(terms, fair: fair)
        snapshot.bids = ladder(terms, best: bid, gap: -gap, lots: unit, chance: Chance.bits(chance, 1))
        snapshot.asks = ladder(terms, best: ask, gap: gap, lots: unit, chance: Chance.bits(chance, 2))
        snapshot.last = Self.last(terms, epoch: epoch, chance: chance, bid: bid, ask: ask)
        snapshot.lastQuantity = (1 + Chance.number(Chance.bits(chance, 3), below: max(1, unit / 3))) * terms.lot
        snapshot.volume = Self.volume(terms, lots: unit, epoch: epoch)
        snapshot.openInterest = openInterest(terms, epoch: epoch)
        return snapshot
    }

    /// The last trade hit one side of the book; the day opens at the close before, as nothing was traded yet.
    private static func last(
        _ terms: InstrumentState.Terms, epoch: UInt64, chance: UInt64, bid: Int64, ask: Int64
    ) -> Int64 {
        epoch == 0 ? terms.close : min(max(chance & 1 == 0 ? bid : ask, terms.tick), terms.upperCircuit)
    }

    /// The last price of a snapshot alone.
    mutating func lastPrice(_ terms: InstrumentState.Terms, epoch: UInt64) -> Int64 {
        let fair = fairPrice(terms, atStep: epoch)
        guard terms.isTradable else { return Int64((fair / Double(terms.tick)).rounded()) * terms.tick }
        let (bid, ask) = Self.touch(terms, fair: fair)
        let chance = Chance.bits(terms.seed, epoch &+ 0x1000)
        return Self.last(terms, epoch: epoch, chance: chance, bid: bid, ask: ask)
    }

    /// Volume and open interest of a snapshot alone.
    mutating func turnover(_ terms: InstrumentState.Terms, epoch: UInt64) -> (volume: Int64, openInterest: Int64) {
        guard terms.isTradable else { return (0, 0) }
        let unit = Self.levelLots(terms, fair: fairPrice(terms, atStep: epoch))
        return (Self.volume(terms, lots: unit, epoch: epoch), openInterest(terms, epoch: epoch))
    }

    /// Best bid and ask: half a spread round the fair price, wider where less is going on, on the grid, apart by at
    /// least a tick.
    private static func touch(_ terms: InstrumentState.Terms, fair: Double) -> (bid: Int64, ask: Int64) {
        let tick = Double(terms.tick)
        let isOption = terms.kind == .call || terms.kind == .put
        let share = isOption ? 0.001 + 0.006 * (1 - terms.liveliness) : 0.000_05 / max(0.1, terms.liveliness)
        let half = max(tick * 0.5, fair * share)
        let bid = max(terms.tick, Int64(((fair - half) / tick).rounded(.down)) * terms.tick)
        let ask = max(bid + terms.tick, Int64(((fair + half) / tick).rounded(.up)) * terms.tick)
        return (bid, ask)
    }

    /// Lots that a level holds at most: for shares about a million rupees, for contracts by how much goes on.
    private static func levelLots(_ terms: InstrumentState.Terms, fair: Double) -> Int64 {
        switch terms.kind {
        case .equity: max(10, Int64(1e10 / max(fair, 1)) / terms.lot)
        case .index: 0
        case .future: max(4, Int64(24 * terms.liveliness))
        case .call, .put: max(2, Int64(60 * terms.liveliness))
        }
    }

    private func ladder(
        _ terms: InstrumentState.Terms, best: Int64, gap: Int64, lots: Int64, chance: UInt64
    ) -> Ladder {
        var ladder = Ladder(best: best, gap: gap)
        let lowest = max(terms.tick, terms.lowerCircuit)
        for level in 0..<Ladder.depth {
            let price = best + Int64(level) * gap
            guard lowest...terms.upperCircuit ~= price else { continue }
            let room = lots + lots * Int64(level) / 2
            let drawn = Chance.number(Chance.bits(chance, UInt64(level)), below: room)
            ladder.sizes[level] = (1 + drawn) * terms.lot
        }
        return ladder
    }

    /// Units traded up to a step: never falls, and comes in uneven portions.
    private static func volume(_ terms: InstrumentState.Terms, lots: Int64, epoch: UInt64) -> Int64 {
        let portion: UInt64 = 16
        let position = epoch / portion
        let left = Double(position) + Chance.unit(Chance.bits(terms.seed, position &+ 0x2_0000))
        let right = Double(position + 1) + Chance.unit(Chance.bits(terms.seed, position &+ 0x2_0001))
        let share = Double(epoch % portion) / Double(portion)
        return Int64((left + (right - left) * share) * Double(max(1, lots)) * 2) * terms.lot
    }

    /// Open interest wanders within a few percent of where it opened, in whole lots.
    private func openInterest(_ terms: InstrumentState.Terms, epoch: UInt64) -> Int64 {
        guard terms.openInterest > 0 else { return 0 }
        let portion: UInt64 = 512
        let position = epoch / portion
        let left = position == 0 ? 0 : Chance.bell(Chance.bits(terms.seed, position &+ 0x4_0000))
        let right = Chance.bell(Chance.bits(terms.seed, position &+ 0x4_0001))
        let share = Double(epoch % portion) / Double(portion)
        let wander = 0.01 * (left + (right - left) * share)
        return terms.openInterest + Int64(Double(terms.openInterest) * wander) / terms.lot * terms.lot
    }
}
