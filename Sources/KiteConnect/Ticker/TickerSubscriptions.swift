import JSON

/// What shall be subscribed and what the connection was told, and the messages that close the gap.
///
/// Desired subscriptions are data that outlives connections; a new connection begins with nothing sent.
struct TickerSubscriptions: Sendable {
    private(set) var desired: [UInt32: KiteTickerMode] = [:]
    private var sent: [UInt32: KiteTickerMode] = [:]

    mutating func want(_ token: UInt32, mode: KiteTickerMode) {
        desired[token] = mode
    }

    mutating func drop(_ token: UInt32) {
        desired[token] = nil
    }

    /// Forgets what was sent, for a new connection.
    mutating func connectionWasLost() {
        sent.removeAll(keepingCapacity: true)
    }

    /// The messages that make the connection's subscriptions the desired ones, which then count as sent.
    ///
    /// Ended ones first, so that the number of instruments never passes the limit on the way. The mode is always
    /// stated, since what a bare subscription means is not documented.
    mutating func takeMessages(batchSize: Int) -> [String] {
        let ended = sent.keys.filter { desired[$0] == nil }.sorted()
        let added = desired.keys.filter { sent[$0] == nil }.sorted()
        let changed = desired.filter { sent[$0.key] != $0.value }
        var messages = Self.batches(ended, batchSize).map { Self.message("unsubscribe", mode: nil, $0) }
        messages += Self.batches(added, batchSize).map { Self.message("subscribe", mode: nil, $0) }
        for mode in KiteTickerMode.allCases {
            let tokens = changed.filter { $0.value == mode }.keys.sorted()
            messages += Self.batches(tokens, batchSize).map { Self.message("mode", mode: mode, $0) }
        }
        sent = desired
        return messages
    }

    private static func batches(_ tokens: [UInt32], _ size: Int) -> [ArraySlice<UInt32>] {
        stride(from: 0, to: tokens.count, by: max(size, 1)).map { tokens[$0..<min($0 + max(size, 1), tokens.count)] }
    }

    private static func message(_ action: String, mode: KiteTickerMode?, _ tokens: ArraySlice<UInt32>) -> String {
        var writer = JSONWriter(reservingCapacity: tokens.count * 10 + 40)
        writer.beginObject()
        writer.key("a")
        writer.value(action)
        writer.key("v")
        writer.beginArray()
        if let mode {
            writer.value(mode.rawValue)
            writer.beginArray()
        }
        for token in tokens { writer.value(token) }
        if mode != nil { writer.endArray() }
        writer.endArray()
        writer.endObject()
        return writer.text
    }
}
