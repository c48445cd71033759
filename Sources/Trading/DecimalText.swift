/// Exact conversion between decimal text and whole ten-thousandths, both ways.
enum DecimalText {
    /// The number of decimals that `Price` and `Money` carry.
    static let scale = 4

    /// Reads plain decimal text; nil where it is malformed, does not fit or has more than four decimals.
    static func tenThousandths(_ text: some StringProtocol) -> Int64? {
        var digits: Int64 = 0
        var decimals: Int?
        var seenDigit = false
        var negative = false
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "-") where index == 0:
                negative = true
            case UInt8(ascii: ".") where decimals == nil && seenDigit:
                decimals = 0
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                seenDigit = true
                let digit = Int64(byte - UInt8(ascii: "0"))
                if let count = decimals {
                    if count == scale {
                        guard digit == 0 else { return nil }
                        continue
                    }
                    decimals = count + 1
                }
                guard let next = appending(digit, to: digits, negative: negative) else { return nil }
                digits = next
            default:
                return nil
            }
        }
        guard seenDigit, decimals != 0 else { return nil }
        for _ in (decimals ?? 0)..<scale {
            guard let next = appending(0, to: digits, negative: negative) else { return nil }
            digits = next
        }
        return digits
    }

    private static func appending(_ digit: Int64, to digits: Int64, negative: Bool) -> Int64? {
        let (product, overflow) = digits.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(negative ? -digit : digit)
        return overflow || carry ? nil : sum
    }

    /// Writes the shortest exact text, for example `24500.05`.
    static func text(_ tenThousandths: Int64) -> String {
        let magnitude = tenThousandths.magnitude
        let sign = tenThousandths < 0 ? "-" : ""
        let whole = magnitude / 10_000
        var fraction = magnitude % 10_000
        guard fraction > 0 else { return "\(sign)\(whole)" }
        var width = scale
        while fraction % 10 == 0 {
            fraction /= 10
            width -= 1
        }
        let digits = String(fraction)
        return "\(sign)\(whole)." + String(repeating: "0", count: width - digits.count) + digits
    }

    /// Rounds a binary number to the nearest ten-thousandth, ties to even; nil where it is not finite or too large.
    static func rounding(_ value: Double) -> Int64? {
        let scaled = (value * 10_000).rounded(.toNearestOrEven)
        guard scaled.isFinite, scaled.magnitude < 9.2e18 else { return nil }
        return Int64(scaled)
    }

    /// Divides with ties to even.
    static func divide(_ dividend: Int64, by divisor: Int64) -> Int64 {
        precondition(divisor > 0, "a division needs a positive divisor")
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        let twice = remainder.magnitude * 2
        let roundsAway = twice > divisor.magnitude || (twice == divisor.magnitude && quotient % 2 != 0)
        return roundsAway ? quotient + dividend.signum() : quotient
    }
}
