import JSON

/// A value that can be read from the `data` part of one of Kite's answers.
public protocol KiteDecodable: Sendable {
    /// Reads the value from a JSON tree.
    ///
    /// Unknown fields are ignored; missing ones read as zero, empty or nil unless the value makes no sense
    /// without them. Throws `KiteError` with code `.invalidResponse` otherwise.
    init(json: JSONValue) throws(KiteError)
}

/// Reading of Kite's answers without a client: recorded samples, postbacks, messages from elsewhere.
public enum KiteAnswer {
    /// Reads a whole answer, envelope included.
    ///
    /// Throws the typed error of an error envelope, as a call would (HTTP status 200 assumed, effect `.none` or
    /// `.refused`), and `.invalidResponse` for anything that is no envelope.
    public static func decode<Value: KiteDecodable>(
        _ type: Value.Type, from bytes: [UInt8]
    ) throws(KiteError) -> Value {
        try Value(json: data(from: bytes))
    }

    /// Reads a whole answer whose data is a list.
    public static func decodeList<Value: KiteDecodable>(
        of type: Value.Type, from bytes: [UInt8]
    ) throws(KiteError) -> [Value] {
        try list(of: type, in: data(from: bytes))
    }

    /// Reads a whole answer whose data is an object keyed by instrument.
    public static func decodeTable<Value: KiteDecodable>(
        of type: Value.Type, from bytes: [UInt8]
    ) throws(KiteError) -> [String: Value] {
        try table(of: type, in: data(from: bytes))
    }

    /// The data of a success envelope.
    public static func data(from bytes: [UInt8]) throws(KiteError) -> JSONValue {
        let envelope = bytes.withUnsafeBytes { Envelope(parsing: $0) }
        let reading = AnswerReading(status: 200, content: envelope.content)
        if let error = OutcomeClassification.error(reading, intent: .read) { throw error }
        guard case .success(let data) = envelope else { throw .unreadable("the answer is not an envelope") }
        return data
    }

    static func list<Value: KiteDecodable>(of type: Value.Type, in data: JSONValue) throws(KiteError) -> [Value] {
        // An empty list is `[]`; null in its place could hide an order that stands.
        guard let elements = data.array else { throw .unreadable("data: a list was expected, a \(data.kind) came") }
        var values: [Value] = []
        values.reserveCapacity(elements.count)
        for element in elements {
            do {
                values.append(try Value(json: element))
            } catch {
                throw .unreadable("data[\(values.count)]: \(error.message)")
            }
        }
        return values
    }

    static func table<Value: KiteDecodable>(
        of type: Value.Type, in data: JSONValue
    ) throws(KiteError) -> [String: Value] {
        guard let object = data.object else {
            throw .unreadable("data: an object was expected, a \(data.kind) came")
        }
        var values: [String: Value] = [:]
        values.reserveCapacity(object.members.count)
        for member in object.members {
            do {
                values[member.name] = try Value(json: member.value)
            } catch {
                throw .unreadable("\(member.name): \(error.message)")
            }
        }
        return values
    }
}

extension KiteError {
    /// An answer that cannot be read; the caller of the wire adds what it knows of the effect.
    static func unreadable(_ detail: String) -> KiteError {
        KiteError(.invalidResponse, effect: .none, message: detail)
    }
}
