import Trading

/// One side of what the market model offers: up to five levels that can run out. Prices count ten-thousandths.
struct Ladder: Sendable {
    static let depth = 5

    /// The best price before anything was eaten.
    var best: Int64 = 0
    /// From one level to the next, negative for bids.
    var gap: Int64 = 0
    /// Units at each level before anything was eaten; the first `depth` places count.
    var sizes = SIMD8<Int64>(repeating: 0)
    /// Units that orders took from the front and that have not come back yet.
    var eaten: Int64 = 0

    /// The level that is best now, with what is left of it; nil where all is eaten.
    var offer: (price: Int64, quantity: Int64)? {
        var missing = eaten
        for level in 0..<Self.depth {
            if sizes[level] > missing { return (best + Int64(level) * gap, sizes[level] - missing) }
            missing -= sizes[level]
        }
        return nil
    }

    /// Hands every level with units left to a closure, best first.
    func forEachLevel(_ body: (_ level: Int, _ price: Int64, _ quantity: Int64) -> Void) {
        var missing = eaten
        for level in 0..<Self.depth {
            if sizes[level] > missing { body(level, best + Int64(level) * gap, sizes[level] - missing) }
            missing = max(0, missing - sizes[level])
        }
    }

    /// Carries over what was eaten of an older ladder: the same part of each is gone.
    mutating func inherit(_ older: Ladder, lot: Int64) {
        let whole = older.sizes.wrappedSum()
        guard older.eaten > 0, whole > 0 else { return }
        eaten = Int64(Double(sizes.wrappedSum()) * Double(older.eaten) / Double(whole)) / lot * lot
    }

    /// Gives back a quarter of what was eaten for each step that passed, in whole lots.
    mutating func refill(steps: UInt64, lot: Int64) {
        guard eaten > 0, steps > 0 else { return }
        for _ in 0..<min(steps, 64) where eaten > 0 {
            eaten -= max(lot, eaten / 4)
        }
        eaten = max(0, eaten)
    }
}
