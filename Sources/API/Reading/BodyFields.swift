import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Trading

/// The members of a JSON body, read strictly: known names, each once, each of its type.
struct BodyFields: Sendable {
    /// The most bytes a body may have.
    static let maximumBytes = 1 << 20

    private let object: JSONObject

    init(_ object: JSONObject, allowed: [String]) throws(Refusal) {
        self.object = object
        for member in object.members where !allowed.contains(member.name) {
            throw Refusal(
                .unknownField,
                "Unknown field \"\(member.name.prefix(64))\". Known are \(allowed.joined(separator: ", ")).")
        }
    }

    /// Reads a request's body.
    static func read(_ request: Request, allowed: [String]) async throws -> BodyFields {
        let type = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased() ?? ""
        guard type.filter({ $0 != " " }) == "application/json" else { throw Refusal(.unsupportedMediaType) }
        if let length = request.headers[.contentLength].flatMap(Int.init), length > maximumBytes {
            throw Refusal(.bodyTooLarge)
        }
        let bytes: ByteBuffer
        do {
            bytes = try await request.body.collect(upTo: maximumBytes)
        } catch is NIOTooManyBytesError {
            throw Refusal(.bodyTooLarge)
        } catch {
            throw BodyInterrupted(cause: error)
        }
        return try BodyFields(try object(in: bytes), allowed: allowed)
    }

    private static func object(in bytes: ByteBuffer) throws(Refusal) -> JSONObject {
        let parsed: Result<JSONValue, JSONError> = bytes.withUnsafeReadableBytes { buffer in
            Result { () throws(JSONError) in try JSONValue(parsing: buffer, depthLimit: 8) }
        }
        switch parsed {
        case .success(.object(let object)): return object
        case .success: throw Refusal(.malformedJSON)
        case .failure(.duplicateName(let name)):
            throw Refusal(.repeatedField, "The field \"\(name.prefix(64))\" is given twice; give each field once.")
        case .failure(let error):
            throw Refusal(.malformedJSON, "The body is not JSON: \(error.description).")
        }
    }

    /// Whether a field is there and not `null`.
    func has(_ name: String) -> Bool { value(name) != nil }

    /// Text of some length in characters; nil where the field is not there.
    func text(_ name: String, _ length: ClosedRange<Int>) throws(Refusal) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string else { throw wrongType(name, "text", value) }
        let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard length.contains(text.unicodeScalars.count), isPlain else {
            throw Refusal(
                .invalidField,
                "\"\(name)\" must be \(length.lowerBound) to \(length.upperBound) characters, none of them control.")
        }
        return text
    }

    /// One of some words; nil where the field is not there.
    func word<Word: RawRepresentable>(_ name: String, among words: [Word]) throws(Refusal) -> Word?
    where Word.RawValue == String {
        guard let value = value(name) else { return nil }
        let known = value.string.flatMap { text in words.first { $0.rawValue == text } }
        guard let known else {
            let list = words.map(\.rawValue).joined(separator: ", ")
            throw Refusal(.invalidField, "\"\(name)\" must be one of \(list).")
        }
        return known
    }

    /// A whole number in a range; nil where the field is not there.
    func integer(_ name: String, in range: ClosedRange<Int64>) throws(Refusal) -> Int64? {
        guard let value = value(name) else { return nil }
        guard let number = value.number else { throw wrongType(name, "a number", value) }
        guard let whole = number.int64, range.contains(whole) else {
            throw Refusal(
                .invalidField, "\"\(name)\" must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return whole
    }

    /// A price, exact to four decimals; nil where the field is not there.
    func price(_ name: String) throws(Refusal) -> Price? {
        guard let value = value(name) else { return nil }
        guard let number = value.number else { throw wrongType(name, "a number", value) }
        guard let price = Price(number.text), price >= .zero, price <= Self.highestPrice else {
            throw Refusal(
                .invalidField,
                "\"\(name)\" must be a plain decimal from 0 to \(Self.highestPrice) with at most 4 decimals.")
        }
        return price
    }

    /// True or false; nil where the field is not there.
    func flag(_ name: String) throws(Refusal) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let flag = value.bool else { throw wrongType(name, "true or false", value) }
        return flag
    }

    /// A value that has to be there.
    func required<Value>(_ name: String, _ value: Value?) throws(Refusal) -> Value {
        guard let value else { throw Refusal(.missingField, "The field \"\(name)\" is required.") }
        return value
    }

    /// Keeps every amount of an order far from what 64 bits hold.
    private static let highestPrice = Price(rupees: 10_000_000)

    private func value(_ name: String) -> JSONValue? {
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }

    private func wrongType(_ name: String, _ wanted: String, _ value: JSONValue) -> Refusal {
        Refusal(.invalidField, "\"\(name)\" must be \(wanted), not \(value.kind).")
    }
}
