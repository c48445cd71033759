import Trading

/// One thing that goes wrong: what, with what, how often.
package struct FaultRule: Sendable, Hashable {
    /// What goes wrong.
    package var fault: Faults.Fault
    /// With what.
    package var scope: Faults.Scope
    /// How often at most; nil until it is cleared.
    package var times: Int?
    /// How many cases that fit are let pass first.
    package var skip = 0
    /// The chance that it happens in a case that fits, more than 0 and up to 1.
    package var probability = 1.0
    /// Decides by chance the same way every time.
    package var seed: UInt64 = 1
    /// How long it lasts from when it is switched on; nil until it is cleared.
    package var duration: Duration?

    /// Puts a rule together that always applies.
    package init(_ fault: Faults.Fault, scope: Faults.Scope = .everything, times: Int? = nil) {
        self.fault = fault
        self.scope = scope
        self.times = times
    }
}

/// A rule in force or used up, and how often it fired.
package struct FaultStatus: Sendable, Hashable {
    /// Its number, counted from 1 since the start.
    package let id: UInt64
    /// The rule.
    package let rule: FaultRule
    /// Cases that fitted.
    package let considered: Int
    /// Cases in which it happened.
    package let fired: Int
    /// Whether it can still happen.
    package let isActive: Bool
    /// When it ends by itself; nil where it does not.
    package let expiry: Timestamp?
}

/// A rule at work; decides from chance and counts.
struct RunningFault {
    let id: UInt64
    let rule: FaultRule
    let expiry: Timestamp?
    private(set) var considered = 0
    private(set) var fired = 0
    private var chance: Chance

    init(id: UInt64, rule: FaultRule, at now: Timestamp) {
        self.id = id
        self.rule = rule
        expiry = rule.duration.map(now.advanced(by:))
        chance = Chance(seed: rule.seed)
        // A clock that is off is off from now on.
        if rule.fault.family == .clock { fired = 1 }
    }

    /// Whether it can still happen.
    func isActive(at now: Timestamp) -> Bool {
        if let expiry, now >= expiry { return false }
        guard rule.fault.family != .clock, let times = rule.times else { return true }
        return fired < times
    }

    /// Decides a case that fits.
    mutating func fires() -> Bool {
        considered += 1
        let happens = rule.probability >= 1 || chance.nextUnit() < rule.probability
        guard considered > rule.skip, happens else { return false }
        fired += 1
        return true
    }

    /// A number below `bound`, from the rule's own chance.
    mutating func pick(below bound: UInt64) -> UInt64 { chance.next() % max(bound, 1) }

    func status(at now: Timestamp) -> FaultStatus {
        FaultStatus(
            id: id, rule: rule, considered: considered, fired: fired, isActive: isActive(at: now), expiry: expiry)
    }
}

/// Seeded chance. Source: SplitMix64.
struct Chance: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// At least 0, less than 1.
    mutating func nextUnit() -> Double { Double(next() >> 11) / Double(1 << 53) }
}
