import Testing

@testable import KiteConnect

@Suite struct KiteTimeCodeTests {
    /// The seed of the RFC's examples, "12345678901234567890", in base32.
    private static let seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    /// RFC 6238, appendix B, the rows for SHA-1.
    @Test(arguments: [
        (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ])
    func `the codes are those of the RFC`(seconds: Int64, code: String) throws {
        let codes = try #require(KiteTimeCode(seed: Self.seed))
        #expect(codes.code(at: KiteTime(unixSeconds: seconds), digits: 8) == code)
        #expect(codes.code(at: KiteTime(unixSeconds: seconds)) == String(code.suffix(6)))
    }

    @Test(arguments: [
        "gezdgnbvgy3tqojqgezdgnbvgy3tqojq", "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ====",
        "GEZDGNBV-GY3TQOJQGEZDGNBVGY3TQOJQ",
    ])
    func `case, blanks and padding of a seed do not matter`(seed: String) {
        #expect(KiteTimeCode(seed: seed)?.code(at: KiteTime(unixSeconds: 59)) == "287082")
    }

    @Test(arguments: ["", "A", "GEZD1", "GEZD0NBV", "GEZD!NBV", "گEZDGNBV"])
    func `what is not base32 is no seed`(text: String) {
        #expect(KiteTimeCode(seed: text) == nil)
    }

    /// RFC 4648, section 10.
    @Test(arguments: [("MY======", "f"), ("MZXQ====", "fo"), ("MZXW6===", "foo"), ("MZXW6YTBOI======", "foobar")])
    func `base32 is that of the RFC`(text: String, plain: String) {
        #expect(KiteTimeCode.base32(text) == Array(plain.utf8))
    }

    @Test(arguments: [(0, 30), (29, 1), (30, 30), (59, 1), (-5, 30)])
    func `a step has thirty seconds`(seconds: Int64, left: Int64) {
        #expect(KiteTimeCode.secondsLeft(at: KiteTime(unixSeconds: seconds)) == left)
    }

    @Test func `the seed is in no description`() throws {
        let codes = try #require(KiteTimeCode(seed: Self.seed))
        #expect("\(codes)" == "KiteTimeCode([redacted])")
        var dumped = ""
        dump(codes, to: &dumped)
        #expect(!dumped.contains("SymmetricKey"))
    }
}
