/// Decimal text taken apart by hand, as a second opinion on what number it is.
struct ExactNumber {
    /// The digits without leading or trailing zeros.
    private let digits: Substring
    /// The power of ten that the last digit stands for.
    private let exponent: Int
    private let isNegative: Bool

    /// Nil for anything but digits with at most one sign, point and exponent.
    init?(_ text: String) {
        var rest = text[...]
        isNegative = rest.first == "-"
        if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
        let parts = rest.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard parts.count <= 2, let mantissa = parts.first else { return nil }
        var power = 0
        if parts.count == 2 {
            guard let value = Int(parts[1]) else { return nil }
            power = min(max(value, -100_000), 100_000)
        }
        let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count <= 2, mantissa.utf8.allSatisfy({ 0x30...0x39 ~= $0 || $0 == 0x2E }),
            mantissa.utf8.contains(where: { $0 != 0x2E })
        else { return nil }
        let fraction = halves.count == 2 ? halves[1].count : 0
        var all = Substring(halves.joined())
        while all.first == "0" { all = all.dropFirst() }
        var zeros = 0
        while all.last == "0" {
            all = all.dropLast()
            zeros += 1
        }
        digits = all
        exponent = power - fraction + zeros
    }

    /// The whole number; nil where there is a fraction or it does not fit.
    var whole: Int? {
        if digits.isEmpty { return 0 }
        guard exponent >= 0, exponent < 20 else { return nil }
        return Int((isNegative ? "-" : "") + digits + String(repeating: "0", count: exponent))
    }
}
