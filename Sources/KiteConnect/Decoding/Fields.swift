import JSON

/// The fields of one JSON object, read leniently in form and strictly in meaning.
///
/// Absent and null read as nothing. Numbers in quotes are numbers, numbers where text is due are text. What is there
/// but makes no sense is an error, never a zero.
struct Fields {
    private let object: JSONObject
    private let subject: StaticString

    init(_ value: JSONValue, _ subject: StaticString) throws(KiteError) {
        guard let object = value.object else {
            throw .unreadable("\(subject): an object was expected, a \(value.kind) came")
        }
        self.object = object
        self.subject = subject
    }

    subscript(key: String) -> JSONValue? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    func has(_ key: String) -> Bool { self[key] != nil }

    // MARK: Text

    /// Text that must be there and not empty.
    func required(_ key: String) throws(KiteError) -> String {
        guard let text = optionalText(key) else { throw .unreadable("\(subject): \(key) is missing") }
        return text
    }

    /// Text; nil when absent, null or empty.
    func optionalText(_ key: String) -> String? {
        let text = text(key)
        return text.isEmpty ? nil : text
    }

    /// Text; empty when absent or null.
    func text(_ key: String) -> String {
        switch self[key] {
        case .string(let text)?: text
        case .number(let number)?: number.text
        case .bool(let flag)?: flag ? "true" : "false"
        default: ""
        }
    }

    func word<Word: KiteWord>(_ key: String, as type: Word.Type = Word.self) -> Word {
        Word(rawValue: text(key))
    }

    func requiredWord<Word: KiteWord>(_ key: String, as type: Word.Type = Word.self) throws(KiteError) -> Word {
        Word(rawValue: try required(key))
    }

    func words<Word: KiteWord>(_ key: String, as type: Word.Type = Word.self) -> [Word] {
        texts(key).map { Word(rawValue: $0) }
    }

    func texts(_ key: String) -> [String] {
        self[key]?.array?.compactMap { $0.string ?? $0.number?.text } ?? []
    }

    // MARK: Numbers

    /// A whole number; 0 when absent, which old rows may be, and an error when null.
    func int(_ key: String) throws(KiteError) -> Int {
        try refuseNull(key)
        return try optionalInt(key) ?? 0
    }

    func requiredInt(_ key: String) throws(KiteError) -> Int {
        try refuseNull(key)
        guard let value = try optionalInt(key) else { throw .unreadable("\(subject): \(key) is missing") }
        return value
    }

    func optionalInt(_ key: String) throws(KiteError) -> Int? {
        guard let text = numberText(key) else { return nil }
        guard let value = DecimalText.whole(text) else {
            throw .unreadable("\(subject): \(key) is not a whole number")
        }
        return value
    }

    func token(_ key: String) throws(KiteError) -> UInt32 {
        guard let value = UInt32(exactly: try int(key)) else {
            throw .unreadable("\(subject): \(key) is not an instrument token")
        }
        return value
    }

    /// A number; 0 when absent, which old rows may be, and an error when null.
    func double(_ key: String) throws(KiteError) -> Double {
        try refuseNull(key)
        return try optionalDouble(key) ?? 0
    }

    func requiredDouble(_ key: String) throws(KiteError) -> Double {
        try refuseNull(key)
        guard let value = try optionalDouble(key) else { throw .unreadable("\(subject): \(key) is missing") }
        return value
    }

    func optionalDouble(_ key: String) throws(KiteError) -> Double? {
        guard let text = numberText(key) else { return nil }
        guard let value = DecimalText.double(text) else { throw .unreadable("\(subject): \(key) is not a number") }
        return value
    }

    /// A truth value; false when absent.
    func bool(_ key: String) throws(KiteError) -> Bool {
        switch self[key] {
        case nil: return false
        case .bool(let flag)?: return flag
        default: throw .unreadable("\(subject): \(key) is not true or false")
        }
    }

    /// Null where a number is promised is not zero.
    private func refuseNull(_ key: String) throws(KiteError) {
        if object[key]?.isNull == true { throw .unreadable("\(subject): \(key) is null where a number was expected") }
    }

    private func numberText(_ key: String) -> String? {
        switch self[key] {
        case nil: nil
        case .number(let number)?: number.text
        case .string(let text)?: text.isEmpty ? nil : text
        default: "?"
        }
    }

    // MARK: Times and parts

    /// A time; nil when absent, empty, the zero date or in no known form.
    func time(_ key: String) -> KiteTime? {
        self[key]?.string.flatMap { KiteTime($0) }
    }

    func date(_ key: String) -> KiteDate? {
        time(key)?.date
    }

    func part<Value: KiteDecodable>(_ key: String, as type: Value.Type = Value.self) throws(KiteError) -> Value? {
        guard let value = self[key] else { return nil }
        return try Value(json: value)
    }

    func requiredPart<Value: KiteDecodable>(
        _ key: String, as type: Value.Type = Value.self
    ) throws(KiteError) -> Value {
        guard let value = try part(key, as: type) else { throw .unreadable("\(subject): \(key) is missing") }
        return value
    }

    /// A list; empty when absent, an error when null.
    func list<Value: KiteDecodable>(_ key: String, of type: Value.Type = Value.self) throws(KiteError) -> [Value] {
        guard let value = object[key] else { return [] }
        guard let elements = value.array else {
            throw .unreadable("\(subject): \(key): a list was expected, a \(value.kind) came")
        }
        var values: [Value] = []
        values.reserveCapacity(elements.count)
        for element in elements {
            do {
                values.append(try Value(json: element))
            } catch {
                throw .unreadable("\(key)[\(values.count)]: \(error.message)")
            }
        }
        return values
    }

    func requiredList<Value: KiteDecodable>(
        _ key: String, of type: Value.Type = Value.self
    ) throws(KiteError) -> [Value] {
        guard object[key] != nil else { throw .unreadable("\(subject): \(key) is missing") }
        return try list(key, of: type)
    }
}
