import JSON
import PaperExchange
import Testing
import Trading

@testable import KiteSimulator

@Suite(.timeLimit(.minutes(2))) struct CandleRouteTests {
    private static let index = "/instruments/historical/256265/"

    private func candles(_ running: RunningKite, _ session: String, _ path: String) async throws -> [JSONValue] {
        let answer = try await running.call("GET", path, session: session)
        #expect(answer.status == 200, "\(path): \(String(decoding: answer.body.prefix(200), as: UTF8.self))")
        return try #require(try answer.data.at("candles")?.array)
    }

    @Test func `candles are lists of a time and numbers, with the open interest when asked`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let token = try running.future.token.rawValue
            let query = "from=2026-11-16+09:15:00&to=2026-11-16+09:20:00&continuous=0&interval=minute"
            let path = "/instruments/historical/\(token)/minute?\(query)"
            let plain = try await candles(running, session, path + "&oi=0")
            let times = plain.compactMap { $0.array?.first?.string }
            #expect(times == (15...20).map { "2026-11-16T09:\($0):00+0530" })
            #expect(plain.allSatisfy { $0.array?.count == 6 })
            #expect(plain.allSatisfy { $0.array?.dropFirst().allSatisfy { $0.number != nil } == true })
            #expect(plain.allSatisfy { $0.array?[5].number?.int64 ?? 0 > 0 })
            let full = try await candles(running, session, path + "&oi=1")
            #expect(full.allSatisfy { $0.array?.count == 7 && $0.array?[6].number?.int64 ?? 0 > 0 })
            guard SampleData.isPresent else { return }
            let sample = try #require(try SampleData.json("historical_oi.json").at("data", "candles")?.array?.first)
            #expect(Shape.differences(full[0], sample) == [])
            #expect(full[0].array?.map(\.kind) == sample.array?.map(\.kind))
        }
    }

    @Test func `both ends count, a bare date is the whole day, and a Sunday has nothing`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let day = try await candles(running, session, Self.index + "5minute?from=2026-11-16&to=2026-11-16")
            #expect(day.count == 72)
            #expect(day.last?.array?.first?.string == "2026-11-16T15:10:00+0530")
            #expect(day.allSatisfy { $0.array?[5].number?.text == "0" })
            let days = try await candles(
                running, session, Self.index + "day?from=2026-11-16+09:15:00&to=2026-11-18+00:00:00")
            #expect(
                days.compactMap { $0.array?.first?.string } == (16...18).map { "2026-11-\($0)T00:00:00+0530" })
            #expect(try await candles(running, session, Self.index + "day?from=2026-11-15&to=2026-11-15").isEmpty)
        }
    }

    @Test func `the day so far follows the past`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            for _ in 0..<3 {
                await running.venue.advance()
                running.clock.advance(by: .seconds(60))
            }
            await running.venue.advance()
            let today = RunningKite.tradingDate
            let path = Self.index + "minute?from=\(today)&to=\(today)"
            let minutes = try await candles(running, session, path)
            #expect(minutes.first?.array?.first?.string == "\(today)T10:00:00+0530")
            let quote = try await running.call("GET", "/quote/ohlc?i=NSE:NIFTY+50", session: session).data
            #expect(minutes.last?.array?[4] == quote.at("NSE:NIFTY 50", "last_price"))
            #expect(minutes.first?.array?[1] == quote.at("NSE:NIFTY 50", "ohlc", "open"))
            let day = try await candles(running, session, Self.index + "day?from=2026-11-01&to=\(today)")
            #expect(day.last?.array?[2] == quote.at("NSE:NIFTY 50", "ohlc", "high"))
            #expect(day.dropLast().last?.array?[4] == quote.at("NSE:NIFTY 50", "ohlc", "close"))
        }
    }

    @Test func `bad questions are refused with the part named`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let range = "from=2026-11-16&to=2026-11-17"
            var cases = [
                ("/instruments/historical/x/day?\(range)", "Invalid `instrument_token`."),
                ("/instruments/historical/99/day?\(range)", "Invalid `instrument_token`."),
                (Self.index + "2day?\(range)", "Invalid `interval`."),
                (Self.index + "day?to=2026-11-16", "Missing or empty field `from`"),
                (Self.index + "day?from=2026-11-16", "Missing or empty field `to`"),
                (Self.index + "day?from=16-11-2026&to=2026-11-17", "Invalid `from`."),
                (Self.index + "day?from=2026-11-16&to=2026-11-17+24:00:00", "Invalid `to`."),
                (Self.index + "day?from=2026-11-17&to=2026-11-16", "Invalid `to`."),
                (Self.index + "day?\(range)&continuous=1", "Invalid `continuous`."),
                (
                    "/instruments/historical/\(try running.future.token)/minute?\(range)&continuous=1",
                    "Invalid `continuous`."
                ),
            ]
            for (interval, days) in [
                ("minute", 60), ("5minute", 100), ("30minute", 200), ("60minute", 400), ("day", 2_000),
            ] {
                let to = RunningKite.tradingDate
                #expect(CandleInterval(rawValue: interval)?.dayLimit == days)
                let over = Self.index + "\(interval)?from=\(to.adding(days: -days - 1))&to=\(to)"
                cases.append((over, "interval exceeds max limit: \(days) days"))
            }
            for (path, message) in cases {
                let answer = try await running.call("GET", path, session: session)
                #expect(answer.status == 400)
                #expect(try answer.errorType == "InputException")
                #expect(try answer.message == message, "\(path)")
            }
            let front = "/instruments/historical/\(try running.future.token)/day?from=2026-06-16&to=2026-11-17"
            let own = try await candles(running, session, front)
            let all = try await candles(running, session, front + "&continuous=1")
            #expect(all.count > own.count + 20)
        }
    }

    @Test func `candle calls have a limit of their own`() async throws {
        try await withKite(limits: .kite) { running in
            let session = try await running.signIn()
            let path = Self.index + "day?from=2026-11-16&to=2026-11-17"
            for _ in 0..<3 { #expect(try await running.call("GET", path, session: session).status == 200) }
            #expect(try await running.call("GET", path, session: session).status == 429)
        }
    }
}

