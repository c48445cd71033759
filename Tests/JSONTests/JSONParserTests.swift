import JSON
import Testing

@Suite struct JSONParserTests {
    @Test(arguments: [
        ("null", JSONValue.null), (" true ", .bool(true)), ("\"a\\u20b9\\ud83d\\ude00\\n\"", .string("a₹😀\n")),
        ("[1,2.50,-0]", .array(["1", "2.50", "-0"].map { .number(JSONNumber(text: $0)) })),
        ("{\"a\":{}}", .object(JSONObject([.init(name: "a", value: .object(JSONObject([])))]))),
    ])
    func `a document reads as its tree`(_ text: String, _ expected: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == expected)
    }

    @Test(arguments: [
        ("", JSONError.unexpectedEnd), ("{\"a\":1,\"a\":2}", .duplicateName("a")), ("[1,]", .unexpectedByte(offset: 3)),
        ("01", .invalidNumber(offset: 0)), ("1.", .invalidNumber(offset: 0)), ("1 2", .trailingBytes(offset: 2)),
        ("\"\u{1}\"", .invalidString(offset: 1)), ("\"\\ud800\"", .invalidString(offset: 3)),
        ("nul", .unexpectedEnd), ("{\"a\" 1}", .unexpectedByte(offset: 5)), ("\"abc", .unexpectedEnd),
    ])
    func `a malformed document names its fault`(_ text: String, _ expected: JSONError) {
        #expect(throws: expected) { try JSONValue(parsing: text) }
    }

    @Test func `invalid UTF-8 is refused`() {
        #expect(throws: JSONError.invalidString(offset: 1)) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
    }

    @Test func `nesting is bounded`() {
        let deep = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
        #expect(throws: JSONError.tooDeep(limit: 64)) { try JSONValue(parsing: deep) }
    }

    @Test func `a name repeated among many is found`() {
        let members = (0..<100).map { "\"k\($0)\":0" } + ["\"k7\":1"]
        #expect(throws: JSONError.duplicateName("k7")) {
            try JSONValue(parsing: "{" + members.joined(separator: ",") + "}")
        }
    }

    @Test func `a number keeps its text and converts only without loss`() throws {
        let number = try #require(try JSONValue(parsing: "24500.05").number)
        #expect(number.text == "24500.05")
        #expect(number.int64 == nil)
        #expect(number.double == 24500.05)
        #expect(try JSONValue(parsing: "1e999").number?.double == nil)
    }
}
