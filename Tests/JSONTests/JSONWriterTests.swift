import JSON
import Testing

@Suite struct JSONWriterTests {
    @Test func `objects and arrays get their commas`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("a")
        writer.beginArray()
        writer.value(1)
        writer.value("x\"\n\u{1}")
        writer.null()
        writer.endArray()
        writer.key(dynamic: "b\\")
        writer.value(true)
        writer.key("c")
        writer.beginObject()
        writer.endObject()
        writer.key("d")
        writer.value(UInt64.max)
        writer.endObject()
        #expect(writer.text == #"{"a":[1,"x\"\n\u0001",null],"b\\":true,"c":{},"d":18446744073709551615}"#)
    }

    @Test(arguments: [
        (Int64(245_000_500), 4, "24500.05"), (0, 4, "0"), (-5, 4, "-0.0005"), (10_000, 4, "1"), (12_340, 4, "1.234"),
        (Int64.min, 4, "-922337203685477.5808"), (7, 0, "7"),
    ])
    func `a decimal is written exactly`(_ units: Int64, _ scale: Int, _ expected: String) {
        var writer = JSONWriter()
        writer.decimal(units, scale: scale)
        #expect(writer.text == expected)
    }

    @Test(arguments: [
        (0.1, "0.1"), (1.0, "1"), (-2.5, "-2.5"), (Double.nan, "null"), (Double.infinity, "null"),
    ])
    func `a double is written shortest and never as a word`(_ number: Double, _ expected: String) {
        var writer = JSONWriter()
        writer.value(number)
        #expect(writer.text == expected)
    }

    @Test func `what is written reads back as the same tree`() throws {
        let text = #"{"a":[1,2.5,{"b":null}],"c":"₹","d":false}"#
        var writer = JSONWriter()
        writer.value(try JSONValue(parsing: text))
        #expect(writer.text == text)
    }
}
