import JSON
import PaperExchange
import Trading

/// Times of candles as JSON text, `"2017-12-15T09:15:00+0530"`; the date is worked out once a day.
struct CandleTimes {
    private var date: CalendarDate?
    private var text: [UInt8] = []

    /// The text of a time with its quotation marks.
    mutating func text(_ time: Timestamp) -> [UInt8] {
        let (date, second) = time.indian
        if date != self.date {
            self.date = date
            text = Array("\"\(date)T00:00:00+0530\"".utf8)
        }
        for (place, number) in [(12, second / 3_600), (15, second / 60 % 60), (18, second % 60)] {
            text[place] = UInt8(ascii: "0") + UInt8(number / 10)
            text[place + 1] = UInt8(ascii: "0") + UInt8(number % 10)
        }
        return text
    }
}

extension JSONWriter {
    /// Writes a candle as a list of six, or of seven with the open interest. Source: Kite Connect, historical candles.
    mutating func candleRow(_ candle: Candle, withInterest: Bool, _ times: inout CandleTimes) {
        beginArray()
        encoded(times.text(candle.time))
        value(candle.open)
        value(candle.high)
        value(candle.low)
        value(candle.close)
        value(candle.volume.units)
        if withInterest { value(candle.openInterest.units) }
        endArray()
    }
}
