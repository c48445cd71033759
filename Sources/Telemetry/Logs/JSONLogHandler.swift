import JSON
import Logging

/// Writes one JSON object a record: `ts`, `level`, `label`, `message`, then the metadata as members of their own.
package struct JSONLogHandler: LogHandler {
    /// Added to every record.
    package var metadata: Logger.Metadata = [:]
    /// The least level that is written.
    package var logLevel: Logger.Level
    /// Metadata of the task, where somebody set it up.
    package var metadataProvider: Logger.MetadataProvider?

    private static let reserved: Set<String> = ["ts", "level", "label", "message"]
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
        var writer = JSONWriter(reservingCapacity: 384)
        writer.beginObject()
        writer.key("ts")
        writer.value(LogTime.text(microseconds: clock()))
        writer.key("level")
        writer.value(event.level.rawValue)
        writer.key("label")
        writer.value(label)
        writer.key("message")
        writer.value(Redaction.strip(event.message.description))
        for (key, value) in merged(event.metadata).sorted(by: { $0.key < $1.key }) {
            writer.key(dynamic: Self.reserved.contains(key) ? "metadata.\(key)" : key)
            Self.write(value, to: &writer)
        }
        writer.endObject()
        output.write(writer.bytes + [UInt8(ascii: "\n")])
        if event.level == .critical { output.flush() }
    }

    private func merged(_ ofEvent: Logger.Metadata?) -> Logger.Metadata {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let ofEvent { all.merge(ofEvent) { $1 } }
        return all
    }

    private static func write(_ value: Logger.Metadata.Value, to writer: inout JSONWriter) {
        switch value {
        case .string(let text): writer.value(Redaction.strip(text))
        case .stringConvertible(let number as Int): writer.value(number)
        case .stringConvertible(let value): writer.value(Redaction.strip(value.description))
        case .array(let elements):
            writer.beginArray()
            for element in elements { write(element, to: &writer) }
            writer.endArray()
        case .dictionary(let members):
            writer.beginObject()
            for (key, member) in members.sorted(by: { $0.key < $1.key }) {
                writer.key(dynamic: key)
                write(member, to: &writer)
            }
            writer.endObject()
        }
    }
}
