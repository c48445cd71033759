import Foundation
import Testing

@testable import KiteConnect

@Suite struct TickDecoderTests {
    private static func decode(_ message: [UInt8]) -> (ticks: [Tick], summary: TickDecoder.Summary) {
        var ticks: [Tick] = []
        let summary = message.withUnsafeBytes { bytes in TickDecoder.decode(bytes) { ticks.append(copy $0) } }
        return (ticks, summary)
    }

    private static let levels = (1...5).map {
        PacketFixture.Level(quantity: $0 * 10, price: 1000 + $0, orders: UInt16($0))
    }
    private static let quote: [UInt32] = [408_065, 1500, 7, 1490, 100, 20, 30, 1480, 1510, 1470, 1485]

    @Test func `a full packet gives every field`() throws {
        let packet = PacketFixture.full(
            Self.quote, [1_625_461_880, 5000, 5100, 4900, 1_625_461_887], bids: Self.levels,
            asks: Self.levels.reversed())
        #expect(packet.count == 184)
        let tick = try #require(Self.decode(PacketFixture.message([packet])).ticks.first)
        #expect(tick.kind == .full && tick.instrumentToken == 408_065 && tick.isTradable)
        #expect(tick.lastPrice.value == 15 && tick.lastQuantity == 7 && tick.averagePrice.value == 14.9)
        #expect(tick.volume == 100 && tick.totalBuyQuantity == 20 && tick.totalSellQuantity == 30)
        #expect(tick.open.value == 14.8 && tick.high.value == 15.1 && tick.low.value == 14.7)
        #expect(tick.close.value == 14.85)
        #expect(tick.lastTradeTime == 1_625_461_880 && tick.exchangeTime == 1_625_461_887)
        #expect(tick.openInterest == 5000 && tick.openInterestDayHigh == 5100 && tick.openInterestDayLow == 4900)
        for level in 0..<5 {
            let bid = try #require(tick.bid(level))
            #expect(bid.quantity == UInt32(level + 1) * 10 && bid.orders == UInt16(level + 1))
            #expect(bid.price.tenThousandths == Int64(1001 + level) * 100)
            #expect(tick.ask(level)?.orders == UInt16(5 - level))
        }
        #expect(tick.bid(5) == nil && tick.ask(-1) == nil)
        #expect(tick.changePercent == (15 - 14.85) * 100 / 14.85)
    }

    @Test func `an index has high and low before open and close and a signed change`() throws {
        let short = PacketFixture.index(
            256_265, [2_450_005, 2_460_000, 2_440_000, 2_445_000, 2_450_041], change: -36, time: nil)
        let long = PacketFixture.index(260_105, [100, 400, 300, 200, 500], change: 36, time: 1_625_461_887)
        let (ticks, _) = Self.decode(PacketFixture.message([short, long]))
        #expect(short.count == 28 && long.count == 32 && ticks.count == 2)
        #expect(ticks[0].kind == .indexQuote && !ticks[0].isTradable && ticks[0].exchangeTime == 0)
        #expect(ticks[0].lastPrice.value == 24500.05)
        #expect(ticks[0].high.value == 24600 && ticks[0].low.value == 24400 && ticks[0].open.value == 24450)
        #expect(ticks[0].close.value == 24500.41)
        // A capture of 2017 has FF FF FF DC for a fall of 0.36 points.
        #expect(Array(short.suffix(4)) == [0xFF, 0xFF, 0xFF, 0xDC])
        #expect(ticks[0].indexChange == -0.36)
        #expect(ticks[1].kind == .indexFull && ticks[1].exchangeTime == 1_625_461_887)
        #expect(ticks[1].indexChange == 0.36)
    }

