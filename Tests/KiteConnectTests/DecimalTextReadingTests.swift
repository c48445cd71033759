import JSON
import Testing

@testable import KiteConnect

@Suite struct DecimalTextReadingTests {
    @Test(arguments: [
        ("75", 75), ("-75", -75), ("+75", 75), ("75.0", 75), ("75.", 75), ("7.5e1", 75), ("7500E-2", 75), ("0.0", 0),
        ("-0", 0), ("0e99", 0), ("1e18", 1_000_000_000_000_000_000), ("9007199254740993", 9_007_199_254_740_993),
        ("9007199254740993.0", 9_007_199_254_740_993), ("9223372036854775807.00", .max),
        ("-9223372036854775808", .min),
    ]) func `a whole number is read exactly in every form`(text: String, value: Int) {
        #expect(DecimalText.whole(text) == value)
    }

    @Test(arguments: [
        "", "-", ".", "e1", "1e", "0.5", "75.01", "8.0000000000000000001", "1e-400", "1e400", "1e19",
        "9223372036854775808",
        "0x10", "0x1p3", "nan", "inf", "1_000", " 1", "1 ", "1e9223372036854775807", "12e1.5",
    ]) func `a fraction, an overflow and text that is no number are no whole number`(text: String) {
        #expect(DecimalText.whole(text) == nil)
    }

    @Test(arguments: ["0x10", "0x1p3", "nan", "infinity", "-inf", "1e400", "", "1,5", " 1"])
    func `words and hexadecimal digits are no number`(text: String) {
        #expect(DecimalText.double(text) == nil)
    }

    @Test func `a field in quotes that is no decimal is an error and not a number`() throws {
        let fields = try Fields(
            JSONValue(parsing: #"{"hex":"0x1p3","half":8.0000000000000000001,"wide":9007199254740993.0,"word":"nan"}"#),
            "test")
        #expect(throws: KiteError.self) { try fields.optionalInt("hex") }
        #expect(throws: KiteError.self) { try fields.optionalDouble("hex") }
        #expect(throws: KiteError.self) { try fields.optionalInt("half") }
        #expect(throws: KiteError.self) { try fields.optionalDouble("word") }
        #expect(try fields.optionalInt("wide") == 9_007_199_254_740_993)
    }

    @Test func `a candle's volume is exact or refused`() throws {
        func volume(_ text: String) throws -> Int {
            let json = try JSONValue(parsing: #"["2026-11-20T09:15:00+0530",1,1,1,1,\#(text)]"#)
            return try KiteCandle(json: json).volume
        }
        #expect(try volume("9007199254740993.0") == 9_007_199_254_740_993)
        #expect(throws: KiteError.self) { try volume("8.0000000000000000001") }
    }
}
