import Foundation
import NIOCore
import Testing

@testable import KiteConnect

@Suite struct InstrumentCSVParserTests {
    private static let header =
        "instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,"
        + "instrument_type,segment,exchange"

    private static let sample =
        header + "\r\n"
        + "408065,1594,INFY,INFOSYS,0.0,,0.0,0.05,1,EQ,NSE,NSE\r\n"
        + "256265,1001,NIFTY 50,\"NIFTY, \"\"50\"\"\",0,,0,0,0,EQ,INDICES,NSE\r\n"
        + "\r\n"
        + "14866434,58072,NIFTY26AUG24500.5CE,NIFTY,0.0,2026-08-25,24500.5,0.1,65,CE,NFO-OPT,NFO"

    private static func rows(_ text: String, chunk: Int) throws -> [InstrumentRow] {
        var parser = InstrumentCSVParser()
        var rows: [InstrumentRow] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            try Array(bytes[start..<min(start + chunk, bytes.count)]).withUnsafeBytes {
                try parser.append($0, to: &rows)
            }
        }
        try parser.finish(into: &rows)
        return rows
    }

    @Test(arguments: [1, 2, 3, 7, 16, 64, 100_000])
    func `rows are the same however the bytes are cut`(chunk: Int) throws {
        let rows = try Self.rows(Self.sample, chunk: chunk)
        #expect(rows.map(\.tradingsymbol) == ["INFY", "NIFTY 50", "NIFTY26AUG24500.5CE"])
        #expect(rows[0].instrumentToken == 408_065)
        #expect(rows[0].exchangeToken == "1594")
        #expect(rows[0].tickSize == 0.05)
        #expect(rows[0].expiry == nil)
        #expect(rows[1].name == "NIFTY, \"50\"")
        #expect(rows[1].segment == .indices)
        #expect(rows[2].strike == 24500.5)
        #expect(rows[2].expiry?.description == "2026-08-25")
        #expect(rows[2].lotSize == 65)
        #expect(rows[2].instrumentType == .call)
        #expect(rows[2].exchange == .nfo)
    }

    @Test func `a line end inside quotes belongs to the field`() throws {
        let text = Self.header + "\n1,1,A,\"two\nlines\",0,,0,0.05,1,EQ,NSE,NSE\n"
        #expect(try Self.rows(text, chunk: 5).first?.name == "two\nlines")
    }

    @Test(arguments: [1, 3, 1000])
    func `a quote inside a plain field is text and swallows nothing`(chunk: Int) throws {
        let text = Self.header + "\n1,1,A,PIPE 5\",0,,0,0.05,1,EQ,NSE,NSE\n2,2,B,C,0,,0,0.05,1,EQ,NSE,NSE\n"
        #expect(try Self.rows(text, chunk: chunk).map(\.name) == ["PIPE 5\"", "C"])
    }

    @Test func `doubled quotes are one whatever stands behind them`() throws {
        let text = Self.header + "\n1,1,\"A\u{22}\u{22}\u{658}\"\"\",\"\"\"\"\"\",0,,0,0.05,1,EQ,NSE,NSE\n"
        let row = try #require(try Self.rows(text, chunk: 99).first)
        let symbol = "A\u{22}\u{658}\u{22}"
        #expect(row.tradingsymbol == symbol && row.name.utf8.elementsEqual([0x22, 0x22]))
    }

    @Test(arguments: [1, 2, 4, 1000])
    func `a byte order mark before a quoted header is left out`(chunk: Int) throws {
        let text = "\u{FEFF}\"instrument_token\"" + Self.header.dropFirst(16) + "\n1,1,A,B,0,,0,0.05,1,EQ,NSE,NSE\n"
        #expect(try Self.rows(text, chunk: chunk).map(\.instrumentToken) == [1])
    }

    @Test func `a lot size beyond what a double can count is exact`() throws {
        let text = Self.header + "\n1,1,A,B,0,,0,0.05,1000000000000000001,EQ,NSE,NSE\n"
        #expect(try Self.rows(text, chunk: 99).first?.lotSize == 1_000_000_000_000_000_001)
    }

    @Test func `a record longer than the limit is refused however the bytes are cut`() {
        let text = Self.header + "\n1,1,A," + String(repeating: "B", count: 1 << 20) + ",0,,0,0.05,1,EQ,NSE,NSE\n"
        for chunk in [1 << 16, 1 << 22] {
            let error = #expect(throws: KiteError.self) { try Self.rows(text, chunk: chunk) }
            #expect(error?.message == "csv: record 2 is too long")
        }
    }

    @Test func `columns are found by name`() throws {
        let text =
            "exchange,new,segment,instrument_type,lot_size,tick_size,strike,expiry,last_price,name,tradingsymbol,"
            + "exchange_token,instrument_token\nNSE,?,NSE,EQ,1,0.05,0,,1.5,INFOSYS,INFY,1594,408065\n"
        let row = try #require(try Self.rows(text, chunk: 1000).first)
        #expect(row.instrumentToken == 408_065 && row.lastPrice == 1.5 && row.tradingsymbol == "INFY")
    }

    @Test(arguments: [
        ("", "csv: the file is empty"),
        ("instrument_token,name\n1,2\n", "csv: the column exchange_token is missing"),
        (header + "\nx,1,A,B,0,,0,0.05,1,EQ,NSE,NSE\n", "csv: record 2, field 1 is not a whole number"),
        (header + "\n0,1,A,B,0,,0,0.05,1,EQ,NSE,NSE\n", "csv: record 2, field 1 is not an instrument token"),
        (header + "\n1,1,A,B,0,25-08-2026,0,0.05,1,EQ,NSE,NSE\n", "csv: record 2, field 6 is not a date"),
        (header + "\n1,1,A,B,0,,0,0.05,1.5,EQ,NSE,NSE\n", "csv: record 2, field 9 is not a whole number"),
        (header + "\n1,1,A\n", "csv: record 2 has 3 fields, 12 were expected"),
        (header + "\n1,1,A,\"B,0\n", "csv: the last record ends inside quotes"),
        (header + "\n1,1,A,\"B\"C,0,,0,0.05,1,EQ,NSE,NSE\n", "csv: record 2 has text after a closing quote"),
        (header + "\n1,1,A,B,0x10,,0,0.05,1,EQ,NSE,NSE\n", "csv: record 2, field 5 is not a number"),
        (
            header + "\n1,1,A,B,0,,0,0.05,9223372036854775808,EQ,NSE,NSE\n",
            "csv: record 2, field 9 is not a whole number"
        ),
    ]) func `a malformed file names the place`(text: String, message: String) {
        let error = #expect(throws: KiteError.self) { try Self.rows(text, chunk: 9) }
        #expect(error?.code == .invalidResponse)
        #expect(error?.message == message)
    }

    @Test func `numbers are read as the nearest double`() throws {
        for text in ["0.05", "24500.5", "0.0025", "123456789012345.6", "99999999999999", "1e3", "-5.25", "00.10"] {
            let line = "1,1,A,B,\(text),,0,0.05,1,EQ,NSE,NSE"
            #expect(try Self.rows(Self.header + "\n" + line, chunk: 999).first?.lastPrice == Double(text))
        }
    }

    @Test(.enabled(if: SharedData.hasInstrumentDump, "SKIPPED: no instrument dump; set QUANTAGRO_DATA"))
    func `a real packed dump of 39,941 contracts is read in batches`() async throws {
        let dump = InstrumentDump(bytes: try Array(Data(contentsOf: SharedData.instrumentDump)))
        var rows: [InstrumentRow] = []
        var batches = 0
        for try await batch in dump {
            rows += batch
            batches += 1
        }
        #expect(rows.count == 39_941)
        #expect(batches > 5)
        #expect(rows.first?.tradingsymbol == "NIFTY26AUGFUT")
        #expect(Set(rows.map(\.exchange)) == [.nfo, .bfo])
        #expect(rows.allSatisfy { $0.lotSize > 0 && $0.expiry != nil })
        #expect(try dump.rows() == rows)
    }

    @Test(.enabled(if: SharedData.hasInstrumentDump, "SKIPPED: no instrument dump; set QUANTAGRO_DATA"))
    func `a packed dump that was cut or changed is an error`() throws {
        var bytes = try Array(Data(contentsOf: SharedData.instrumentDump))
        let whole = bytes
        bytes.removeLast(1000)
        #expect(throws: KiteError.self) { try InstrumentDump(bytes: bytes).rows() }
        bytes = whole
        bytes[bytes.count / 2] ^= 0xFF
        #expect(throws: KiteError.self) { try InstrumentDump(bytes: bytes).rows() }
    }
}
