import Testing

@testable import KiteSimulator

@Suite struct FieldsTests {
    @Test(arguments: [
        ("i=NSE%3AINFY&i=NSE%3ANIFTY+50", "i", ["NSE:INFY", "NSE:NIFTY 50"]),
        ("a=1&b=2&a=3", "a", ["1", "3"]),
        ("a=x%3Dy=z", "a", ["x=y=z"]),
        ("a=50%&b=%zz", "b", ["%zz"]),
        ("flag", "flag", [""]),
        ("&&a=1&", "a", ["1"]),
        ("", "a", []),
    ])
    func `escapes, plus signs and repetitions are read`(encoded: String, name: String, values: [String]) {
        #expect(Fields(encoded.utf8).all(name) == values)
    }

    @Test func `the first of repeated fields counts and empty ones are missing`() {
        let fields = Fields("price=1&price=2&tag=".utf8)
        #expect(fields["price"] == "1")
        #expect(fields["tag"] == nil)
        #expect(throws: KiteRefusal.missing("tag")) { try fields.required("tag") }
    }

    @Test(arguments: [("true", true), ("True", true), ("TRUE", true), ("1", true), ("false", false), ("", false)])
    func `truth values come in any letter case`(text: String, expected: Bool) {
        #expect(Fields("autoslice=\(text)".utf8).flag("autoslice") == expected)
    }

    @Test func `a plus sign in a path stands for itself`() {
        #expect(Fields.pathSegment("a+b%20c") == "a+b c")
    }
}
