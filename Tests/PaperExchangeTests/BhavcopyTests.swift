import Testing
import Trading

@testable import PaperExchange

struct BhavcopyTests {
    static let unified =
        "TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,"
        + "OptnTp,FinInstrmNm,OpnPric,HghPric,LwPric,ClsPric,LastPric,PrvsClsgPric,UndrlygPric,SttlmPric,OpnIntrst,"
        + "ChngInOpnIntrst,TtlTradgVol,TtlTrfVal,TtlNbOfTxsExctd,SsnId,NewBrdLotQty,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4\n"

    static func row(_ type: String, _ strike: String, _ right: String, _ close: String, _ settle: String) -> String {
        "2026-11-19,2026-11-19,FO,NSE,\(type),1,,NIFTY,,2026-11-23,2026-11-23,\(strike),\(right),X,1,1,1,\(close),1,1,"
            + "24321.5,\(settle),13000,65,10,1,1,F1,65,,,,,\n"
    }

    static func parse(_ text: String) throws(FileFormatError) -> Bhavcopy { try Bhavcopy.parse(csv: Array(text.utf8)) }

    @Test func `the unified layout gives prices, interest and the underlying's level`() throws {
        let file = try Self.parse(
            Self.unified + Self.row("IDF", "", "", "24350.10", "24351") + Self.row("IDO", "24500.00", "CE", "0", "88.5")
        )
        let expiry = try #require(CalendarDate("2026-11-23"))
        let future = file.closings[Bhavcopy.Key(symbol: "NIFTY", expiry: expiry)]
        #expect(future == Bhavcopy.Closing(price: Price("24350.1"), openInterest: 13_000))
        let call = file.closings[
            Bhavcopy.Key(symbol: "NIFTY", expiry: expiry, strike: Price(rupees: 24_500), right: .call)]
        // It did not trade: the settlement price stands in for the close.
        #expect(call?.price == Price("88.5"))
        #expect(file.spots["NIFTY"] == Price("24321.5"))
    }

    @Test func `a market opened from a file starts at its prices and interest`() throws {
        let file = try Self.parse(
            Self.unified + Self.row("IDF", "", "", "24350.10", "24351")
                + Self.row("IDO", "24500.00", "CE", "91.25", "0"))
        let floor = PaperFloor(origins: PaperFloor.listing.origins(from: file))
        let future = try #require(floor.quote())
        #expect(future.lastPrice == Price("24350.1"))
        #expect(future.close == Price("24350.1"))
        #expect(future.openInterest == 13_000)
        let call = try #require(floor.quote(PaperFloor.call))
        #expect(call.lastPrice == Price("91.25"))
        #expect(call.bids[0].price < call.lastPrice && call.asks[0].price > call.lastPrice)
        let spot = try #require(floor.quote(InstrumentID(exchange: .nse, symbol: "NIFTY 50")))
        #expect(spot.lastPrice == Price("24321.5"))
    }

    @Test func `open interest that cannot be counted in units is unknown`() throws {
        let file = try Self.parse(
            "CONTRACT_D,CLOSE_PRIC,SETTLEMENT,OI_NO_CON\nFUTIDXNIFTY24-NOV-2026,24350,24351,99999999999999\n")
        let listing = try Listing.parse(
            csv: Array(
                """
                instrument_token,tradingsymbol,name,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange
                12602626,NIFTY26NOVFUT,NIFTY,2026-11-24,0,0.1,2147483647,FUT,NFO-FUT,NFO
                """.utf8))
        let opening = listing.origins(from: file).instruments[InstrumentToken(12_602_626)]
        #expect(opening == PriceOrigins.Opening(price: Price(rupees: 24_350), openInterest: nil))
    }

    @Test func `the layouts before it are read too`() throws {
        let older = try Self.parse(
            "INSTRUMENT,SYMBOL,EXPIRY_DT,STRIKE_PR,OPTION_TYP,OPEN,HIGH,LOW,CLOSE,SETTLE_PR,CONTRACTS,VAL_INLAKH,"
                + "OPEN_INT,CHG_IN_OI,TIMESTAMP\n"
                + "FUTIDX,NIFTY,23-Nov-2026,0,XX,1,1,1,24350,24351,1,1,6500,0,19-NOV-2026\n"
        )
        let expiry = try #require(CalendarDate("2026-11-23"))
        #expect(older.closings[Bhavcopy.Key(symbol: "NIFTY", expiry: expiry)]?.openInterest == 6_500)
        #expect(older.spots["NIFTY"] == Price(rupees: 24_350))
        let cash = try Self.parse(
            "SYMBOL, SERIES, DATE1, PREV_CLOSE, CLOSE_PRICE\nINFY, EQ, 19-Nov-2026, 1500, 1512.35\nX, BE, -, -, -\n")
        #expect(cash.closings.count == 1)
        #expect(PaperFloor.listing.origins(from: cash).instruments[InstrumentToken(408_065)]?.price == Price("1512.35"))
    }

    @Test(arguments: [
        ("", FileFormatError.empty), ("a,b\n1,2\n", .unknownLayout),
        ("SYMBOL,SERIES\nX,EQ\n", .columnMissing("CLOSE_PRICE")), (unified, .noRows),
        (
            unified + row("IDF", "", "", "abc", "1"),
            .field(line: 2, column: "ClsPric", problem: "is not a price")
        ),
        (
            unified + row("IDO", "1", "XY", "1", "1"),
            .field(line: 2, column: "OptnTp", problem: "is neither CE nor PE")
        ),
        (
            "CONTRACT_D,CLOSE_PRIC,SETTLEMENT,OI_NO_CON\nNIFTY,1,1,1\n",
            .field(line: 2, column: "CONTRACT_D", problem: "is not a future with a date")
        ),
    ])
    func `a broken file is refused with its line and column`(text: String, error: FileFormatError) {
        #expect(throws: error) { try Self.parse(text) }
    }

    @Test(
        .enabled(
            if: MarketData.isThere("bhavcopy/fo_futures_2024-07-19.csv"),
            "SKIPPED: the real end-of-day files are not on this machine (QUANTAGRO_DATA)"))
    func `real files of three kinds are read`() throws {
        let futures = try Bhavcopy.parse(csv: MarketData.bytes("bhavcopy/fo_futures_2024-07-19.csv"))
        let expiry = try #require(CalendarDate("2024-07-25"))
        #expect(futures.closings.count == 557)
        #expect(
            futures.closings[Bhavcopy.Key(symbol: "NIFTY", expiry: expiry)]
                == Bhavcopy.Closing(price: Price("24529.1"), openInterest: 564_722))
        #expect(futures.countsContracts)
        let options = try Bhavcopy.parse(csv: MarketData.bytes("bhavcopy/options_nifty_2025-08-14.csv.gz"))
        #expect(options.spots["NIFTY"] == Price("24631.3"))
        let cash = try Bhavcopy.parse(csv: MarketData.bytes("bhavcopy/cash_full_2026-08-20.csv.gz"))
        #expect(cash.closings[Bhavcopy.Key(symbol: "20MICRONS")]?.price == Price("203.96"))
    }
}
