import Hummingbird
import JSON
import PaperExchange
import Trading
import WebServer

extension SimulatedKite {
    /// `GET /instruments/historical/:instrument_token/:interval`. Source: Kite Connect, historical candles.
    func candles(_ call: KiteCall, token: String, interval name: String) async throws(KiteRefusal) -> Response {
        _ = try counted(call, as: .candles)
        guard let number = UInt32(token) else { throw .invalid("instrument_token") }
        guard let interval = CandleInterval(rawValue: name) else { throw .invalid("interval") }
        let range = try CandleRange(call.fields, interval: interval)
        guard let book = await venue.candles(of: InstrumentToken(number), until: range.to) else {
            throw .invalid("instrument_token")
        }
        let continuous = call.fields.flag("continuous")
        guard !continuous || (interval == .day && book.isFuture) else { throw .invalid("continuous") }
        let withInterest = call.fields.flag("oi")
        // Months of minutes take too long for an event loop's thread.
        return await withTaskExecutorPreference(globalConcurrentExecutor) {
            await Self.answer(
                book.candles(interval, from: range.from, to: range.to, continuous: continuous),
                withInterest: withInterest)
        }
    }

    private static func answer(_ candles: [Candle], withInterest: Bool) async -> Response {
        Reply.success(reserving: 64 + candles.count * 96) { writer in
            writer.beginObject()
            writer.key("candles")
            writer.beginArray()
            var times = CandleTimes()
            for candle in candles { writer.candleRow(candle, withInterest: withInterest, &times) }
            writer.endArray()
            writer.endObject()
        }
    }
}

/// The time that candles are asked for, both ends included.
struct CandleRange {
    let from: Timestamp
    let to: Timestamp

    /// Reads `from` and `to`: a date with a time, or a date alone, which means the whole day.
    ///
    /// - Throws: Kite's refusal that names the first missing or malformed field, or says that the range is longer
    ///   than one request may span.
    init(_ fields: Fields, interval: CandleInterval) throws(KiteRefusal) {
        guard let from = Self.time(try fields.required("from"), isEnd: false) else { throw .invalid("from") }
        guard let to = Self.time(try fields.required("to"), isEnd: true), from <= to else { throw .invalid("to") }
        let days = to.indian.date.daysSinceEpoch - from.indian.date.daysSinceEpoch
        guard days <= interval.dayLimit else {
            throw .input("interval exceeds max limit: \(interval.dayLimit) days")
        }
        self.from = from
        self.to = to
    }

    private static func time(_ text: String, isEnd: Bool) -> Timestamp? {
        guard let date = CalendarDate(text.prefix(10)) else { return nil }
        let rest = text.dropFirst(10)
        if rest.isEmpty { return Timestamp(indianDate: date, secondOfDay: isEnd ? 86_399 : 0) }
        let parts = rest.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard rest.first == " " || rest.first == "T", parts.count == 3, parts.allSatisfy({ $0.utf8.count == 2 }),
            let hour = UInt8(parts[0]), let minute = UInt8(parts[1]), let second = UInt8(parts[2]), hour < 24,
            minute < 60, second < 60
        else { return nil }
        return Timestamp(
            indianDate: date, secondOfDay: Int(hour) * 3_600 + Int(minute) * 60 + Int(second))
    }
}
