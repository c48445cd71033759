/// Reads Kite's instrument dump chunk by chunk; a 40,000-line dump takes some tens of milliseconds.
///
/// Columns are found by the names in the header, so that new ones and another order do no harm.
public struct InstrumentCSVParser: Sendable {
    private var reader = CSVReader()
    private var columns: Columns?

    /// A parser at the start of a file.
    public init() {}

    /// Takes the next bytes and appends every line that they complete.
    ///
    /// Throws `.invalidResponse` naming the line for a missing column or a field that is no number.
    public mutating func append(
        _ bytes: UnsafeRawBufferPointer, to rows: inout [InstrumentRow]
    ) throws(KiteError) {
        let result: Result<Void, KiteError> = bytes.withMemoryRebound(to: UInt8.self) { chunk in
            do throws(KiteError) {
                return .success(
                    try reader.read(chunk) { (record) throws(KiteError) in
                        try Self.take(record, &columns, &rows)
                    })
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    /// Ends the file; throws `.invalidResponse` when there was no header.
    public mutating func finish(into rows: inout [InstrumentRow]) throws(KiteError) {
        try reader.finish { (record) throws(KiteError) in try Self.take(record, &columns, &rows) }
        guard columns != nil else { throw .unreadable("csv: the file is empty") }
    }

    /// Reads a whole file.
    public static func parse(_ bytes: [UInt8]) throws(KiteError) -> [InstrumentRow] {
        var parser = InstrumentCSVParser()
        var rows: [InstrumentRow] = []
        rows.reserveCapacity(bytes.count / 80)
        let result: Result<Void, KiteError> = bytes.withUnsafeBytes { buffer in
            do throws(KiteError) {
                return .success(try parser.append(buffer, to: &rows))
            } catch {
                return .failure(error)
            }
        }
        try result.get()
        try parser.finish(into: &rows)
        return rows
    }

    private static func take(
        _ record: CSVRecord, _ columns: inout Columns?, _ rows: inout [InstrumentRow]
    ) throws(KiteError) {
        if let columns {
            rows.append(try columns.row(record))
        } else {
            columns = try Columns(CSVHeader(record))
        }
    }

    private struct Columns: Sendable {
        let instrumentToken, exchangeToken, tradingsymbol, name, lastPrice, expiry, strike: Int
        let tickSize, lotSize, instrumentType, segment, exchange: Int

        init(_ header: CSVHeader) throws(KiteError) {
            instrumentToken = try header.column("instrument_token")
            exchangeToken = try header.column("exchange_token")
            tradingsymbol = try header.column("tradingsymbol")
            name = try header.column("name")
            lastPrice = try header.column("last_price")
            expiry = try header.column("expiry")
            strike = try header.column("strike")
            tickSize = try header.column("tick_size")
            lotSize = try header.column("lot_size")
            instrumentType = try header.column("instrument_type")
            segment = try header.column("segment")
            exchange = try header.column("exchange")
        }

        func row(_ record: CSVRecord) throws(KiteError) -> InstrumentRow {
            guard record.count >= 12 else {
                throw .unreadable("csv: record \(record.number) has \(record.count) fields, 12 were expected")
            }
            guard let token = UInt32(exactly: try record.integer(instrumentToken)), token > 0 else {
                throw record.fault(instrumentToken, "an instrument token")
            }
            let expiryField = record[expiry]
            let date = KiteDate(utf8: expiryField)
            guard date != nil || expiryField.isEmpty else { throw record.fault(expiry, "a date") }
            return InstrumentRow(
                instrumentToken: token,
                exchangeToken: record.text(exchangeToken),
                tradingsymbol: record.text(tradingsymbol),
                name: record.text(name),
                lastPrice: try record.number(lastPrice),
                expiry: date,
                strike: try record.number(strike),
                tickSize: try record.number(tickSize),
                lotSize: try record.integer(lotSize),
                instrumentType: KiteInstrumentType(rawValue: record.text(instrumentType)),
                segment: KiteSegment(rawValue: record.text(segment)),
                exchange: KiteExchange(rawValue: record.text(exchange)))
        }
    }
}
