import Testing
import Trading

@testable import PaperExchange

struct ListingTests {
    static let header =
        "instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,"
        + "instrument_type,segment,exchange"
    static let future = "14866434,58072,NIFTY26AUGFUT,NIFTY,0.0,2026-08-25,0.0,0.1,65,FUT,NFO-FUT,NFO"
    static let call = "15799554,61717,NIFTY26AUG24350CE,NIFTY,0.0,2026-08-25,24350.0,0.05,65,CE,NFO-OPT,NFO"

    static func parse(_ lines: String...) throws(FileFormatError) -> Listing {
        try Listing.parse(csv: Array(lines.joined(separator: "\n").utf8))
    }

    @Test func `a dump is read and every instrument is found by token and by symbol`() throws {
        let listing = try Self.parse(
            Self.header, Self.future, Self.call, "408065,1594,INFY,INFOSYS,0,,0,0.1,1,EQ,NSE,NSE",
            "256265,1001,NIFTY 50,NIFTY 50,0,,0,0,0,EQ,INDICES,NSE")
        #expect(listing.count == 4)
        let option = listing.instrument(InstrumentID(exchange: .nfo, symbol: "NIFTY26AUG24350CE"))
        #expect(option == listing.instrument(InstrumentToken(15_799_554)))
        let expiry = try #require(CalendarDate("2026-08-25"))
        #expect(
            option?.kind
                == .option(
                    OptionContract(underlying: "NIFTY", expiry: expiry, strike: Price(rupees: 24_350), right: .call)))
        #expect(option?.tickSize == Price(paise: 5))
        #expect(option?.lotSize == 65)
        #expect(option?.freezeQuantity == 1_800)
        #expect(listing.instrument(InstrumentToken(256_265))?.kind == .index)
        #expect(listing.instrument(InstrumentToken(408_065))?.kind == .equity)
        #expect(listing.instrument(InstrumentToken(1)) == nil)
        #expect(listing.instrument(InstrumentID(exchange: .bse, symbol: "INFY")) == nil)
        #expect(listing.earliestExpiry == expiry)
        #expect(listing.exchanges == [.nse, .nfo])
    }

    @Test func `carriage returns, quotes, a byte-order mark and another column order change nothing`() throws {
        let text =
            "\u{FEFF}exchange,segment,instrument_type,lot_size,tick_size,strike,expiry,name,tradingsymbol,"
            + "instrument_token\r\n\"NSE\",NSE,EQ,1,0.05,0,,\"A \"\"B\"\", C\",ABC,257\r\n\r\n"
        let listing = try Listing.parse(csv: Array(text.utf8))
        #expect(listing.count == 1)
        #expect(listing.instrument(at: 0).name == "A \"B\", C")
        #expect(listing.instrument(at: 0).tickSize == Price(paise: 5))
    }

    @Test func `a name over two lines is written in quotes and reads back`() throws {
        let listing = try Self.parse(Self.header, "257,1,ABC,\"A\nB\r\",0,,0,0.05,1,EQ,NSE,NSE")
        #expect(listing.instrument(at: 0).name == "A\nB\r")
        #expect(try Listing.parse(csv: listing.csv()).instrument(at: 0) == listing.instrument(at: 0))
    }

    @Test func `a quote with a combining mark behind it is doubled too`() throws {
        let name = "A\u{22}\u{658}B"
        let listing = try Self.parse(Self.header, "257,1,ABC,\"A\u{22}\u{22}\u{658}B\",0,,0,0.05,1,EQ,NSE,NSE")
        #expect(listing.instrument(at: 0).name == name)
        #expect(try Listing.parse(csv: listing.csv()).instrument(at: 0) == listing.instrument(at: 0))
    }

    @Test(arguments: ["A\"\"B", "A,B", "A\nB", "A\tB", "\u{20B9}"])
    func `a symbol that a dump cannot carry is refused`(symbol: String) {
        let fault = FileFormatError.field(
            line: 2, column: "tradingsymbol", problem: "has a character that no symbol has")
        #expect(throws: fault) { try Self.parse(Self.header, "257,1,\"\(symbol)\",X,0,,0,0.05,1,EQ,NSE,NSE") }
    }

    @Test func `a derivative without a name takes it from its symbol`() throws {
        let listing = try Self.parse(
            Self.header, "1026,4,BAJAJ-AUTO26AUG9000.5PE,,0,2026-08-25,9000.5,0.05,75,PE,NFO-OPT,NFO",
            "1282,5,NIFTYNXT5026AUGFUT,,0,2026-08-25,0,0.2,25,FUT,NFO-FUT,NFO")
        #expect(listing.instrument(at: 0).underlying == "BAJAJ-AUTO")
        #expect(listing.instrument(at: 1).underlying == "NIFTYNXT50")
    }

    @Test(arguments: [
        ("", FileFormatError.empty, "the file is empty"),
        (header, .noRows, "the file has a header but no rows"),
        (
            "instrument_token,tradingsymbol\n1,A", .columnMissing("name"), "line 1: the column name is missing"
        ),
        (header + "\n1,2,3", .fieldCount(line: 2, expected: 12, found: 3), "line 2: 3 fields instead of 12"),
        (
            header + "\n" + future + "\n1,0,X26AUGFUT,X,0,25-08-2026,0,0.1,65,FUT,NFO-FUT,NFO",
            .field(line: 3, column: "expiry", problem: "is not a date"), "line 3: expiry is not a date"
        ),
        (
            header + "\n1,0,X26AUGFUT,X,0,,0,0.1,65,FUT,NFO-FUT,NFO",
            .field(line: 2, column: "expiry", problem: "is empty"), "line 2: expiry is empty"
        ),
        (
            header + "\nabc,0,X,X,0,,0,0.1,65,EQ,NSE,NSE",
            .field(line: 2, column: "instrument_token", problem: "is not a token"),
            "line 2: instrument_token is not a token"
        ),
        (
            header + "\n1,0,X26AUG5CE,X,0,2026-08-25,x,0.05,65,CE,NFO-OPT,NFO",
            .field(line: 2, column: "strike", problem: "is not a price"), "line 2: strike is not a price"
        ),
        (
            header + "\n1,0,X,X,0,,0,0.05,65,XX,NFO-OPT,NFO",
            .field(line: 2, column: "instrument_type", problem: "\"XX\" is not EQ, FUT, CE or PE"),
            "line 2: instrument_type \"XX\" is not EQ, FUT, CE or PE"
        ),
        (
            header + "\n1,0,X,X,0,,0,0.05,65,EQ,NYSE,NYSE",
            .field(line: 2, column: "exchange", problem: "\"NYSE\" is not known"),
            "line 2: exchange \"NYSE\" is not known"
        ),
        (header + "\n1,0,\"X,X,0", .quoteNotClosed(line: 2), "line 2: a quoted field is not closed"),
        (
            header + "\n" + future + "\n" + future, .tokenRepeated(line: 3, firstLine: 2, token: 14_866_434),
            "line 3: instrument_token 14866434 already stands in line 2"
        ),
    ])
    func `a broken dump is refused with its line and column`(
        text: String, error: FileFormatError, sentence: String
    ) {
        #expect(throws: error) { try Listing.parse(csv: Array(text.utf8)) }
        #expect(error.description == sentence)
    }

    @Test func `indices of exchanges that are not traded here are left out`() throws {
        let listing = try Self.parse(
            Self.header, Self.future, "291849,1140,GIFT NIFTY,GIFT NIFTY,0,,0,0,0,EQ,INDICES,NSEIX")
        #expect(listing.count == 1)
    }

    @Test func `a listing written as a dump reads back the same`() throws {
        let listing = PaperFloor.listing
        let copy = try Listing.parse(csv: listing.csv())
        #expect(copy.count == listing.count)
        #expect((0..<listing.count).allSatisfy { copy.instrument(at: $0) == listing.instrument(at: $0) })
        let bseOnly = try Listing.parse(csv: listing.csv(exchange: .bse))
        #expect(bseOnly.count == 1)
    }

    @Test(
        .enabled(
            if: MarketData.isThere("instruments/kite_nfo_bfo_2026-08-18.csv.gz"),
            "SKIPPED: the real instruments dump is not on this machine (QUANTAGRO_DATA)"))
    func `the real dump of 18 August 2026 is read whole`() throws {
        let listing = try Listing.parse(csv: MarketData.bytes("instruments/kite_nfo_bfo_2026-08-18.csv.gz"))
        #expect(listing.count == 39_941)
        #expect(listing.earliestExpiry == CalendarDate("2026-08-18"))
        let future = try #require(listing.instrument(InstrumentID(exchange: .nfo, symbol: "NIFTY26AUGFUT")))
        #expect(future.token == InstrumentToken(14_866_434))
        #expect(future.lotSize == 65)
        #expect(future.tickSize == Price(paise: 10))
        let date = try #require(listing.earliestExpiry)
        var market = Market(
            configuration: VenueConfiguration(seed: 3, tradingDate: date), listing: listing,
            now: Timestamp(seconds: 0))
        let last = market.quote(future.token, at: Timestamp(seconds: 0))?.lastPrice ?? .zero
        // The listed strikes lie round the index, which stood near 24,350 that day.
        #expect(Price(rupees: 22_000)...Price(rupees: 27_000) ~= last)
    }
}
