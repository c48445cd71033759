/// Why bytes are not an acceptable JSON document.
public enum JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    case unexpectedEnd
    case unexpectedByte(offset: Int)
    case invalidNumber(offset: Int)
    case invalidString(offset: Int)
    case duplicateName(String)
    case tooDeep(limit: Int)
    case trailingBytes(offset: Int)

    /// A sentence without any of the document's content but a repeated name.
    public var description: String {
        switch self {
        case .unexpectedEnd: "the JSON text ends too early"
        case .unexpectedByte(let offset): "unexpected character at byte \(offset)"
        case .invalidNumber(let offset): "malformed number at byte \(offset)"
        case .invalidString(let offset): "malformed string at byte \(offset)"
        case .duplicateName(let name): "the field \"\(name)\" is given twice"
        case .tooDeep(let limit): "nested deeper than \(limit) levels"
        case .trailingBytes(let offset): "text after the JSON value at byte \(offset)"
        }
    }
}

extension JSONValue {
    /// Reads one strict JSON document: no duplicate names, no trailing text, bounded depth.
    ///
    /// - Throws: `JSONError` with the byte offset of the first fault.
    public init(parsing bytes: [UInt8], depthLimit: Int = 64) throws(JSONError) {
        let result: Result<JSONValue, JSONError> = bytes.withUnsafeBufferPointer { buffer in
            Self.parse(buffer, depthLimit: depthLimit)
        }
        self = try result.get()
    }

    /// Reads one strict JSON document from memory that outlives the call.
    public init(parsing buffer: UnsafeRawBufferPointer, depthLimit: Int = 64) throws(JSONError) {
        let result: Result<JSONValue, JSONError> = buffer.withMemoryRebound(to: UInt8.self) { bytes in
            Self.parse(bytes, depthLimit: depthLimit)
        }
        self = try result.get()
    }

    /// Reads one strict JSON document from text.
    public init(parsing text: String, depthLimit: Int = 64) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), depthLimit: depthLimit)
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int) -> Result<JSONValue, JSONError> {
        var parser = JSONParser(bytes: bytes, depthLimit: depthLimit)
        do throws(JSONError) {
            return .success(try parser.document())
        } catch {
            return .failure(error)
        }
    }
}

/// A recursive-descent reader over bytes.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let depthLimit: Int
    var offset = 0

    init(bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value(depth: 0)
        skipWhitespace()
        guard offset == bytes.count else { throw .trailingBytes(offset: offset) }
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        skipWhitespace()
        switch try peek() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw .unexpectedByte(offset: offset)
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < depthLimit else { throw .tooDeep(limit: depthLimit) }
        offset += 1
        var members: [JSONObject.Member] = []
        skipWhitespace()
        if try take(UInt8(ascii: "}")) { return .object(JSONObject(members)) }
        while true {
            skipWhitespace()
            guard try peek() == UInt8(ascii: "\"") else { throw .unexpectedByte(offset: offset) }
            let name = try string()
            skipWhitespace()
            guard try take(UInt8(ascii: ":")) else { throw .unexpectedByte(offset: offset) }
            members.append(.init(name: name, value: try value(depth: depth + 1)))
            skipWhitespace()
            if try take(UInt8(ascii: ",")) { continue }
            guard try take(UInt8(ascii: "}")) else { throw .unexpectedByte(offset: offset) }
            if let name = repeatedName(in: members) { throw .duplicateName(name) }
            return .object(JSONObject(members))
        }
    }

    /// Compares all pairs up to a size, above it sorts, so that many members cost no quadratic time.
    private func repeatedName(in members: [JSONObject.Member]) -> String? {
        if members.count <= 32 {
            for (index, member) in members.enumerated() {
                for other in members[..<index] where other.name == member.name { return member.name }
            }
            return nil
        }
        var seen = Set<String>(minimumCapacity: members.count)
        for member in members where !seen.insert(member.name).inserted { return member.name }
        return nil
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < depthLimit else { throw .tooDeep(limit: depthLimit) }
        offset += 1
        var elements: [JSONValue] = []
        skipWhitespace()
        if try take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipWhitespace()
            if try take(UInt8(ascii: ",")) { continue }
            guard try take(UInt8(ascii: "]")) else { throw .unexpectedByte(offset: offset) }
            return .array(elements)
        }
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let length = text.utf8CodeUnitCount
        guard offset + length <= bytes.count else { throw .unexpectedEnd }
        for index in 0..<length where bytes[offset + index] != text.utf8Start[index] {
            throw .unexpectedByte(offset: offset + index)
        }
        offset += length
        return value
    }

    private mutating func number() throws(JSONError) -> JSONNumber {
        let start = offset
        if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        let wholeStart = offset
        skipDigits()
        let wholeDigits = offset - wholeStart
        guard wholeDigits > 0, wholeDigits == 1 || bytes[wholeStart] != UInt8(ascii: "0") else {
            throw .invalidNumber(offset: start)
        }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            offset += 1
            let fractionStart = offset
            skipDigits()
            guard offset > fractionStart else { throw .invalidNumber(offset: start) }
        }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") {
                offset += 1
            }
            let exponentStart = offset
            skipDigits()
            guard offset > exponentStart else { throw .invalidNumber(offset: start) }
        }
        guard offset - start <= 64 else { throw .invalidNumber(offset: start) }
        return JSONNumber(text: String(decoding: bytes[start..<offset], as: UTF8.self))
    }

    private mutating func skipDigits() {
        while offset < bytes.count, bytes[offset] &- UInt8(ascii: "0") < 10 { offset += 1 }
    }

    mutating func skipWhitespace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }

    func peek() throws(JSONError) -> UInt8 {
        guard offset < bytes.count else { throw .unexpectedEnd }
        return bytes[offset]
    }

    private mutating func take(_ byte: UInt8) throws(JSONError) -> Bool {
        guard try peek() == byte else { return false }
        offset += 1
        return true
    }
}
