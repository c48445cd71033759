extension KiteTime {
    /// Reads every form that Kite's answers use; nil for empty, zero (year 1) and unknown text.
    ///
    /// Forms: `yyyy-mm-dd`, `yyyy-mm-dd hh:mm`, `yyyy-mm-dd hh:mm:ss`, the same with `T` for the blank, each with
    /// an optional fraction (dropped) and zone (`Z`, `+0530`, `+05:30`). Without a zone the time is Indian.
    public init?(_ text: String) {
        var copy = text
        guard let time = copy.withUTF8({ Self.read($0) }) else { return nil }
        self = time
    }

    private static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> KiteTime? {
        guard bytes.count >= 10, let date = KiteDate(utf8: UnsafeBufferPointer(rebasing: bytes[..<10])) else {
            return nil
        }
        if bytes.count == 10 { return KiteTime(date: date) }
        guard bytes.count >= 16, bytes[10] == UInt8(ascii: " ") || bytes[10] == UInt8(ascii: "T"),
            let clock = secondsOfDay(UnsafeBufferPointer(rebasing: bytes[11...])),
            let offset = zoneSeconds(UnsafeBufferPointer(rebasing: bytes[(11 + clock.length)...]))
        else { return nil }
        return KiteTime(unixSeconds: date.daysSinceEpoch * 86_400 + Int64(clock.seconds) - offset)
    }

    /// Reads `hh:mm` or `hh:mm:ss` with an optional fraction, and says how many bytes it took.
    static func secondsOfDay(_ bytes: UnsafeBufferPointer<UInt8>) -> (seconds: Int, length: Int)? {
        guard bytes.count >= 5, let hour = decimal(bytes, 0..<2), bytes[2] == UInt8(ascii: ":"),
            let minute = decimal(bytes, 3..<5), hour < 24, minute < 60
        else { return nil }
        var length = 5
        var second = 0
        if bytes.count >= 8, bytes[5] == UInt8(ascii: ":") {
            guard let value = decimal(bytes, 6..<8), value < 60 else { return nil }
            second = value
            length = 8
            if bytes.count > 8, bytes[8] == UInt8(ascii: ".") {
                length = 9
                while length < bytes.count, bytes[length] &- UInt8(ascii: "0") < 10 { length += 1 }
            }
        }
        return (hour * 3600 + minute * 60 + second, length)
    }

    private static func zoneSeconds(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        if bytes.isEmpty { return indianOffsetSeconds }
        if bytes.count == 1, bytes[0] == UInt8(ascii: "Z") { return 0 }
        let sign: Int64
        switch bytes[0] {
        case UInt8(ascii: "+"): sign = 1
        case UInt8(ascii: "-"): sign = -1
        default: return nil
        }
        let minuteStart: Int
        switch bytes.count {
        case 5: minuteStart = 3
        case 6 where bytes[3] == UInt8(ascii: ":"): minuteStart = 4
        default: return nil
        }
        guard let hours = decimal(bytes, 1..<3), let minutes = decimal(bytes, minuteStart..<(minuteStart + 2)),
            hours < 24, minutes < 60
        else { return nil }
        return sign * Int64(hours * 3600 + minutes * 60)
    }
}
