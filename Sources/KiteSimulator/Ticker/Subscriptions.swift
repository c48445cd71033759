import Trading

/// The instruments that any connection is subscribed to, each under a small number, so that rounds and connections
/// can keep them in arrays.
struct InstrumentBoard {
    /// The place of an instrument; given once and never again to another.
    typealias Slot = Int32

    /// The instruments with subscribers.
    private(set) var tokens: Set<InstrumentToken> = []
    private var slots: [InstrumentToken: Slot] = [:]
    private var tokenOfSlot: [InstrumentToken] = []
    private var subscribers: [Int] = []

    /// As many slots as were ever given.
    var slotCount: Int { tokenOfSlot.count }

    func slot(of token: InstrumentToken) -> Slot? { slots[token] }

    func token(of slot: Slot) -> InstrumentToken { tokenOfSlot[Int(slot)] }

    /// The slot of an instrument, a new one where it has none yet.
    mutating func open(_ token: InstrumentToken) -> Slot {
        if let known = slots[token] { return known }
        let slot = Slot(tokenOfSlot.count)
        slots[token] = slot
        tokenOfSlot.append(token)
        subscribers.append(0)
        return slot
    }

    /// Counts a subscriber of each.
    mutating func retain(_ slots: some Sequence<Slot>) {
        for slot in slots {
            subscribers[Int(slot)] += 1
            if subscribers[Int(slot)] == 1 { tokens.insert(token(of: slot)) }
        }
    }

    /// Takes a subscriber of each away.
    mutating func release(_ slots: some Sequence<Slot>) {
        for slot in slots {
            subscribers[Int(slot)] -= 1
            if subscribers[Int(slot)] == 0 { tokens.remove(token(of: slot)) }
        }
    }
}

/// What one connection is subscribed to.
struct Subscriptions {
    /// One instrument.
    struct Entry: Hashable {
        let slot: InstrumentBoard.Slot
        var mode: TickMode
    }

    /// The same for the same subscriptions, whatever the order they were made in; different for others but for a
    /// chance of one in 2^64.
    struct Fingerprint: Hashable {
        private(set) var bits: UInt64 = 0
        private(set) var sum: UInt64 = 0

        fileprivate mutating func toggle(_ entry: Entry, isAdded: Bool) {
            let mode: UInt64 =
                switch entry.mode {
                case .ltp: 1
                case .quote: 2
                case .full: 3
                }
            var chance = Chance(seed: UInt64(UInt32(bitPattern: entry.slot)) << 2 | mode)
            let mixed = chance.next()
            bits ^= mixed
            sum = isAdded ? sum &+ mixed : sum &- mixed
        }
    }

    private(set) var entries: [Entry] = []
    private(set) var fingerprint = Fingerprint()
    private var places: [InstrumentBoard.Slot: Int] = [:]

    var count: Int { entries.count }

    subscript(slot: InstrumentBoard.Slot) -> Entry? { places[slot].map { entries[$0] } }

    /// Adds an instrument in quote mode; false where it is there already.
    mutating func insert(_ slot: InstrumentBoard.Slot) -> Bool {
        guard places[slot] == nil else { return false }
        let entry = Entry(slot: slot, mode: .quote)
        places[slot] = entries.count
        entries.append(entry)
        fingerprint.toggle(entry, isAdded: true)
        return true
    }

    /// Sets the mode of an instrument that is there.
    mutating func set(_ mode: TickMode, _ slot: InstrumentBoard.Slot) {
        guard let place = places[slot], entries[place].mode != mode else { return }
        fingerprint.toggle(entries[place], isAdded: false)
        entries[place].mode = mode
        fingerprint.toggle(entries[place], isAdded: true)
    }

    /// Takes an instrument out; false where it is not there.
    mutating func remove(_ slot: InstrumentBoard.Slot) -> Bool {
        guard let place = places.removeValue(forKey: slot) else { return false }
        fingerprint.toggle(entries[place], isAdded: false)
        let last = entries.removeLast()
        if place < entries.count {
            entries[place] = last
            places[last.slot] = place
        }
        return true
    }
}
