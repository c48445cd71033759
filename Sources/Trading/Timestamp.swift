/// An instant in UTC, exact to a microsecond.
package struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Microseconds since 1970-01-01T00:00:00Z.
    package let microseconds: Int64

    /// Takes microseconds since 1970-01-01T00:00:00Z.
    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Takes whole seconds since 1970-01-01T00:00:00Z.
    package init(seconds: Int64) {
        self.init(microseconds: seconds * 1_000_000)
    }

    /// Takes a day and a time of day in India (UTC+05:30, no daylight saving).
    package init(indianDate date: CalendarDate, secondOfDay: Int) {
        self.init(seconds: Int64(date.daysSinceEpoch) * 86_400 + Int64(secondOfDay) - Self.indianOffset)
    }

    /// Seconds by which Indian time is ahead of UTC.
    package static let indianOffset: Int64 = 19_800

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    package var seconds: Int64 {
        let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// Orders by time.
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    /// The instant a duration later.
    package func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(microseconds: microseconds + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }

    /// The time from an earlier instant to this one.
    package func since(_ earlier: Timestamp) -> Duration {
        .microseconds(microseconds - earlier.microseconds)
    }

    /// The day and the second of the day in India.
    package var indian: (date: CalendarDate, secondOfDay: Int) {
        let local = seconds + Self.indianOffset
        let day = Int(local >= 0 ? local / 86_400 : (local - 86_399) / 86_400)
        return (CalendarDate(daysSinceEpoch: day), Int(local) - day * 86_400)
    }

    /// Indian time in Kite's form `yyyy-mm-dd hh:mm:ss`.
    package var indianText: String {
        let (date, second) = indian
        let (year, month, day) = date.components
        guard 0...9_999 ~= year else { return "\(date) \(Self.clock(second))" }
        // Written digit by digit: every quote has two of them.
        return String(unsafeUninitializedCapacity: 19) { bytes in
            func write(_ number: Int, _ width: Int, at place: Int, before mark: Unicode.Scalar) {
                var rest = number
                for digit in (place..<place + width).reversed() {
                    bytes[digit] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                if place + width < 19 { bytes[place + width] = UInt8(ascii: mark) }
            }
            write(year, 4, at: 0, before: "-")
            write(month, 2, at: 5, before: "-")
            write(day, 2, at: 8, before: " ")
            write(second / 3_600, 2, at: 11, before: ":")
            write(second / 60 % 60, 2, at: 14, before: ":")
            write(second % 60, 2, at: 17, before: " ")
            return 19
        }
    }

    /// UTC in the form `2025-11-07T10:30:00Z`, with microseconds only where there are any.
    package var description: String {
        let whole = seconds
        let day = Int(whole >= 0 ? whole / 86_400 : (whole - 86_399) / 86_400)
        let date = CalendarDate(daysSinceEpoch: day)
        let fraction = Int(microseconds - whole * 1_000_000)
        let decimals = fraction == 0 ? "" : "." + CalendarDate.padded(fraction, 6)
        return "\(date)T\(Self.clock(Int(whole) - day * 86_400))\(decimals)Z"
    }

    private static func clock(_ second: Int) -> String {
        [second / 3_600, second / 60 % 60, second % 60].map { CalendarDate.padded($0, 2) }.joined(separator: ":")
    }
}

/// Tells the time; handed to whatever needs it, so that tests own the clock.
package typealias WallClock = @Sendable () -> Timestamp
