extension KiteClient {
    /// Most instruments in one `quotes` call.
    public static let quoteLimit = 500
    /// Most instruments in one `ohlc` or `lastPrices` call.
    public static let shortQuoteLimit = 1000

    /// Full snapshots keyed by the text asked for, such as `NSE:INFY`; unknown instruments are left out.
    ///
    /// Throws `.input` above `quoteLimit` instruments. Kite allows one quote call a second.
    public func quotes(_ instruments: [String]) async throws(KiteError) -> [String: KiteQuote] {
        try await table(try Self.quoteRequest("/quote", instruments, limit: Self.quoteLimit))
    }

    /// Last price and the day's open, high, low and close, keyed like `quotes`.
    ///
    /// Throws `.input` above `shortQuoteLimit` instruments.
    public func ohlc(_ instruments: [String]) async throws(KiteError) -> [String: KiteOHLCQuote] {
        try await table(try Self.quoteRequest("/quote/ohlc", instruments, limit: Self.shortQuoteLimit))
    }

    /// Last prices, keyed like `quotes`.
    ///
    /// Throws `.input` above `shortQuoteLimit` instruments.
    public func lastPrices(_ instruments: [String]) async throws(KiteError) -> [String: KiteLastPrice] {
        try await table(try Self.quoteRequest("/quote/ltp", instruments, limit: Self.shortQuoteLimit))
    }

    /// Candles of an instrument from one time to another, both included.
    ///
    /// Kite limits the days in one request by interval, see `KiteInterval`.
    public func candles(
        instrumentToken: UInt32, interval: KiteInterval, from: KiteTime, to: KiteTime,
        continuous: Bool = false, openInterest: Bool = false
    ) async throws(KiteError) -> [KiteCandle] {
        var request = WireRequest(
            .get, "/instruments/historical/\(instrumentToken)/" + FormEncoding.segment(interval.rawValue))
        request.pacing = .candles
        request.query = [
            ("from", from.description), ("to", to.description), ("continuous", continuous ? "1" : "0"),
            ("oi", openInterest ? "1" : "0"),
        ]
        let candles: KiteCandles = try await value(request)
        return candles.rows
    }

    /// The trigger prices that a cover order may have; legacy.
    public func triggerRange(
        _ transactionType: KiteTransactionType, _ instruments: [String]
    ) async throws(KiteError) -> [String: KiteTriggerRange] {
        let side = FormEncoding.segment(transactionType.rawValue.lowercased())
        let path = "/instruments/trigger_range/" + side
        var request = try Self.quoteRequest(path, instruments, limit: Self.shortQuoteLimit)
        request.pacing = .other
        return try await table(request)
    }

    /// The day's list of instruments, of one exchange or of all; megabytes, made anew about 08:30 Indian time.
    ///
    /// The whole body is fetched (gzip on the wire, at most 64 MiB) before the first row is handed out, so a broken
    /// transfer never yields half a list; unpacking and reading happen batch by batch as the result is iterated.
    public func instruments(exchange: KiteExchange? = nil) async throws(KiteError) -> InstrumentDump {
        var path = "/instruments"
        if let exchange { path += "/" + FormEncoding.segment(exchange.rawValue) }
        var request = WireRequest(.get, path)
        request.acceptsGzip = true
        request.bodyLimit = 64 << 20
        request.timeout = configuration.dumpTimeout
        return InstrumentDump(try await document(request))
    }

    private static func quoteRequest(
        _ path: String, _ instruments: [String], limit: Int
    ) throws(KiteError) -> WireRequest {
        guard !instruments.isEmpty else { throw .unsendable("no instrument was asked for") }
        guard instruments.count <= limit else {
            throw .unsendable("\(instruments.count) instruments were asked for, \(limit) is the most in one call")
        }
        var request = WireRequest(.get, path)
        request.pacing = .quote
        request.query = instruments.map { ("i", $0) }
        return request
    }
}
