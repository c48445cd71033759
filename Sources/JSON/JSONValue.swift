/// A JSON document as a tree, with numbers kept as the text they were sent in.
///
/// Source: RFC 8259.
public enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// The text of a string, nil for any other kind.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number, nil for any other kind.
    public var number: JSONNumber? {
        if case .number(let number) = self { number } else { nil }
    }

    /// The truth value, nil for any other kind.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements of an array, nil for any other kind.
    public var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members of an object, nil for any other kind.
    public var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    /// Whether this is the literal `null`.
    public var isNull: Bool { self == .null }

    /// The name of the kind as RFC 8259 has it, for messages to people.
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

/// A number as it stood in the document; conversions say nil where they would lose something.
public struct JSONNumber: Sendable, Hashable {
    /// The characters of the number, for example `24500.05` or `1e-3`.
    public let text: String

    /// Takes text that is known to be a JSON number.
    public init(text: String) {
        self.text = text
    }

    /// The value as a whole number, nil when it has a fraction, an exponent or does not fit.
    public var int64: Int64? { Int64(text) }

    /// The value as `Int`, nil when it has a fraction, an exponent or does not fit.
    public var int: Int? { Int(text) }

    /// The nearest binary64 value; nil when it is out of range.
    public var double: Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }
}

/// The members of a JSON object in the order they were sent.
public struct JSONObject: Sendable, Equatable {
    /// Names and values in document order; names are unique.
    public let members: [Member]

    /// One name with its value.
    public struct Member: Sendable, Equatable {
        /// The member's name with escapes resolved.
        public let name: String
        /// The member's value.
        public let value: JSONValue

        /// Pairs a name with a value.
        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// Takes members whose names are known to be unique.
    public init(_ members: [Member]) {
        self.members = members
    }

    /// The value under a name, nil when there is none; linear in the number of members.
    public subscript(name: String) -> JSONValue? {
        for member in members where member.name == name { return member.value }
        return nil
    }
}
