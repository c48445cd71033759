import NIOCore
import PaperExchange
import Testing
import Trading

@testable import KiteSimulator

@Suite struct TickPacketTests {
    /// A quote whose every field is set by hand.
    private func quote(_ token: UInt32) async throws -> Quote {
        let venue = Venue(
            configuration: VenueConfiguration(seed: 1, tradingDate: RunningKite.tradingDate),
            listing: .builtIn(tradingDate: RunningKite.tradingDate),
            clock: { Timestamp(indianDate: RunningKite.tradingDate, secondOfDay: 36_000) })
        var quote = try #require(await venue.quote(venue.listing.instrument(at: 0).token))
        quote.token = InstrumentToken(token)
        quote.lastPrice = Price(paise: 157_370)
        quote.lastQuantity = 7
        quote.averagePrice = Price(paise: 157_037)
        quote.volume = 1_192_471
        quote.buyQuantity = 256_443
        quote.sellQuantity = 363_009
        quote.open = Price(paise: 156_915)
        quote.high = Price(paise: 157_500)
        quote.low = Price(paise: 156_105)
        quote.close = Price(paise: 156_780)
        quote.openInterest = 3
        quote.openInterestHigh = 5
        quote.openInterestLow = 2
        quote.lastTradeTime = Timestamp(seconds: 1_625_461_887)
        quote.exchangeTime = Timestamp(seconds: 1_625_461_888)
        quote.bids = Quote.emptyDepth
        quote.asks = Quote.emptyDepth
        quote.bids[0] = DepthLevel(price: Price(paise: 157_365), quantity: 10, orders: 2)
        quote.asks[4] = DepthLevel(price: Price(paise: 157_400), quantity: 0x01020304, orders: 70_000)
        return quote
    }

    private func bytes(_ quote: Quote) -> [UInt8] {
        var buffer = ByteBuffer()
        TickPacket.append(quote, to: &buffer)
        return Array(buffer.readableBytesView)
    }

    private func numbers(_ bytes: some Sequence<UInt8>) -> [UInt32] {
        let all = Array(bytes)
        return stride(from: 0, to: all.count, by: 4).map { start in
            all[start..<(start + 4)].reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    @Test func `a tradable instrument's packet has each field in its place`() async throws {
        let packet = bytes(try await quote(408_065))
        #expect(packet.count == 184)
        #expect(
            numbers(packet[..<64]) == [
                408_065, 157_370, 7, 157_037, 1_192_471, 256_443, 363_009, 156_915, 157_500, 156_105, 156_780,
                1_625_461_887, 3, 5, 2, 1_625_461_888,
            ])
        #expect(Array(packet[64..<76]) == [0, 0, 0, 10, 0, 2, 0x66, 0xB5, 0, 2, 0, 0])
        #expect(packet[76..<172].allSatisfy { $0 == 0 })
        #expect(Array(packet[172..<184]) == [1, 2, 3, 4, 0, 2, 0x66, 0xD8, 0xFF, 0xFF, 0, 0])
    }

    @Test func `an index goes high, low, open, close, and its change is signed`() async throws {
        var index = try await quote(256_265)
        index.close = Price(paise: 157_406)
        let packet = bytes(index)
        #expect(
            numbers(packet) == [
                256_265, 157_370, 157_500, 156_105, 156_915, 157_406, 0xFFFF_FFDC, 1_625_461_888,
            ])
    }

