import KiteConnect
import Logging
import Metrics

/// Counts and logs what happens to an account's feed.
struct FeedNotes: Sendable {
    let logger: Logger

    /// Takes note of an event.
    func take(_ event: KiteTickerPoolEvent) {
        switch event.event {
        case .disconnected(let loss, let delay):
            Counter(label: "broker_feed_losses_total", dimensions: [("cause", Self.cause(loss))]).increment()
            let details: Logger.Metadata = [
                "connection": "\(event.connection ?? 0)", "reason": "\(loss)", "retry_in": "\(delay)",
            ]
            switch loss {
            case .renewed, .unneeded: logger.debug("a feed connection is made anew", metadata: details)
            case .silent, .stalled: logger.warning("a feed connection went silent and is replaced", metadata: details)
            default: logger.notice("a feed connection was lost", metadata: details)
            }
        case .stalled(let duration):
            Counter(label: "broker_feed_stalls_total").increment()
            logger.warning("a feed connection brings no ticks", metadata: ["since": "\(duration)"])
        case .malformed, .unreadable:
            Counter(label: "broker_feed_defects_total").increment()
        case .orderBookRead(_, let news) where news > 0:
            Counter(label: "broker_order_updates_recovered_total").increment(by: Int64(news))
        case .orderBookFailed(let error, _):
            logger.notice("the order book was not read after the feed came back", metadata: ["reason": "\(error)"])
        case .serverError(let sentence):
            logger.warning("the broker's feed reports an error", metadata: ["reason": "\(sentence)"])
        default: break
        }
    }

    /// A word for a counter's dimension.
    static func cause(_ loss: KiteTickerLoss) -> String {
        switch loss {
        case .refused: "refused"
        case .connectFailed: "connect_failed"
        case .closed: "closed"
        case .silent: "silent"
        case .stalled: "stalled"
        case .unneeded: "unneeded"
        case .renewed: "renewed"
        }
    }
}
