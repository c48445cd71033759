import Logging

/// Writes one line a record that a person can read: time, level, label, message, then `key=value` pairs.
package struct TextLogHandler: LogHandler {
    /// Added to every record.
    package var metadata: Logger.Metadata = [:]
    /// The least level that is written.
    package var logLevel: Logger.Level
    /// Metadata of the task, where somebody set it up.
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let output: LogOutput
    private let clock: @Sendable () -> Int64

    /// Writes records of one logger; the clock tells microseconds since 1970.
    package init(
        label: String, output: LogOutput, level: Logger.Level = .info, clock: @escaping @Sendable () -> Int64
    ) {
        self.label = label
        self.output = output
        logLevel = level
        self.clock = clock
    }

    /// Reads or sets one piece of metadata.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Queues the record; a critical one is on its way out when this returns.
    package func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let ofEvent = event.metadata { all.merge(ofEvent) { $1 } }
        let level = event.level.rawValue.uppercased()
        let message = Self.onOneLine(event.message.description)
        var line = "\(LogTime.text(microseconds: clock())) \(level) [\(label)] \(message)"
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { line += " \(key)=\(Self.onOneLine("\(value)"))" }
        output.write(Array((line + "\n").utf8))
        if event.level == .critical { output.flush() }
    }

    /// Control characters are shown, so that no message can forge a line of its own.
    private static func onOneLine(_ text: String) -> String {
        let clean = Redaction.strip(text)
        guard clean.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return clean }
        return clean.unicodeScalars.map { scalar in
            switch scalar {
            case "\n": "\\n"
            case "\r": "\\r"
            case "\t": "\\t"
            case let other where other.value < 0x20 || other.value == 0x7F: "?"
            default: String(scalar)
            }
        }.joined()
    }
}
