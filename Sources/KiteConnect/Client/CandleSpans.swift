extension KiteInterval {
    /// Most days that Kite gives in one request of candles; nil for an interval that is not documented.
    public var maximumDays: Int? {
        switch self {
        case .minute: 60
        case .threeMinutes, .fiveMinutes, .tenMinutes: 100
        case .fifteenMinutes, .thirtyMinutes: 200
        case .hour: 400
        case .day: 2000
        default: nil
        }
    }
}

/// Cuts a span of time into pieces that Kite gives candles for in one request.
enum CandleSpans {
    /// Pieces that follow each other without gap or overlap, both ends of each included.
    ///
    /// Pieces end with the last second of an Indian day, so that a candle belongs to exactly one of them even where
    /// Kite looks at the dates only. An interval that is not documented is cut like the one with the least days.
    static func split(from: KiteTime, to: KiteTime, interval: KiteInterval) -> [ClosedRange<KiteTime>] {
        guard from <= to else { return [] }
        let days = Int64(interval.maximumDays ?? 60)
        var pieces: [ClosedRange<KiteTime>] = []
        var start = from
        while true {
            let firstDay = start.date.daysSinceEpoch
            let next = KiteTime(date: KiteDate(daysSinceEpoch: firstDay + days))
            guard next <= to, next > start else {
                pieces.append(start...to)
                return pieces
            }
            pieces.append(start...KiteTime(unixSeconds: next.unixSeconds - 1))
            start = next
        }
    }
}
