import NIOCore
import Synchronization
import Testing

@testable import KiteConnect

/// Spans and lists that do not fit into one call.
@Suite struct LongSpanTests {
    private static func time(_ text: String) throws -> KiteTime { try #require(KiteTime(text)) }

    struct Row: Sendable {
        var interval: KiteInterval
        var from: String
        var to: String
        var pieces: [String]
    }

    static let table: [Row] = [
        Row(interval: .minute, from: "2026-01-01", to: "2026-01-01", pieces: ["2026-01-01 00:00:00"]),
        Row(
            interval: .minute, from: "2026-01-01 09:15:00", to: "2026-03-01 15:30:00",
            pieces: ["2026-01-01 09:15:00"]),
        Row(
            interval: .minute, from: "2026-01-01 09:15:00", to: "2026-03-02 09:15:00",
            pieces: ["2026-01-01 09:15:00", "2026-03-02 00:00:00"]),
        Row(
            interval: .fiveMinutes, from: "2026-01-01 09:15:00", to: "2026-07-30 15:30:00",
            pieces: ["2026-01-01 09:15:00", "2026-04-11 00:00:00", "2026-07-20 00:00:00"]),
        Row(
            interval: .thirtyMinutes, from: "2026-01-01", to: "2026-07-20",
            pieces: ["2026-01-01 00:00:00", "2026-07-20 00:00:00"]),
        Row(interval: .hour, from: "2024-01-01", to: "2025-02-03 23:59:59", pieces: ["2024-01-01 00:00:00"]),
        Row(
            interval: .hour, from: "2024-01-01", to: "2025-02-04",
            pieces: ["2024-01-01 00:00:00", "2025-02-04 00:00:00"]),
        Row(
            interval: .day, from: "2015-01-01", to: "2026-01-01",
            pieces: ["2015-01-01 00:00:00", "2020-06-23 00:00:00", "2025-12-14 00:00:00"]),
        Row(
            interval: "2minute", from: "2026-01-01", to: "2026-03-02",
            pieces: ["2026-01-01 00:00:00", "2026-03-02 00:00:00"]),
        Row(interval: .day, from: "2026-01-02", to: "2026-01-01", pieces: []),
    ]

    @Test(arguments: table.indices) func `a span is cut at Indian midnights within the interval's days`(index: Int)
        throws
    {
        let row = Self.table[index]
        let pieces = CandleSpans.split(
            from: try Self.time(row.from), to: try Self.time(row.to), interval: row.interval)
        #expect(pieces.map(\.lowerBound.description) == row.pieces)
    }

    static let limits: [(KiteInterval, Int?)] = [
        (.minute, 60), (.threeMinutes, 100), (.fiveMinutes, 100), (.tenMinutes, 100), (.fifteenMinutes, 200),
        (.thirtyMinutes, 200), (.hour, 400), (.day, 2000), ("week", nil),
    ]

    @Test(arguments: limits.indices) func `every interval has Kite's limit of days`(index: Int) {
        #expect(Self.limits[index].0.maximumDays == Self.limits[index].1)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `pieces leave no gap, overlap nowhere and keep the limit`(seed: UInt64) throws {
        var chance = RepeatableNumbers(seed: seed)
        let intervals = Self.limits.map(\.0)
        let interval = intervals[Int.random(in: intervals.indices, using: &chance)]
        let from = KiteTime(unixSeconds: .random(in: 1_000_000_000...1_800_000_000, using: &chance))
        let to = KiteTime(unixSeconds: from.unixSeconds + .random(in: 0...400_000_000, using: &chance))
        let pieces = CandleSpans.split(from: from, to: to, interval: interval)
        #expect(pieces.first?.lowerBound == from && pieces.last?.upperBound == to)
        for (left, right) in zip(pieces, pieces.dropFirst()) {
            #expect(left.upperBound.unixSeconds + 1 == right.lowerBound.unixSeconds)
            #expect(right.lowerBound.secondsOfDay == 0)
        }
        let limit = Int64(interval.maximumDays ?? 60)
        for piece in pieces {
            #expect(piece.upperBound.date.daysSinceEpoch - piece.lowerBound.date.daysSinceEpoch < limit)
        }
    }

    /// Answers candle calls with one candle a day, and at the seam with one of the day before.
    final class CandleTransport: HTTPTransport {
        private let spans = Mutex<[String]>([])
        var asked: [String] { spans.withLock { $0 } }

        func send(_ request: PreparedRequest) async -> WireOutcome {
            let query = request.url.replacing("%20", with: " ").replacing("%3A", with: ":")
            func value(_ name: String) -> KiteTime? {
                query.split(separator: name + "=").last.flatMap { KiteTime(String($0.prefix(19))) }
            }
            guard let from = value("from"), let to = value("to") else { return .neverSent(.malformed) }
            spans.withLock { $0.append("\(from.date)") }
            var rows: [String] = []
            var day = from.date.daysSinceEpoch - 1
            while day <= to.date.daysSinceEpoch {
                rows.append("[\"\(KiteDate(daysSinceEpoch: day))T00:00:00+0530\",1,2,1,\(day),0]")
                day += 1
            }
            let body = "{\"status\":\"success\",\"data\":{\"candles\":[\(rows.joined(separator: ","))]}}"
            return .answer(WireAnswer(status: 200, body: .complete(ByteBuffer(string: body))))
        }
    }

    @Test func `candles of eleven years come in three calls without a gap or a repetition`() async throws {
        let transport = CandleTransport()
        let client = KiteClient(configuration: KiteConfiguration(apiKey: "k"), transport: transport)
        let candles = try await client.allCandles(
            instrumentToken: 408_065, interval: .day, from: try Self.time("2015-01-01"),
            to: try Self.time("2026-01-01"))
        #expect(transport.asked == ["2015-01-01", "2020-06-23", "2025-12-14"])
        let days = candles.map(\.time.date.daysSinceEpoch)
        let first = try #require(days.first)
        #expect(days == (0..<Int64(days.count)).map { first + $0 })
        #expect(candles.last?.time == KiteTime("2026-01-01"))
    }

    @Test func `a long list of instruments is asked for in parts, each once`() async throws {
        let transport = RecordingTransport("{\"status\":\"success\",\"data\":{}}")
        let client = KiteClient(configuration: KiteConfiguration(apiKey: "k"), transport: transport)
        let names = (0..<1200).map { "NSE:S\($0)" } + ["NSE:S0"]
        _ = try await client.allQuotes(names)
        #expect(transport.requests.map { $0.url.count(where: { $0 == "&" }) + 1 } == [500, 500, 200])
        _ = try await client.allLastPrices(names)
        _ = try await client.allOHLC(names)
        #expect(transport.requests.count == 7)
    }
}
