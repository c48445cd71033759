import PaperExchange
import Trading

/// Order updates on their way out, where some are lost, doubled, late or out of turn; decides from the times it is
/// handed.
struct UpdateQueue {
    /// How long an update that is to come after the next one waits for it.
    private static let longestWait: Duration = .seconds(1)
    /// Updates that may wait; beyond it the oldest goes out early.
    private static let limit = 10_000

    private struct Waiting {
        let update: VenueOrderUpdate
        let due: Timestamp
        /// Whether the next update lets it go.
        let isOvertaken: Bool
    }

    private var waiting: [Waiting] = []

    /// Takes an update with what goes wrong with it; gives what is to be sent now.
    mutating func accept(_ update: VenueOrderUpdate, _ fault: Faults.Fault?, at now: Timestamp) -> [VenueOrderUpdate] {
        switch fault {
        case .loseUpdate: return []
        case .delayUpdate(let delay): return wait(update, until: now.advanced(by: delay), isOvertaken: false)
        case .reorderUpdate where !waiting.contains(where: \.isOvertaken):
            return wait(update, until: now.advanced(by: Self.longestWait), isOvertaken: true)
        case .duplicateUpdate: return [update, update] + overtaken()
        default: return [update] + overtaken()
        }
    }

    /// What has waited long enough.
    mutating func due(at now: Timestamp) -> [VenueOrderUpdate] {
        guard !waiting.isEmpty else { return [] }
        let due = waiting.filter { $0.due <= now }
        waiting.removeAll { $0.due <= now }
        return due.map(\.update)
    }

    private mutating func overtaken() -> [VenueOrderUpdate] {
        guard !waiting.isEmpty else { return [] }
        let overtaken = waiting.filter(\.isOvertaken)
        waiting.removeAll(where: \.isOvertaken)
        return overtaken.map(\.update)
    }

    private mutating func wait(
        _ update: VenueOrderUpdate, until due: Timestamp, isOvertaken: Bool
    ) -> [VenueOrderUpdate] {
        waiting.append(Waiting(update: update, due: due, isOvertaken: isOvertaken))
        return waiting.count > Self.limit ? [waiting.removeFirst().update] : []
    }
}
