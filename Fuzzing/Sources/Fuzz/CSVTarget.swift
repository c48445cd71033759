import Trading

@testable import KiteConnect
@testable import PaperExchange

/// Files of instruments, funds and prices: a typed error or rows that write and read back the same, however the bytes
/// are cut.
///
/// The first byte picks the file's kind, the second the size of the pieces.
enum CSVTarget {
    static let target = FuzzTarget(name: "csv", seeds: seeds, words: words, check: check)

    @Sendable static func check(_ input: UnsafeRawBufferPointer) {
        guard input.count >= 2 else { return }
        let piece = Int(input[1]) + 1
        let bytes = Array(input.dropFirst(2))
        compareReaders(bytes)
        switch input[0] % 4 {
        case 0: instruments(bytes, piece: piece)
        case 1: funds(bytes)
        case 2: listing(bytes)
        default: bhavcopy(bytes)
        }
    }

    // MARK: The client's reader

    private static func instruments(_ bytes: [UInt8], piece: Int) {
        let whole = outcome { () throws(KiteError) in try InstrumentCSVParser.parse(bytes) }
        let pieces = outcome { () throws(KiteError) in try inPieces(bytes, piece) }
        require(whole == pieces, "in pieces of \(piece) it reads otherwise")
        let dump = outcome { () throws(KiteError) in try InstrumentDump(bytes: bytes).rows() }
        if !bytes.starts(with: [0x1F, 0x8B]) { require(dump == whole, "as a dump it reads otherwise") }
        guard case .success(let rows) = whole else { return }
        require(rows.allSatisfy { $0.lastPrice.isFinite && $0.strike.isFinite && $0.tickSize.isFinite }, "not finite")
        let again = outcome { () throws(KiteError) in try InstrumentCSVParser.parse(CSVText.instruments(rows)) }
        require(again == whole, "written out it reads otherwise")
    }

    private static func inPieces(_ bytes: [UInt8], _ piece: Int) throws(KiteError) -> [InstrumentRow] {
        var parser = InstrumentCSVParser()
        var rows: [InstrumentRow] = []
        for start in stride(from: 0, to: bytes.count, by: piece) {
            // A copy of its own, so that reading over its end is seen.
            let part = Array(bytes[start..<min(start + piece, bytes.count)])
            try outcome { () throws(KiteError) in
                try part.withUnsafeBytes { (buffer) -> Result<Void, KiteError> in
                    outcome { () throws(KiteError) in try parser.append(buffer, to: &rows) }
                }.get()
            }.get()
        }
        try parser.finish(into: &rows)
        return rows
    }

    private static func funds(_ bytes: [UInt8]) {
        guard let rows = try? FundInstrumentRow.parse(bytes) else { return }
        require((try? FundInstrumentRow.parse(CSVText.funds(rows))) == rows, "funds written out read otherwise")
    }

    private static func outcome<Value, Fault>(_ body: () throws(Fault) -> Value) -> Result<Value, Fault> {
        do throws(Fault) {
            return .success(try body())
        } catch {
            return .failure(error)
        }
    }

    // MARK: The simulator's reader

    private static func listing(_ bytes: [UInt8]) {
        guard let listing = try? Listing.parse(csv: bytes) else { return }
        let text = listing.csv()
        guard let again = try? Listing.parse(csv: text) else {
            return require(false, "what a listing writes cannot be read")
        }
        require(again.csv() == text && again.count == listing.count, "a listing written out reads otherwise")
        for place in 0..<listing.count {
            let instrument = listing.instrument(at: place)
            require(again.instrument(at: place) == instrument, "an instrument reads otherwise")
            require(listing.instrument(instrument.token) == instrument, "its token finds another")
            let named = listing.instrument(instrument.id)
            require(named?.id == instrument.id, "its symbol finds nothing")
        }
        let rows = try? InstrumentCSVParser.parse(text)
        require(rows?.count == listing.count, "the client reads the simulator's dump otherwise")
    }

    private static let listed = try? Listing.parse(csv: Array(listingText.utf8))

    private static func bhavcopy(_ bytes: [UInt8]) {
        guard let day = try? Bhavcopy.parse(csv: bytes) else { return }
        guard let listed else { return require(false, "the listing cannot be read") }
        _ = listed.origins(from: day)
        let again = try? Bhavcopy.parse(csv: CSVText.bhavcopy(day))
        require(again?.closings == day.closings, "closings written out read otherwise")
    }

