import Trading

/// All alerts of a market.
struct AlertBook: Sendable {
    /// Active alerts an account may have. Source: Kite Connect, order limits.
    static let activeLimit = 500
    /// Orders a basket may have. Source: the broker's support pages on alerts that trigger orders.
    static let basketLimit = 20
    /// Firings that are kept of one alert; older ones are dropped.
    private static let historyLimit = 1_000
    private static let firstItemID: Int64 = 275_000_001

    /// The instruments whose last prices are compared.
    struct Slots: Sendable, Hashable {
        let subject: Int
        /// Nil where the price is compared with a constant.
        let reference: Int?
    }

    private(set) var all: [Alert] = []
    private(set) var slots: [Slots] = []
    private var histories: [[Alert.Firing]] = []
    private var placeByID: [String: Int] = [:]
    private var ofAccount: [String: [Int]] = [:]
    private var enabledCounts: [String: Int] = [:]
    /// The places of those that wait, in the order in which they were made.
    private(set) var waiting: [Int] = []
    private var itemCount: Int64 = 0

    func enabledCount(of account: String) -> Int { enabledCounts[account] ?? 0 }

    func isTaken(_ uuid: String) -> Bool { placeByID[uuid] != nil }

    mutating func add(
        _ request: AlertRequest, uuid: String, for account: String, slots new: Slots, at now: Timestamp
    ) -> Alert {
        let alert = Alert(
            uuid: uuid, account: account, request: request, itemIDs: nextItemIDs(request), createdTime: now,
            updatedTime: now)
        placeByID[uuid] = all.count
        ofAccount[account, default: []].append(all.count)
        enabledCounts[account, default: 0] += 1
        waiting.append(all.count)
        all.append(alert)
        slots.append(new)
        histories.append([])
        return alert
    }

    /// Replaces what an alert is about and lets it wait again.
    mutating func replace(_ place: Int, with request: AlertRequest, slots new: Slots, at now: Timestamp) {
        setStatus(.enabled, of: place, at: now)
        all[place].request = request
        all[place].itemIDs = nextItemIDs(request)
        slots[place] = new
    }

    mutating func delete(_ place: Int, at now: Timestamp) { setStatus(.deleted, of: place, at: now) }

    /// Takes an alert that fires out of those that wait.
    mutating func spend(_ place: Int, at now: Timestamp) {
        all[place].count += 1
        setStatus(.disabled, of: place, at: now)
    }

    mutating func record(_ firing: Alert.Firing, of place: Int) {
        histories[place].append(firing)
        if histories[place].count > Self.historyLimit { histories[place].removeFirst() }
    }

    func place(of uuid: String, account: String) -> Int? {
        placeByID[uuid].flatMap { all[$0].account == account ? $0 : nil }
    }

    /// All alerts of an account, newest first.
    func alerts(of account: String) -> [Alert] { (ofAccount[account] ?? []).reversed().map { all[$0] } }

    /// The times an alert fired, newest first.
    func history(_ place: Int) -> [Alert.Firing] { histories[place].reversed() }

    private mutating func setStatus(_ status: Alert.Status, of place: Int, at now: Timestamp) {
        let before = all[place].status
        all[place].status = status
        all[place].updatedTime = now
        guard (before == .enabled) != (status == .enabled) else { return }
        enabledCounts[all[place].account, default: 0] += status == .enabled ? 1 : -1
        if status == .enabled {
            waiting.insert(place, at: waiting.firstIndex { $0 > place } ?? waiting.count)
        } else {
            waiting.removeAll { $0 == place }
        }
    }

    private mutating func nextItemIDs(_ request: AlertRequest) -> [Int64] {
        (request.basket ?? []).map { _ in
            defer { itemCount += 1 }
            return Self.firstItemID + itemCount
        }
    }
}
