import Testing
import Trading

@testable import PaperExchange

struct MarketModelTests {
    static let watched = [
        InstrumentID(exchange: .nse, symbol: "NIFTY 50"), PaperFloor.future, PaperFloor.call, PaperFloor.share,
        InstrumentID(exchange: .bfo, symbol: "SENSEX26NOV80000PE"),
        InstrumentID(exchange: .nfo, symbol: "NIFTY27JAN23500PE"),
    ]

    @Test func `the same seed and the same steps give the same market, watched or not`() throws {
        let one = PaperFloor(seed: 42)
        let other = PaperFloor(seed: 42)
        for _ in 0..<500 {
            one.advance()
            for id in Self.watched { _ = one.quote(id) }
        }
        other.advance(500)
        for id in Self.watched {
            let left = try #require(one.quote(id))
            let right = try #require(other.quote(id))
            #expect(left.lastPrice == right.lastPrice && left.bids == right.bids && left.asks == right.asks)
            #expect(left.volume == right.volume && left.openInterest == right.openInterest)
        }
    }

    @Test func `another seed gives another market`() {
        let one = PaperFloor(seed: 1)
        let other = PaperFloor(seed: 2)
        one.advance(100)
        other.advance(100)
        #expect(one.quote()?.lastPrice != other.quote()?.lastPrice)
    }

    @Test(arguments: 1...5) func `quotes are whole at every step`(seed: UInt64) throws {
        let floor = PaperFloor(seed: UInt64(seed))
        var volumes: [InstrumentID: Quantity] = [:]
        for _ in 0..<400 {
            floor.advance()
            for id in Self.watched.dropFirst() {
                let quote = try #require(floor.quote(id))
                let tick = try #require(PaperFloor.listing.instrument(id)?.tickSize)
                let lot = try #require(PaperFloor.listing.instrument(id)?.lotSize)
                #expect(quote.bids.count == 5 && quote.asks.count == 5)
                #expect(quote.bids[0].price < quote.asks[0].price)
                let levels = (quote.bids + quote.asks).filter { $0.quantity > 0 }
                #expect(levels.allSatisfy { $0.price.isMultiple(ofTick: tick) && $0.price > .zero && $0.orders > 0 })
                #expect(levels.allSatisfy { $0.quantity.isMultiple(ofLot: lot) })
                #expect(quote.low...quote.high ~= quote.lastPrice && quote.low...quote.high ~= quote.open)
                #expect(quote.lastPrice.isMultiple(ofTick: tick))
                #expect(quote.lowerCircuit...quote.upperCircuit ~= quote.lastPrice)
                #expect(quote.volume >= volumes[id, default: 0])
                #expect(quote.openInterestLow...quote.openInterestHigh ~= quote.openInterest)
                volumes[id] = quote.volume
            }
        }
    }

    @Test func `an index has a price and nothing else`() throws {
        let floor = PaperFloor()
        let quote = try #require(floor.quote(Self.watched[0]))
        #expect(quote.lastPrice == Price(rupees: 24_500))
        #expect(quote.bids == Quote.emptyDepth && quote.asks == Quote.emptyDepth)
        #expect(quote.volume == 0 && quote.lastTradeTime == nil && quote.upperCircuit == .zero)
    }

    @Test func `a day moves about as much as an index does`() throws {
        let path = PricePath(seed: 9, origin: 100, dailyVolatility: 0.01, stepsPerDay: 90_000)
        let logs = (0..<90_000).map { path.level(atStep: UInt64($0)) }
        let steps = zip(logs, logs.dropFirst()).map { ($1 - $0) * ($1 - $0) }
        let deviation = (steps.reduce(0, +) / Double(steps.count)).squareRoot()
        // One percent a day spread over 90,000 steps is a third of a basis point a step.
        #expect(0.002_8...0.003_9 ~= deviation)
        #expect(logs.allSatisfy { 95...105 ~= $0 })
    }