    @Test(arguments: [
        (UInt8(1), UInt32(157_315), 1573.15, Int64(15_731_500)),
        (2, 5, 0.05, 500), (4, 4_294_967_295, 42_949_672.95, 429_496_729_500), (5, 100, 1, 10_000),
        (7, 720_000, 7200, 72_000_000), (8, 150, 1.5, 15_000), (9, 2_450_005, 24500.05, 245_000_500),
        (10, 14_250, 142.5, 1_425_000), (200, 100, 1, 10_000),
        (3, 727_550_000, 72.755, 727_550), (3, 727_525_000, 72.7525, 727_525), (3, 727_525_499, 72.7525499, 727_525),
        (3, 727_525_500, 72.75255, 727_526), (3, 4_294_967_295, 429.4967295, 4_294_967),
        (6, 727_525, 72.7525, 727_525), (12, 65_432_100, 6543.21, 65_432_100),
    ]) func `each segment has its divisor`(segment: UInt8, raw: UInt32, value: Double, tenThousandths: Int64) throws {
        let token = PacketFixture.token(1594, segment: segment)
        let message = PacketFixture.message([PacketFixture.lastPrice(token, raw)])
        let tick = try #require(Self.decode(message).ticks.first)
        #expect(tick.kind == .lastPrice)
        #expect(tick.segment.rawValue == segment)
        #expect(tick.lastPrice.value == value)
        #expect(tick.lastPrice.tenThousandths == tenThousandths)
    }

    @Test func `a heartbeat is a sign of life and no packet`() {
        for message in [[UInt8](), [0], [0, 0]] {
            let (ticks, summary) = Self.decode(message)
            #expect(ticks.isEmpty && !summary.isTruncated)
            #expect(summary.isHeartbeat == (message.count == 1))
        }
    }

    @Test func `packets of unknown length are skipped and counted`() {
        let known = PacketFixture.lastPrice(408_065, 1)
        let (ticks, summary) = Self.decode(
            PacketFixture.message([[1, 2, 3], known, [], Array(repeating: 9, count: 200), known]))
        #expect(ticks.count == 2 && summary.ticks == 2 && summary.skipped == 3 && !summary.isTruncated)
    }

    @Test func `a message cut anywhere never reads beyond its end`() {
        let packets = [
            PacketFixture.quote(Self.quote), PacketFixture.lastPrice(1, 2),
            PacketFixture.full(Self.quote, [1, 2, 3, 4, 5], bids: Self.levels, asks: Self.levels),
        ]
        let whole = PacketFixture.message(packets)
        for length in 2..<whole.count {
            let (ticks, summary) = Self.decode(Array(whole.prefix(length)))
            #expect(summary.isTruncated && ticks.count < 3)
        }
        #expect(Self.decode(whole).summary == TickDecoder.Summary(ticks: 3))
    }

    @Test func `seeded noise never harms the decoder`() {
        var seed: UInt64 = 20_261_121
        for _ in 0..<2000 {
            var message: [UInt8] = []
            for _ in 0..<Int(seed >> 33 % 400) {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                message.append(UInt8(truncatingIfNeeded: seed >> 40) & (message.count % 3 == 0 ? 0 : 255))
            }
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let (ticks, summary) = Self.decode(message)
            #expect(ticks.count == summary.ticks)
        }
    }

    @Test func `a tick is a fixed-size value without references`() {
        #expect(MemoryLayout<Tick>.size <= 200)
        #expect(_isPOD(Tick.self))
    }
}

@Suite(.enabled(if: SharedData.hasMocks, "SKIPPED: no recorded packets; set QUANTAGRO_DATA to the data folder"))
struct RecordedPacketTests {
    private static func ticks(_ file: String) throws -> [Tick] {
        var ticks: [Tick] = []
        let summary = try SharedData.mock(file).withUnsafeBytes { bytes in
            TickDecoder.decode(bytes) { ticks.append(copy $0) }
        }
        #expect(summary.ticks == ticks.count)
        return ticks
    }

