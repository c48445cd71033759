import Trading

/// Gives out growing numbers of 19 digits that carry their time.
///
/// Source: Kite Connect order ids; Twitter's snowflake layout, 41 bits of milliseconds, 10 of node, 12 of sequence.
struct OrderNumbers: Sendable {
    private static let epoch: Int64 = 1_288_834_974_657
    private static let node: Int64 = 6
    private static let sequences: Int64 = 4_096

    private var millisecond: Int64 = 0
    private var sequence: Int64 = 0

    /// The next number; a clock that stands or goes back does not stop them from growing.
    mutating func next(at now: Timestamp) -> Int64 {
        let current = now.microseconds / 1_000
        if current > millisecond {
            millisecond = current
            sequence = 0
        } else {
            sequence += 1
            if sequence == Self.sequences {
                sequence = 0
                millisecond += 1
            }
        }
        return (millisecond - Self.epoch) << 22 | Self.node << 12 | sequence
    }
}