    @Test func `calls and puts at one strike keep parity on the mid prices`() throws {
        let floor = PaperFloor()
        floor.advance(1_000)
        let future = try #require(floor.quote())
        let forward = (future.bids[0].price.double + future.asks[0].price.double) / 2
        for strike in stride(from: 24_100, through: 24_900, by: 100) {
            let legs = ["CE", "PE"].map { InstrumentID(exchange: .nfo, symbol: "NIFTY26NOV\(strike)\($0)") }
            let mids = try legs.map {
                let quote = try #require(floor.quote($0))
                return (quote.bids[0].price.double + quote.asks[0].price.double) / 2
            }
            #expect(abs(mids[0] - mids[1] - (forward - Double(strike))) < 6)
        }
    }

    @Test func `spreads widen away from the money`() throws {
        let floor = PaperFloor()
        let near = try #require(floor.quote(PaperFloor.call))
        let far = try #require(floor.quote(InstrumentID(exchange: .nfo, symbol: "NIFTY26NOV24900CE")))
        func relative(_ quote: Quote) -> Double {
            (quote.asks[0].price - quote.bids[0].price).double / quote.bids[0].price.double
        }
        #expect(relative(far) > relative(near))
    }

    // Black 1976 at F = K = 100, one year, 20 %, no interest: 2N(0.1) - 1 = 0.0796557 of the forward.
    @Test func `the option formula prices, differs by parity, and finds its volatility again`() throws {
        let call = OptionFormula(strike: 100, right: .call, years: 1, rate: 0)
        let put = OptionFormula(strike: 110, right: .put, years: 0.25, rate: 0.05)
        #expect(abs(call.premium(forward: 100, volatility: 0.2) - 7.965_567) < 1e-6)
        #expect(abs(call.delta(forward: 100, volatility: 0.2) - 0.539_828) < 1e-6)
        let premium = put.premium(forward: 104, volatility: 0.33)
        #expect(abs(try #require(put.volatility(forward: 104, premium: premium)) - 0.33) < 1e-9)
        #expect(put.volatility(forward: 104, premium: 1) == nil)
    }

    @Test func `only what changed after a sequence number comes back`() throws {
        let floor = PaperFloor()
        let tokens = Set(Self.watched.compactMap { PaperFloor.listing.token(of: $0) })
        let first = floor.changedQuotes(tokens, since: 0)
        #expect(first.quotes.count == tokens.count)
        #expect(floor.changedQuotes(tokens, since: first.sequence).quotes.isEmpty)
        floor.advance()
        let second = floor.changedQuotes(tokens, since: first.sequence)
        #expect(second.quotes.count >= 3 && second.sequence > first.sequence)
        let price = floor.price(-40)
        _ = try floor.place(PaperFloor.request(.buy, price: price))
        let third = floor.changedQuotes(tokens, since: second.sequence)
        #expect(third.quotes.map(\.token) == [try #require(PaperFloor.listing.token(of: PaperFloor.future))])
    }

    @Test func `a contract without any level given starts inside its tick's price band`() {
        for (tick, band) in [
            (Int32(100), 0.0...250), (500, 250...1_000), (1_000, 1_000...5_000), (5_000, 5_000...10_000),
        ] {
            #expect(band.contains(OriginFinder.level(forTick: tick, variation: 0.99)))
            #expect(band.contains(OriginFinder.level(forTick: tick, variation: 0)))
        }
    }

    @Test func `an underlying without a level starts at the middle of its nearest strikes`() throws {
        let rows = (0..<5).map {
            let strike = 900 + $0 * 50
            return "\(256 * ($0 + 1) + 2),0,XYZ26DEC\(strike)CE,XYZ,0,2026-12-29,\(strike),0.05,100,CE,NFO-OPT,NFO"
        }
        let listing = try Listing.parse(csv: Array(([ListingTests.header] + rows).joined(separator: "\n").utf8))
        let finder = OriginFinder(listing: listing, given: PriceOrigins(), seed: 1, tradingDay: 20_000)
        #expect(finder.level(of: "XYZ", share: nil) == 1_000)
    }
}
