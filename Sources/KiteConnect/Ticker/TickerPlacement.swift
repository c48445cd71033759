/// Which of several connections carries which instrument.
///
/// An instrument stays where it was put; a new one goes to the first connection with room, so that no more connections
/// are used than needed and freed room is filled first.
struct TickerPlacement: Sendable {
    let capacity: Int
    private(set) var places: [UInt32: Int] = [:]
    private var counts: [Int]

    init(connections: Int, capacity: Int) {
        self.capacity = capacity
        counts = Array(repeating: 0, count: max(connections, 1))
    }

    /// Most instruments in all.
    var limit: Int { capacity * counts.count }

    /// Puts instruments that have no place yet; throws `.input` and changes nothing when they do not fit.
    mutating func put(_ tokens: Set<UInt32>) throws(KiteError) {
        let added = tokens.filter { places[$0] == nil }
        try check(places.count + added.count)
        for token in added.sorted() {
            guard let place = counts.firstIndex(where: { $0 < capacity }) else { return }
            places[token] = place
            counts[place] += 1
        }
    }

    /// Frees the place of an instrument and says which it was.
    mutating func remove(_ token: UInt32) -> Int? {
        guard let place = places.removeValue(forKey: token) else { return nil }
        counts[place] -= 1
        return place
    }

    /// Throws `.input` when so many instruments do not fit.
    func check(_ count: Int) throws(KiteError) {
        guard count <= limit else {
            throw .unsendable(
                "\(count) instruments are more than the \(limit) of \(counts.count) connections with \(capacity) each")
        }
    }
}