    /// Both readers see the same fields where the text has no quotes and no stray carriage returns.
    private static func compareReaders(_ bytes: [UInt8]) {
        var scanner = CSVScanner(bytes)
        var scanned: [[String]] = []
        while (try? scanner.advance()) == true { scanned.append(scanner.fields.indices.map { scanner.text($0) }) }
        let isPlain =
            !bytes.contains(0x22) && !zip(bytes, bytes.dropFirst() + [0]).contains { $0 == 0x0D && $1 != 0x0A }
        guard isPlain, !bytes.isEmpty else { return }
        var reader = CSVReader()
        var read: [[String]] = []
        let take: (CSVRecord) throws(KiteError) -> Void = { record in
            read.append((0..<record.count).map { CSVText.trimmed(record.text($0)) })
        }
        bytes.withUnsafeBufferPointer { buffer in try? reader.read(buffer, take) }
        try? reader.finish(take)
        require(read == scanned, "the two readers see different fields")
    }

    // MARK: Inputs

    private static let words = [
        "\r\n", "\"\"", ",\"", "\",", "\u{FEFF}", "2026-11-24", "24-Nov-2026", "NIFTY26NOVFUT", "FUTIDX",
        "9999999999999",
        "0.05", "NFO-FUT", "INDICES", "EQ", "CE", "PE", "FUT", "XX", "-",
    ]
    static let header = """
        instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,\
        segment,exchange
        """
    private static let listingText =
        header + "\r\n" + """
            408065,1594,INFY,INFOSYS,0,,0,0.05,1,EQ,NSE,NSE\r
            256265,1001,NIFTY 50,NIFTY 50,0,,0,0,0,EQ,INDICES,NSE\r
            12602626,49229,NIFTY26NOVFUT,"NIFTY",0,2026-11-24,0,0.1,75,FUT,NFO-FUT,NFO\r
            12610050,49258,NIFTY26NOV24500CE,"NIFTY",1.5,2026-11-24,24500,0.05,75,CE,NFO-OPT,NFO\r

            """
    private static let fundText = """
        tradingsymbol,amc,name,purchase_allowed,redemption_allowed,minimum_purchase_amount,purchase_amount_multiplier,\
        minimum_additional_purchase_amount,minimum_redemption_quantity,redemption_quantity_multiplier,dividend_type,\
        scheme_type,plan,settlement_type,last_price,last_price_date
        INF000A01AA1,A_MF,"A, growth",1,1,5000.0,1.0,1000.0,0.001,0.001,growth,equity,direct,T3,25.5,2026-11-19

        """
    private static let days = [
        """
        FinInstrmTp,TckrSymb,SctySrs,XpryDt,StrkPric,OptnTp,ClsPric,SttlmPric,OpnIntrst,UndrlygPric
        STF,NIFTY,,2026-11-24,,,24510.5,24510.5,75000,24490.25
        STO,NIFTY,,2026-11-24,24500.00,CE,120.5,,150,24490.25
        STK,INFY,EQ,,,,1500.05,,,

        """,
        """
        INSTRUMENT,SYMBOL,EXPIRY_DT,STRIKE_PR,OPTION_TYP,CLOSE,SETTLE_PR,OPEN_INT
        FUTIDX,NIFTY,24-Nov-2026,0,XX,24510.5,24510.5,75000
        OPTIDX,NIFTY,24-Nov-2026,24500,CE,120.5,0,150

        """,
        "CONTRACT_D,CLOSE_PRIC,SETTLEMENT,OI_NO_CON\nFUTIDXNIFTY24-NOV-2026,24510.5,24510.5,1000\n",
        "SYMBOL,SERIES,CLOSE_PRICE\nINFY, EQ, 1500.05\nINFY, BE, 1.0\n",
    ]
    private static let seeds: [[UInt8]] =
        [[0, 6] + Array(listingText.utf8), [1, 0] + Array(fundText.utf8), [2, 0] + Array(listingText.utf8)]
        + days.map { [3, 0] + Array($0.utf8) }
        + [[0, 255] + Array("\u{FEFF}\(header)\n\"1\",2,\"A\"\"B\",\"N\nM\",1e2,,1,0.05,1,EQ,NSE,NSE".utf8), packed]

    /// A gzip body with stored bytes that are no dump.
    private static let packed: [UInt8] =
        [0, 9, 0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 0, 0xFD, 0xFF, 0x61, 0x0A, 0x7D, 0xDE, 0xDD, 0x3A, 2, 0, 0, 0]
}
