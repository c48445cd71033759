import Brokers
import KiteConnect

/// Tells from the events of a ticker pool whether order messages come.
///
/// They come over every connection, so one that stands is enough.
struct FeedStanding: Sendable {
    private var standing: Set<Int> = []

    /// Takes an event; what is to be told of it, nil for nothing.
    mutating func take(_ event: KiteTickerPoolEvent) -> BrokerConnection? {
        guard let connection = event.connection else { return nil }
        switch event.event {
        case .connected:
            standing.insert(connection)
            return .connected
        case .disconnected(let loss, _):
            standing.remove(connection)
            return standing.isEmpty ? .disconnected(reason: "\(loss)") : nil
        case .rested:
            standing.remove(connection)
            return nil
        default: return nil
        }
    }
}
