extension DecimalText {
    /// The nearest double to plain decimal text; nil for anything else: words, hexadecimal digits, out of range.
    static func double(_ text: String) -> Double? {
        let isDecimal = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
        guard isDecimal, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// The whole number that decimal text stands for, exactly, however it is written (`75`, `75.0`, `7.5e1`).
    ///
    /// Nil for other text, for a fraction and for what does not fit; never rounded.
    static func whole(_ text: String) -> Int? {
        if let value = Int(text) { return value }
        guard double(text) != nil else { return nil }
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard let mantissa = parts.first, let power = parts.count == 2 ? Int(parts[1]) : 0 else { return nil }
        var magnitude = 0
        var scale = 0
        var zeros = 0
        var isFraction = false
        for byte in mantissa.utf8 {
            let digit = byte &- UInt8(ascii: "0")
            if byte == UInt8(ascii: ".") { isFraction = true }
            guard digit < 10 else { continue }
            if isFraction { scale += 1 }
            zeros += 1
            if digit == 0 { continue }
            guard let shifted = times(magnitude, tenTo: zeros) else { return nil }
            let (sum, overflow) = shifted.addingReportingOverflow(Int(digit))
            guard !overflow else { return nil }
            magnitude = sum
            zeros = 0
        }
        guard magnitude > 0 else { return 0 }
        let (exponent, overflow) = power.addingReportingOverflow(zeros - scale)
        guard !overflow, exponent >= 0, let value = times(magnitude, tenTo: exponent) else { return nil }
        return mantissa.hasPrefix("-") ? -value : value
    }

    private static func times(_ value: Int, tenTo power: Int) -> Int? {
        if value == 0 { return 0 }
        guard power < 20 else { return nil }
        var product = value
        for _ in 0..<power {
            let (next, overflow) = product.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            product = next
        }
        return product
    }
}
