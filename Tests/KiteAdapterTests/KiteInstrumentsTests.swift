import KiteConnect
import Testing
import Trading

@testable import KiteAdapter

struct KiteInstrumentsTests {
    private func read(_ line: String) throws -> Instrument? {
        let text = """
            instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,\
            instrument_type,segment,exchange
            \(line)

            """
        let row = try #require(try InstrumentCSVParser.parse(Array(text.utf8)).first)
        let day = try #require(CalendarDate("2026-08-18"))
        return Instrument(row, freezeQuantities: .published, on: day)
    }

    @Test func `an index has no grid and is not tradable`() throws {
        let index = try #require(try read("256265,1001,NIFTY 50,NIFTY 50,0,,0,0,0,EQ,INDICES,NSE"))
        #expect(index.kind == .index && index.tickSize == .zero && index.lotSize == 0 && index.segment == .indices)
        #expect(index.id == InstrumentID(exchange: .nse, symbol: "NIFTY 50"))
    }

    @Test func `a share`() throws {
        let share = try #require(try read("779521,3045,SBIN,STATE BANK OF INDIA,0,,0,0.05,1,EQ,NSE,NSE"))
        #expect(share.kind == .equity && share.tickSize == Price(paise: 5) && share.lotSize == 1)
        #expect(share.token == InstrumentToken(779_521) && share.name == "STATE BANK OF INDIA")
        #expect(share.freezeQuantity == nil && share.expiry == nil)
    }

    @Test func `a future has its underlying, expiry and freeze limit`() throws {
        let future = try #require(
            try read("14866434,58072,NIFTY26AUGFUT,NIFTY,0.0,2026-08-25,0.0,0.1,65,FUT,NFO-FUT,NFO"))
        #expect(future.kind == .future(underlying: "NIFTY", expiry: try #require(CalendarDate("2026-08-25"))))
        #expect(future.freezeQuantity == 1_800 && future.lotSize == 65 && future.tickSize == Price(paise: 10))
    }

    @Test(arguments: [("CE", OptionRight.call), ("PE", .put)])
    func `an option has its strike and right`(type: String, right: OptionRight) throws {
        let line = "1,1,M&MFIN26AUG272.5\(type),M&MFIN,0.0,2026-08-25,272.5,0.01,2056,\(type),NFO-OPT,NFO"
        let option = try #require(try read(line))
        let expiry = try #require(CalendarDate("2026-08-25"))
        let contract = OptionContract(underlying: "M&MFIN", expiry: expiry, strike: Price(paise: 27_250), right: right)
        #expect(option.kind == .option(contract) && option.tickSize == Price(paise: 1))
        #expect(option.freezeQuantity == nil)
    }

    @Test func `a currency contract ticks in four decimals`() throws {
        let future = try #require(
            try read("412675,1612,USDINR26AUGFUT,USDINR,0.0,2026-08-27,0.0,0.0025,1,FUT,CDS-FUT,CDS"))
        #expect(future.tickSize.description == "0.0025" && future.id.exchange == .cds)
    }

    @Test(arguments: [
        "1,1,X26AUGFUT,X,0.0,,0.0,0.05,1,FUT,NFO-FUT,NFO",
        "1,1,X26AUG100CE,X,0.0,2026-08-25,0.0,0.05,1,CE,NFO-OPT,NFO",
        "1,1,X26AUG100CE,X,0.0,,100,0.05,1,CE,NFO-OPT,NFO",
        "1,1,X,X,0.0,,0.0,0.05,1,EQ,NSEIX,NSEIX",
        "1,1,X,X,0.0,,0.0,0.05,1,BOND,NSE,NSE",
    ])
    func `a row that lacks what orders depend on is left out`(line: String) throws {
        #expect(try read(line) == nil)
    }
}
