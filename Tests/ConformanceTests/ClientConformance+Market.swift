import KiteConnect
import Trading

extension ClientConformance {
    func session() async {
        await table.check("loginURL") {
            let url = kite.loginURL(redirectParameters: [("state", "a&b")])
            try require(url.contains("api_key=\(SimulatedBroker.apiKey)") && url.contains("redirect_params="), url)
        }
        await table.check("generateSession") {
            _ = try await refusal(.token, "expired") { () throws(KiteError) in
                try await broker.client().generateSession(requestToken: "wrong", apiSecret: SimulatedBroker.apiSecret)
            }
        }
        await table.check("renewSession") {
            let error = try await refusal(.permission) { () throws(KiteError) in
                try await kite.renewSession(refreshToken: "none", apiSecret: SimulatedBroker.apiSecret)
            }
            return "refused: \(error.message)"
        }
        await table.check("profile") {
            let profile = try await kite.profile()
            try require(profile.userID == SimulatedBroker.userID, "another user's")
        }
        await table.check("fullProfile") { _ = try await kite.fullProfile() }
        await table.check("margins") {
            let both = try await kite.margins()
            let equity = try await kite.margins(segment: .equity)
            try require(equity.net == both.equity?.net, "the two do not agree")
            return "net \(equity.net)"
        }
    }

    /// Ten o'clock of the simulator's trading day.
    private var morning: KiteTime {
        let days = Int64(SimulatedBroker.tradingDate.daysSinceEpoch)
        return KiteTime(date: KiteDate(daysSinceEpoch: days), secondsOfDay: 36_000)
    }

    func market() async {
        await table.check("instruments") {
            let rows = try await kite.instruments().rows()
            return "\(rows.count) rows"
        }
        await table.check("quotes") {
            let rows = try await kite.quotes([key(future), key(share), "NSE:NIFTY 50", "NSE:NO SUCH THING"])
            try require(rows.count == 3, "answered for \(rows.keys.sorted())")
            guard let quote = rows[key(share)] else { throw CheckFailed("the share is missing") }
            try require(quote.depth?.buy.count == 5 && quote.depth?.sell.count == 5, "the depth is not 5 + 5")
            try require(abs(quote.netChange - (quote.lastPrice - quote.ohlc.close)) < 0.01, "net change")
        }
        await table.check("ohlc") {
            for row in try await kite.ohlc([key(future), key(share)]).values {
                try require(row.ohlc.low <= row.lastPrice && row.lastPrice <= row.ohlc.high, "beyond its day")
            }
        }
        await table.check("lastPrices") { "\(try await lastPrice(share))" }
        await table.check("candles") {
            let end = morning
            let start = KiteTime(unixSeconds: end.unixSeconds - 20 * 86_400)
            let intervals: [KiteInterval] = [
                .minute, .threeMinutes, .fiveMinutes, .tenMinutes, .fifteenMinutes, .thirtyMinutes, .hour, .day,
            ]
            for interval in intervals {
                let rows = try await kite.candles(
                    instrumentToken: share.instrumentToken, interval: interval, from: start, to: end)
                try require(!rows.isEmpty, "none of \(interval.rawValue)")
                try require(zip(rows, rows.dropFirst()).allSatisfy { $0.time < $1.time }, "not in order")
            }
            let interest = try await kite.candles(
                instrumentToken: future.instrumentToken, interval: .day, from: start, to: end, continuous: true,
                openInterest: true)
            try require(!interest.isEmpty && interest.allSatisfy { $0.openInterest != nil }, "no open interest")
        }
        await table.check("allCandles") {
            let end = morning
            let start = KiteTime(unixSeconds: end.unixSeconds - 150 * 86_400)
            let rows = try await kite.allCandles(
                instrumentToken: share.instrumentToken, interval: .minute, from: start, to: end)
            try require(zip(rows, rows.dropFirst()).allSatisfy { $0.time < $1.time }, "a gap or a repetition in order")
            return "\(rows.count) minutes of 150 days"
        }
        await table.check("triggerRange") {
            guard let range = try await kite.triggerRange(.buy, [key(share)])[key(share)] else {
                throw CheckFailed("no range")
            }
            try require(range.lower < range.upper, "\(range)")
            return "\(range.lower) to \(range.upper)"
        }
    }
}