    @Test func `the packets of the lesser modes begin the full one, with their lengths`() async throws {
        let share = try await quote(408_065)
        let index = try await quote(256_265)
        var board = InstrumentBoard()
        let slots = [share.token, index.token, InstrumentToken(1)].map { board.open($0) }
        let round = TickRound([share, index], board)
        let lengths: [(TickMode, Int, Int)] = [(.ltp, 8, 8), (.quote, 44, 28), (.full, 184, 32)]
        for (mode, shareLength, indexLength) in lengths {
            let message = try #require(
                round.message(slots.map { Subscriptions.Entry(slot: $0, mode: mode) }))
            var expected: [UInt8] = [0, 2, 0, UInt8(shareLength)]
            expected += bytes(share)[..<shareLength]
            expected += [0, UInt8(indexLength)]
            expected += bytes(index)[..<indexLength]
            #expect(Array(message.readableBytesView) == expected)
        }
        #expect(round.message([Subscriptions.Entry(slot: slots[2], mode: .full)]) == nil)
        // A slot that was given after the round is not in it.
        #expect(round.message([Subscriptions.Entry(slot: board.open(InstrumentToken(2)), mode: .full)]) == nil)
    }

    @Test(arguments: [
        (Exchange.nse, "1573.15", UInt32(157_315)), (.nfo, "24500.05", 2_450_005), (.mcx, "161.05", 16_105),
        (.cds, "83.4525", 834_525_000), (.bcd, "83.4525", 834_525), (.nco, "0.0125", 125), (.bse, "0.0050", 1),
        (.nse, "-0.36", 0xFFFF_FFDC),
    ])
    func `prices are counted by the market's divisor`(exchange: Exchange, text: String, number: UInt32) throws {
        let token = InstrumentToken(1_000 * 256 + exchange.tokenSegment)
        #expect(PriceScale(token: token).number(try #require(Price(text))) == number)
    }

    @Test(.enabled(if: SampleData.isPresent, SampleData.absence))
    func `the sample packets are reproduced byte for byte`() async throws {
        var sample = try await quote(408_065)
        var expected = try SampleData.base64("ticker_full.packet")
        read(expected, into: &sample)
        #expect(bytes(sample) == expected)
        expected = try SampleData.base64("ticker_quote.packet")
        read(expected + [UInt8](repeating: 0, count: 140), into: &sample)
        #expect(Array(bytes(sample)[..<44]) == expected)
        for (name, length) in [("ltpMode_binary", 8), ("quoteMode_binary", 44), ("fullMode_binary", 184)] {
            let message = try SampleData.bytes("client-fixtures/kiteconnectjs/\(name).packet")
            let body = Array(message[4...])
            read(body + [UInt8](repeating: 0, count: 184 - body.count), into: &sample)
            let mode: TickMode = length == 8 ? .ltp : length == 44 ? .quote : .full
            var board = InstrumentBoard()
            let entry = Subscriptions.Entry(slot: board.open(sample.token), mode: mode)
            let ours = try #require(TickRound([sample], board).message([entry]))
            #expect(Array(ours.readableBytesView) == message)
        }
    }

    /// Reads a packet by the documented offsets.
    private func read(_ packet: [UInt8], into quote: inout Quote) {
        let all = numbers(packet)
        func price(_ place: Int) -> Price { Price(paise: Int64(all[place])) }
        func count(_ place: Int) -> Quantity { Quantity(Int64(all[place])) }
        func depth(_ first: Int) -> [DepthLevel] {
            (0..<5).map { level in
                let place = first + level * 3
                return DepthLevel(price: price(place + 1), quantity: count(place), orders: Int(all[place + 2] >> 16))
            }
        }
        quote.token = InstrumentToken(all[0])
        quote.lastPrice = price(1)
        quote.lastQuantity = count(2)
        quote.averagePrice = price(3)
        quote.volume = count(4)
        quote.buyQuantity = count(5)
        quote.sellQuantity = count(6)
        (quote.open, quote.high, quote.low, quote.close) = (price(7), price(8), price(9), price(10))
        quote.lastTradeTime = Timestamp(seconds: Int64(all[11]))
        quote.openInterest = count(12)
        quote.openInterestHigh = count(13)
        quote.openInterestLow = count(14)
        quote.exchangeTime = Timestamp(seconds: Int64(all[15]))
        quote.bids = depth(16)
        quote.asks = depth(31)
    }
}
