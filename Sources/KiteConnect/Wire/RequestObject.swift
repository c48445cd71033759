import JSON

/// A JSON object for one of Kite's calls, written field by field; nil fields are left out.
struct RequestObject {
    private(set) var members: [JSONObject.Member] = []

    var json: JSONValue { .object(JSONObject(members)) }

    mutating func add(_ name: String, _ value: String?) {
        if let value { add(name, json: .string(value)) }
    }

    mutating func add(_ name: String, _ value: Int?) {
        if let value { add(name, json: .number(JSONNumber(text: String(value)))) }
    }

    /// Adds a number in plain decimals; throws `.input` when it is not finite.
    mutating func add(_ name: String, _ value: Double?) throws(KiteError) {
        if let value { add(name, json: try .decimal(value, name)) }
    }

    mutating func add(_ name: String, json: JSONValue) {
        members.append(JSONObject.Member(name: name, value: json))
    }
}

extension JSONValue {
    /// A number in plain decimals, never with an exponent; throws `.input` naming the field when it is not finite.
    static func decimal(_ value: Double, _ name: String) throws(KiteError) -> JSONValue {
        guard let text = DecimalText.text(value) else { throw .unsendable("\(name) is not a finite number") }
        return .number(JSONNumber(text: text))
    }

    /// The value as JSON text, which some of Kite's form fields carry.
    var text: String {
        var writer = JSONWriter()
        writer.value(self)
        return writer.text
    }
}

extension FormEncoding {
    /// A path segment that must not be empty; throws `.input` naming what is missing.
    static func identifier(_ value: String, _ name: StaticString) throws(KiteError) -> String {
        guard !value.isEmpty else { throw .unsendable("the \(name) is empty") }
        return segment(value)
    }
}
