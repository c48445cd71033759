import Foundation
import JSON

/// JSON text: what is read writes and reads back the same, and Foundation has the same opinion of every text.
enum JSONTarget {
    static let target = FuzzTarget(
        name: "json", seeds: seeds.map { Array($0.utf8) },
        words: ["true", "false", "null", "\\u", "\\ud83d\\ude00", "\\\"", "1e", "-0", "[[", "{\"", "\":", "\u{FEFF}"],
        jsonStart: 0, check: check)

    @Sendable static func check(_ text: UnsafeRawBufferPointer) {
        let foreign = foundation(text)
        let tree: JSONValue
        do {
            tree = try JSONValue(parsing: text)
        } catch {
            require(foreign == nil || isStricter(error, text), "\(error), and yet Foundation reads it")
            require(error.description.isEmpty == false, "an error without a sentence")
            return
        }
        var writer = JSONWriter()
        writer.value(tree)
        require((try? JSONValue(parsing: writer.bytes)) == tree, "what is written reads otherwise")
        require((try? JSONValue(parsing: writer.text)) == tree, "as text it reads otherwise")
        guard let foreign else {
            require(hasWideNumber(tree), "Foundation refuses it")
            return
        }
        require(agree(tree, foreign), "Foundation reads another value")
    }

    private static func foundation(_ text: UnsafeRawBufferPointer) -> Any? {
        try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
    }

    /// Where ours refuses by intent: repeated names, depth over 64, numbers over 64 characters, a comma before a closing
    /// bracket, and encodings other than UTF-8, which Foundation guesses from byte order marks and zero bytes.
    private static func isStricter(_ error: JSONError, _ text: UnsafeRawBufferPointer) -> Bool {
        if text.contains(0) { return true }
        if let first = text.first, [0xEF, 0xFE, 0xFF].contains(first) { return true }
        switch error {
        case .duplicateName, .tooDeep: return true
        case .unexpectedByte(let offset):
            let last = text[..<offset].last { !" \n\r\t".utf8.contains($0) }
            return last == UInt8(ascii: ",") && "]}".utf8.contains(text[offset])
        case .invalidNumber(let offset):
            let digits = text[offset...].prefix { "0123456789+-.eE".utf8.contains($0) }
            return digits.count > 64
        default: return false
        }
    }

    /// Foundation refuses numbers that no `Double` can hold.
    private static func hasWideNumber(_ tree: JSONValue) -> Bool {
        switch tree {
        case .number(let number): number.double == nil || number.double?.magnitude ?? 0 > 1e300 || tiny(number)
        case .array(let elements): elements.contains(where: hasWideNumber)
        case .object(let object): object.members.contains { hasWideNumber($0.value) }
        default: false
        }
    }

    private static func tiny(_ number: JSONNumber) -> Bool {
        guard let value = number.double else { return true }
        return value.magnitude < 1e-300
    }

    private static func agree(_ ours: JSONValue, _ theirs: Any) -> Bool {
        switch ours {
        case .null: return theirs is NSNull
        case .bool(let flag): return theirs as? Bool == flag
        case .string(let text) where hasMark(text): return theirs is String
        case .string(let text): return (theirs as? String).map { Array($0.utf8) == Array(text.utf8) } ?? false
        case .number(let number):
            guard let ours = number.double, let value = (theirs as? NSNumber)?.doubleValue else { return true }
            return ours == value || (ours - value).magnitude <= ours.magnitude * 1e-14
        case .array(let elements):
            guard let others = theirs as? [Any], others.count == elements.count else { return false }
            return zip(elements, others).allSatisfy { agree($0, $1) }
        case .object(let object):
            guard let others = theirs as? [String: Any] else { return false }
            if object.members.contains(where: { hasMark($0.name) }) { return true }
            guard others.count == object.members.count else { return false }
            return object.members.allSatisfy { member in others[member.name].map { agree(member.value, $0) } ?? false }
        }
    }

    /// Foundation drops a byte order mark at the start of a string, where it is text.
    private static func hasMark(_ text: String) -> Bool { text.unicodeScalars.contains("\u{FEFF}") }

    private static let seeds = [
        "{}", "[]", "null", "true", "false", "0", "-0.5e+10", "12345678901234567890.25", "\"\"", "\"a\\u0041\\n\\/\"",
        "\"\\ud83d\\ude00\"", "\"\u{20B9} 10\"", "[1,2.5,[],{}]", "{\"a\":1,\"b\":{\"c\":[null,true]}}",
        " {\r\n\t\"status\" : \"success\" , \"data\" : { } } ", "{\"a\":1,\"a\":2}", "[1,]", "01", "\"\\ud800\"",
        "[1 2]",
        String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
        "{" + (0..<40).map { "\"n\($0)\":\($0)" }.joined(separator: ",") + "}",
    ]
}
