import Brokers
import Synchronization
import Trading

/// The instruments of the day at one broker address; sessions keep it and see the new day's once they are read.
final class DailyInstruments: InstrumentDirectory {
    private let index = Mutex(InstrumentIndex([]))

    private var current: InstrumentIndex { index.withLock { $0 } }

    func instrument(_ id: InstrumentID) -> Instrument? { current.instrument(id) }
    func instrument(_ token: InstrumentToken) -> Instrument? { current.instrument(token) }
    var count: Int { current.count }

    func replace(_ new: InstrumentIndex) { index.withLock { $0 = new } }
}

/// Reads each broker address's instruments once a day, however many accounts ask at once.
actor SharedInstruments {
    private struct Shelf {
        let directory = DailyInstruments()
        var date: CalendarDate?
        var isReading = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private var shelves: [String: Shelf] = [:]

    /// The instruments of an address, read anew where those at hand are of another day.
    func directory(
        at address: String, on date: CalendarDate, read: @Sendable () async throws -> [Instrument]
    ) async throws -> DailyInstruments {
        while shelves[address]?.isReading == true {
            await withCheckedContinuation { shelves[address]?.waiting.append($0) }
        }
        let shelf = shelves[address] ?? Shelf()
        if shelf.date == date { return shelf.directory }
        shelves[address] = shelf
        shelves[address]?.isReading = true
        defer {
            let waiting = shelves[address]?.waiting ?? []
            shelves[address]?.waiting = []
            shelves[address]?.isReading = false
            for continuation in waiting { continuation.resume() }
        }
        shelf.directory.replace(InstrumentIndex(try await read()))
        shelves[address]?.date = date
        return shelf.directory
    }
}
