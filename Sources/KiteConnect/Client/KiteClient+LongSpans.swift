extension KiteClient {
    /// Candles of a span of any length, both ends included, oldest first.
    ///
    /// Makes as many calls as the interval's limit asks for (`KiteInterval.maximumDays`), one after the other; Kite
    /// allows three a second. When one fails its error is thrown and no candle is returned. Throws `.input` when the
    /// span ends before it begins.
    public func allCandles(
        instrumentToken: UInt32, interval: KiteInterval, from: KiteTime, to: KiteTime,
        continuous: Bool = false, openInterest: Bool = false
    ) async throws(KiteError) -> [KiteCandle] {
        let spans = CandleSpans.split(from: from, to: to, interval: interval)
        guard !spans.isEmpty else { throw .unsendable("the span of candles ends before it begins") }
        var candles: [KiteCandle] = []
        for span in spans {
            let piece = try await self.candles(
                instrumentToken: instrumentToken, interval: interval, from: span.lowerBound, to: span.upperBound,
                continuous: continuous, openInterest: openInterest)
            // A candle that Kite gave with the piece before does not count twice.
            let seam = candles.last?.time
            candles += piece.drop { candle in seam.map { candle.time <= $0 } ?? false }
        }
        return candles
    }

    /// Full snapshots of any number of instruments, each asked for once, keyed like `quotes`.
    ///
    /// Makes a call for every `quoteLimit` instruments, one after the other; Kite allows one a second, so the
    /// snapshots of a long list are not of one moment. When one call fails its error is thrown and nothing returned.
    public func allQuotes(_ instruments: [String]) async throws(KiteError) -> [String: KiteQuote] {
        try await inParts(instruments, Self.quoteLimit) { (part) throws(KiteError) in try await quotes(part) }
    }

    /// Last price and the day's prices of any number of instruments; otherwise like `allQuotes`.
    public func allOHLC(_ instruments: [String]) async throws(KiteError) -> [String: KiteOHLCQuote] {
        try await inParts(instruments, Self.shortQuoteLimit) { (part) throws(KiteError) in try await ohlc(part) }
    }

    /// Last prices of any number of instruments; otherwise like `allQuotes`.
    public func allLastPrices(_ instruments: [String]) async throws(KiteError) -> [String: KiteLastPrice] {
        try await inParts(instruments, Self.shortQuoteLimit) { (part) throws(KiteError) in
            try await lastPrices(part)
        }
    }

    private func inParts<Value>(
        _ instruments: [String], _ size: Int, _ call: ([String]) async throws(KiteError) -> [String: Value]
    ) async throws(KiteError) -> [String: Value] {
        var seen: Set<String> = []
        let distinct = instruments.filter { seen.insert($0).inserted }
        guard !distinct.isEmpty else { throw .unsendable("no instrument was asked for") }
        var result: [String: Value] = [:]
        var rest = distinct[...]
        while !rest.isEmpty {
            result.merge(try await call(Array(rest.prefix(size)))) { _, new in new }
            rest = rest.dropFirst(size)
        }
        return result
    }
}
