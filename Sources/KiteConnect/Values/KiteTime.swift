/// A moment as Kite states it, in whole seconds.
///
/// Kite writes Indian time (UTC+05:30, no daylight saving) without a zone; this is the instant it means.
public struct KiteTime: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Seconds since 1970-01-01 00:00:00 UTC.
    public let unixSeconds: Int64

    /// Takes seconds since 1970-01-01 00:00:00 UTC.
    public init(unixSeconds: Int64) {
        self.unixSeconds = unixSeconds
    }

    /// Seconds that Indian time is ahead of UTC.
    public static let indianOffsetSeconds: Int64 = 19_800

    /// Earlier comes first.
    public static func < (left: Self, right: Self) -> Bool { left.unixSeconds < right.unixSeconds }

    /// The calendar date in India.
    public var date: KiteDate {
        KiteDate(daysSinceEpoch: Self.floorDivision(unixSeconds + Self.indianOffsetSeconds, 86_400))
    }

    /// Seconds since Indian midnight, 0 to 86399.
    public var secondsOfDay: Int {
        let local = unixSeconds + Self.indianOffsetSeconds
        return Int(local - Self.floorDivision(local, 86_400) * 86_400)
    }

    /// `yyyy-mm-dd hh:mm:ss` in Indian time, as Kite writes it.
    public var description: String {
        let second = secondsOfDay
        return "\(date) \(twoDigits(second / 3600)):\(twoDigits(second / 60 % 60)):\(twoDigits(second % 60))"
    }

    /// A date in India at a second of the day.
    public init(date: KiteDate, secondsOfDay: Int = 0) {
        unixSeconds = date.daysSinceEpoch * 86_400 + Int64(secondsOfDay) - Self.indianOffsetSeconds
    }

    private static func floorDivision(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}

/// A calendar date without a time.
public struct KiteDate: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The year, 1 to 9999.
    public let year: Int16
    /// The month, 1 to 12.
    public let month: Int8
    /// The day of the month, 1 to 31.
    public let day: Int8

    /// A date that exists in the Gregorian calendar; nil otherwise.
    public init?(year: Int, month: Int, day: Int) {
        guard 1...9999 ~= year, 1...12 ~= month, day >= 1, day <= Self.days(in: month, of: year) else { return nil }
        self.year = Int16(year)
        self.month = Int8(month)
        self.day = Int8(day)
    }

    /// Takes `yyyy-mm-dd`; nil for anything else, the zero date 0001-01-01 included.
    public init?(_ text: String) {
        var copy = text
        let date = copy.withUTF8 { KiteDate(utf8: $0) }
        guard let date else { return nil }
        self = date
    }

    /// Earlier comes first.
    public static func < (left: Self, right: Self) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    /// `yyyy-mm-dd`.
    public var description: String {
        let digits = String(year)
        return String(repeating: "0", count: 4 - digits.count) + digits
            + "-\(twoDigits(Int(month)))-\(twoDigits(Int(day)))"
    }

    /// Days since 1970-01-01; negative before.
    ///
    /// Source: H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
    public var daysSinceEpoch: Int64 {
        let shifted = Int64(year) - (month <= 2 ? 1 : 0)
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let monthFromMarch = (Int64(month) + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The date a number of days after 1970-01-01; dates outside years 1 to 9999 are clamped to their ends.
    public init(daysSinceEpoch days: Int64) {
        let clamped = min(max(days, -719_162), 2_932_896)
        let shifted = clamped + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let civilMonth = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        day = Int8(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
        month = Int8(civilMonth)
        year = Int16(yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0))
    }

    /// Reads exactly ten bytes `yyyy-mm-dd`.
    init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = decimal(bytes, 0..<4), let month = decimal(bytes, 5..<7), let day = decimal(bytes, 8..<10),
            year > 1
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

private func twoDigits(_ value: Int) -> String {
    value < 10 ? "0\(value)" : "\(value)"
}

/// The number in a run of ASCII digits; nil when another byte is among them.
func decimal(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
    var value = 0
    for index in range {
        let digit = bytes[index] &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        value = value * 10 + Int(digit)
    }
    return value
}
