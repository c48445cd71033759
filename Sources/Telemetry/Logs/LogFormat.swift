import Logging

/// How log records look.
package enum LogFormat: String, Sendable, CaseIterable {
    /// One JSON object a line, for programs.
    case json
    /// One readable line, for people.
    case text

    /// A handler for one logger; the clock tells microseconds since 1970.
    package func handler(
        label: String, output: LogOutput = .standardError, level: Logger.Level = .info,
        clock: @escaping @Sendable () -> Int64
    ) -> any LogHandler {
        switch self {
        case .json: JSONLogHandler(label: label, output: output, level: level, clock: clock)
        case .text: TextLogHandler(label: label, output: output, level: level, clock: clock)
        }
    }
}

/// An instant as both formats write it.
enum LogTime {
    /// UTC with milliseconds, for example `2025-11-07T10:30:00.123Z`.
    static func text(microseconds: Int64) -> String {
        let milliseconds = microseconds / 1_000
        let second = milliseconds / 1_000
        let (year, month, day) = civil(daysSince1970: second / 86_400)
        let clock = second % 86_400
        return "\(year)-\(padded(month))-\(padded(day))T\(padded(clock / 3_600)):\(padded(clock / 60 % 60)):"
            + "\(padded(clock % 60)).\(padded(milliseconds % 1_000, 3))Z"
    }

    private static func padded(_ number: Int64, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days, for days since 1970.
    private static func civil(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
