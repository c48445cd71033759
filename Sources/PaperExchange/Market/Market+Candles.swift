import Trading

extension Market {
    /// The past and the day of an instrument; nil where it is not listed or has expired. Costs the steps of the day
    /// that nobody asked about before, where the day's candles are wanted.
    mutating func candles(of token: InstrumentToken, withToday: Bool, at now: Timestamp) -> CandleBook? {
        guard let row = listing.row(of: token) else { return nil }
        let slot = slot(ofRow: row, at: now)
        guard !states[slot].terms.isExpired else { return nil }
        return CandleBook(
            history: model.history(of: states[slot].terms), today: withToday ? todaysCandles(slot) : [])
    }

    /// When the first candle of the day begins.
    var firstMinute: Timestamp { tape.minutes[0].time }

    /// The minutes of the day so far. What the day's quotes tell follows them: highest and lowest are those of the
    /// candles from now on.
    private mutating func todaysCandles(_ slot: Int) -> [Candle] {
        let exchange = states[slot].terms.exchange
        var whole = tape.kept(slot: slot)
        var forming: Candle?
        for place in whole.minutes..<tape.minutes.count {
            let isForming = place == tape.minutes.count - 1
            let minute = tape.minutes[place]
            let last = isForming ? exchangeStep(of: states[slot].terms) : tape.minutes[place + 1].firstStep - 1
            var volume = whole.volume
            var candle: Candle?
            if hours.isOpen(exchange, at: minute.time) {
                candle = self.candle(slot, minute, lastStep: last, volume: &volume)
                if whole.candles.isEmpty { candle?.begin(at: states[slot].day.open) }
            }
            if isForming {
                forming = candle
            } else {
                whole.minutes = place + 1
                whole.volume = volume
                if let candle { whole.candles.append(candle) }
            }
        }
        tape.keep(whole, slot: slot)
        let all = whole.candles + (forming.map { [$0] } ?? [])
        for candle in all {
            states[slot].day.see(price: candle.high.tenThousandths)
            states[slot].day.see(price: candle.low.tenThousandths)
        }
        return all
    }

    /// One minute; nil where nothing happened in it. `volume` is the model's before it, and after it when done.
    private mutating func candle(
        _ slot: Int, _ minute: MarketTape.Minute, lastStep: UInt64, volume: inout Int64
    ) -> Candle? {
        let terms = states[slot].terms
        var bar = Bar()
        var executions = tape.executions(slot: slot, minute: minute.number)
        var lastEpoch: UInt64?
        if lastStep >= minute.firstStep {
            for step in minute.firstStep...lastStep where states[slot].epoch(atStep: step) == step {
                while let next = executions.first, next.step < step {
                    bar.add(next.price, quantity: next.quantity)
                    executions.removeFirst()
                }
                bar.add(model.lastPrice(terms, epoch: step))
                lastEpoch = step
            }
        }
        for next in executions { bar.add(next.price, quantity: next.quantity) }
        guard let open = bar.open else { return nil }
        let epoch = lastEpoch ?? states[slot].epoch(atStep: lastStep)
        let turnover = model.turnover(terms, epoch: epoch)
        let traded = max(turnover.volume - volume, 0)
        volume = max(turnover.volume, volume)
        return Candle(
            time: minute.time, open: Price(tenThousandths: open), high: Price(tenThousandths: bar.high),
            low: Price(tenThousandths: bar.low), close: Price(tenThousandths: bar.close),
            volume: Quantity(traded + bar.quantity), openInterest: Quantity(turnover.openInterest))
    }

    private struct Bar {
        var open: Int64?
        var high = Int64.min
        var low = Int64.max
        var close: Int64 = 0
        var quantity: Int64 = 0

        mutating func add(_ price: Int64, quantity: Int64 = 0) {
            if open == nil { open = price }
            high = max(high, price)
            low = min(low, price)
            close = price
            self.quantity += quantity
        }
    }
}

extension Candle {
    /// Lets the day's first candle begin where the day did.
    fileprivate mutating func begin(at price: Int64) {
        open = Price(tenThousandths: price)
        high = max(high, open)
        low = min(low, open)
    }
}