    private static func body(_ file: String) throws -> Tick {
        let data = try #require(
            Data(base64Encoded: Data(SharedData.mock(file)), options: .ignoreUnknownCharacters))
        return try #require(data.withUnsafeBytes { TickDecoder.decodePacket($0) })
    }

    private static func prices(_ tick: Tick) -> [Double] {
        [tick.lastPrice, tick.averagePrice, tick.open, tick.high, tick.low, tick.close].map(\.value)
    }

    private static func counts(_ tick: Tick) -> [UInt32] {
        [tick.instrumentToken, tick.lastQuantity, tick.volume, tick.totalBuyQuantity, tick.totalSellQuantity]
    }

    @Test func `the recorded quote body has the stated values`() throws {
        let tick = try Self.body("ticker_quote.packet")
        #expect(tick.kind == .quote)
        #expect(Self.counts(tick) == [408_065, 1, 1_175_986, 256_511, 360_503])
        #expect(Self.prices(tick) == [1573.15, 1570.33, 1569.15, 1575, 1561.05, 1567.8])
    }

    @Test func `the recorded full body has the stated values`() throws {
        let tick = try Self.body("ticker_full.packet")
        #expect(tick.kind == .full)
        #expect(Self.counts(tick) == [408_065, 7, 1_192_471, 256_443, 363_009])
        #expect(Self.prices(tick) == [1573.7, 1570.37, 1569.15, 1575, 1561.05, 1567.8])
        #expect(tick.lastTradeTime == 1_625_461_887 && tick.exchangeTime == 1_625_461_887)
        let bids = (0..<5).compactMap { tick.bid($0) }
        let asks = (0..<5).compactMap { tick.ask($0) }
        #expect(bids.map(\.price.value) == [1573.4, 1573, 1572.95, 1572.9, 1572.85])
        #expect(bids.map(\.quantity) == [5, 140, 2, 219, 50])
        #expect(bids.map(\.orders) == [1, 2, 1, 7, 1])
        #expect(asks.map(\.price.value) == [1573.7, 1573.75, 1573.85, 1573.9, 1573.95])
        #expect(asks.map(\.quantity) == [172, 44, 302, 141, 724])
        #expect(asks.map(\.orders) == [3, 3, 3, 2, 5])
        // The sample's own figure is an absolute change.
        #expect(abs((tick.change ?? 0) - 5.9) < 1e-9)
    }

    @Test func `the recorded messages of the JavaScript client have the stated values`() throws {
        let last = try #require(Self.ticks("client-fixtures/kiteconnectjs/ltpMode_binary.packet").first)
        #expect(last.kind == .lastPrice && last.instrumentToken == 884_737 && last.lastPrice.value == 392.95)
        for (file, kind) in [("quoteMode", Tick.Kind.quote), ("fullMode", .full)] {
            let tick = try #require(Self.ticks("client-fixtures/kiteconnectjs/\(file)_binary.packet").first)
            #expect(tick.kind == kind)
            #expect(Self.counts(tick) == [884_737, 2, 22_261_032, 5617, 0])
            #expect(Self.prices(tick) == [392.95, 403.07, 420, 420.9, 390.1, 414.1])
            guard kind == .full else { continue }
            #expect(tick.lastTradeTime == 1_655_375_264 && tick.exchangeTime == 1_655_378_328)
            #expect(tick.openInterest == 0)
            let bid = try #require(tick.bid(0))
            #expect(bid.quantity == 5617 && bid.price.value == 392.95 && bid.orders == 30)
            #expect((1..<5).allSatisfy { tick.bid($0) == nil } && (0..<5).allSatisfy { tick.ask($0) == nil })
        }
    }

    @Test func `the recorded message of the C++ client has two packets with the stated values`() throws {
        let ticks = try Self.ticks("client-fixtures/cppkiteconnect/websocket_ticks.bin")
        try #require(ticks.count == 2)
        #expect(Self.counts(ticks[0]) == [408_065, 2, 6_065_675, 390_117, 410_173])
        #expect(Self.prices(ticks[0]) == [1299.05, 1290.29, 1285.5, 1305.9, 1275.5, 1272.1])
        #expect(ticks[0].exchangeTime == 1_612_777_255)
        #expect(ticks[0].bid(0) == TickLevel(price: ticks[0].price(129_900), quantity: 2098, orders: 10))
        #expect(ticks[0].ask(0) == TickLevel(price: ticks[0].price(129_905), quantity: 335, orders: 7))
        #expect(Self.counts(ticks[1]) == [2_953_217, 148, 2_261_635, 146_646, 145_876])
        #expect(Self.prices(ticks[1]) == [3209.4, 3188.32, 3189.5, 3226, 3155.15, 3157.95])
        #expect(ticks[1].bid(0) == TickLevel(price: ticks[1].price(320_970), quantity: 1, orders: 1))
        #expect(ticks[1].ask(0) == TickLevel(price: ticks[1].price(320_995), quantity: 16, orders: 2))
    }
}