@Suite(.timeLimit(.minutes(2))) struct QuoteLimitTests {
    @Test func `more instruments than a call may name are refused with the number`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let cases = [("/quote", 500), ("/quote/ohlc", 1_000), ("/quote/ltp", 1_000)]
            for (path, limit) in cases {
                let query = (0..<limit).map { "i=NSE:X\($0)" }.joined(separator: "&")
                let most = try await running.call("GET", "\(path)?\(query)", session: session)
                #expect(try most.data == .object(JSONObject([])))
                let over = try await running.call("GET", "\(path)?\(query)&i=NSE:INFY", session: session)
                #expect(over.status == 400)
                #expect(try over.errorType == "InputException")
                #expect(try over.message?.contains("\(limit)") == true)
            }
        }
    }

    @Test func `an index has zeros where it has nothing, and a token answers under its own text`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let data = try await running.call("GET", "/quote?i=NSE:NIFTY+50&i=256265", session: session).data
            #expect(data.names == ["NSE:NIFTY 50", "256265"])
            let index = try #require(data.at("256265"))
            #expect(index == data.at("NSE:NIFTY 50"))
            let zeros = [
                "last_quantity", "buy_quantity", "sell_quantity", "volume", "average_price", "oi", "oi_day_high",
                "oi_day_low", "lower_circuit_limit", "upper_circuit_limit",
            ]
            for name in zeros { #expect(index.at(name)?.number?.text == "0", "\(name)") }
            for side in ["buy", "sell"] {
                let levels = try #require(index.at("depth", side)?.array)
                #expect(levels.count == 5 && levels.allSatisfy { $0.at("price")?.number?.text == "0" })
            }
        }
    }
}
