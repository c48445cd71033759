import Testing

@testable import KiteConnect

/// Answers that are JSON, or nearly, and not what Kite promises: a typed error that names the offending part.
@Suite(.timeLimit(.minutes(1))) struct BadInputTests {
    typealias Call = @Sendable (KiteClient) async throws -> Void

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var body: String
        /// What the error's message must contain.
        var named: String
        var call: Call

        init(_ name: String, _ data: String, _ named: String, _ call: @escaping Call) {
            testDescription = name
            body = "{\"status\":\"success\",\"data\":\(data)}"
            self.named = named
            self.call = call
        }
    }

    private static let orders: Call = { _ = try await $0.orders() }
    private static let quotes: Call = { _ = try await $0.quotes(["NSE:INFY"]) }
    private static let order =
        "{\"order_id\":\"1\",\"status\":\"OPEN\",\"exchange\":\"NSE\",\"tradingsymbol\":\"INFY\","
        + "\"transaction_type\":\"BUY\",\"quantity\":1,\"filled_quantity\":0,\"instrument_token\":408065}"

    static let rows: [Row] = [
        Row(
            "an order's filled quantity null",
            "[\(order.replacing("\"filled_quantity\":0", with: "\"filled_quantity\":null"))]",
            "data[0]: order: filled_quantity is null", orders),
        Row(
            "the second order's price null", "[\(order),\(order.dropLast()),\"price\":null}]",
            "data[1]: order: price is null", orders),
        Row(
            "an order's quantity a fraction", "[\(order.replacing("\"quantity\":1", with: "\"quantity\":1.5"))]",
            "quantity is not a whole number", orders),
        Row(
            "an order's quantity beyond all bounds",
            "[\(order.replacing("\"quantity\":1", with: "\"quantity\":1e300"))]", "quantity is not a whole number",
            orders),
        Row(
            "an order's id null", "[\(order.replacing("\"order_id\":\"1\"", with: "\"order_id\":null"))]",
            "order_id is missing", orders),
        Row(
            "an order's token negative", "[\(order.replacing("408065", with: "-1"))]",
            "instrument_token is not an instrument token", orders),
        Row(
            "a truth value that is text", "[\(order.dropLast()),\"modified\":\"yes\"}]",
            "modified is not true or false", orders),
        Row("orders null", "null", "data: a list was expected, a null came", orders),
        Row("orders an object", "{}", "data: a list was expected, a object came", orders),
        Row("orders with a null among them", "[null]", "data[0]: order: an object was expected, a null came", orders),
        Row("trades null", "null", "a list was expected", { _ = try await $0.trades() }),
        Row("holdings null", "null", "a list was expected", { _ = try await $0.holdings() }),
        Row("triggers null", "null", "a list was expected", { _ = try await $0.triggers() }),
        Row(
            "a trigger's orders null", "{\"id\":1,\"status\":\"active\",\"condition\":{},\"orders\":null}",
            "trigger: orders: a list was expected, a null came", { _ = try await $0.trigger(1) }),
        Row(
            "positions null", "null", "positions: an object was expected, a null came", { _ = try await $0.positions() }
        ),
        Row(
            "net positions null", "{\"net\":null,\"day\":[]}", "net: a list was expected, a null came",
            { _ = try await $0.positions() }),
        Row("day positions absent", "{\"net\":[]}", "day is missing", { _ = try await $0.positions() }),
        Row("quotes null", "null", "data: an object was expected, a null came", quotes),
        Row(
            "a quote's last price null", "{\"NSE:INFY\":{\"last_price\":null,\"ohlc\":{}}}",
            "NSE:INFY: quote: last_price is null", quotes),
        Row(
            "a quote's depth null inside",
            "{\"NSE:INFY\":{\"last_price\":1,\"ohlc\":{},\"depth\":{\"buy\":null,\"sell\":[]}}}",
            "buy: a list was expected, a null came", quotes),
        Row(
            "candles null", "{\"candles\":null}", "candles: a list was expected, a null came",
            {
                _ = try await $0.candles(
                    instrumentToken: 1, interval: .day, from: KiteTime(unixSeconds: 0), to: KiteTime(unixSeconds: 1))
            }),
        Row(
            "a candle's price null", "{\"candles\":[[\"2026-01-01T00:00:00+0530\",1,null,1,1,0]]}",
            "candles[0]: candle: a price is not a number",
            {
                _ = try await $0.candles(
                    instrumentToken: 1, interval: .day, from: KiteTime(unixSeconds: 0), to: KiteTime(unixSeconds: 1))
            }),
        Row(
            "margins' net null", "{\"equity\":{\"net\":null,\"available\":{},\"utilised\":{}}}", "net is null",
            { _ = try await $0.margins() }),
        Row(
            "a trigger's number as words", "{\"trigger_id\":\"soon\"}", "trigger_id is not a whole number",
            { try await $0.deleteTrigger(1) }),
        Row("an alert null", "null", "alert: an object was expected, a null came", { _ = try await $0.alert("u") }),
        Row("allotments with a number", "[1]", "an ISIN is no text", { _ = try await $0.fundAllotments() }),
    ]

    @Test(arguments: rows) func `what makes no sense is an error that names it`(row: Row) async throws {
        try await RawServer.with(.answer(RawServer.http("200 OK", "application/json", row.body))) { server in
            try await withClient(port: server.port) { client in
                let error = await #expect(throws: KiteError.self) { try await row.call(client) }
                #expect(error?.code == .invalidResponse)
                #expect(error?.message.contains(row.named) == true, "\(error?.message ?? "")")
                // The connection is kept: the next call uses it.
                let again = await #expect(throws: KiteError.self) { try await row.call(client) }
                #expect(again?.message == error?.message)
                #expect(server.requests.count == 2 && server.connections == 1)
            }
        }
    }

    static let noise: [(name: String, bytes: [UInt8])] = [
        ("text", Array("Service temporarily unavailable".utf8)),
        ("HTML", Array(MisbehavingServerTests.html.utf8)),
        ("nothing", []),
        ("a truncated list", Array("{\"status\":\"success\",\"data\":[{\"order_id\":\"1\"".utf8)),
        ("two values", Array("{\"status\":\"success\",\"data\":[]}{}".utf8)),
        ("bytes that are no text", [0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0x31, 0x7D]),
        ("a pit of brackets", Array(repeating: UInt8(ascii: "["), count: 100_000)),
        ("a bare list", Array("[]".utf8)),
        ("NaN", Array("{\"status\":\"success\",\"data\":NaN}".utf8)),
    ]

    @Test(arguments: noise.indices) func `what is no envelope is an error on every sort of call`(index: Int)
        async throws
    {
        let bytes = Self.noise[index].bytes
        try await RawServer.with(.answer(RawServer.http("200 OK", "application/json", bytes))) { server in
            try await withClient(port: server.port) { client in
                let read = await #expect(throws: KiteError.self) { try await client.orders() }
                #expect(read?.code == .invalidResponse && read?.effect == KiteError.Effect.none)
                let write = await #expect(throws: KiteError.self) { try await client.deleteTrigger(1) }
                #expect(write?.code == .invalidResponse && write?.effect == .unknown)
                let harmless = await #expect(throws: KiteError.self) {
                    try await client.orderMargins([KiteEndpointTests.asked])
                }
                #expect(harmless?.effect == KiteError.Effect.none)
            }
        }
    }

    @Test func `a huge list is read, and one beyond the limit is given up`() async throws {
        let count = 60_000
        let body =
            "{\"status\":\"success\",\"data\":[" + Array(repeating: Self.order, count: count).joined(separator: ",")
            + "]}"
        #expect(body.utf8.count < 16 << 20)
        try await RawServer.with(.answer(RawServer.http("200 OK", "application/json", body))) { server in
            try await withClient(port: server.port, timeout: .seconds(30)) { client in
                let orders = try await client.orders()
                #expect(orders.count == count)
            }
        }
        let twice =
            "{\"status\":\"success\",\"data\":[" + Array(repeating: Self.order, count: 2 * count).joined(separator: ",")
            + "]}"
        #expect(twice.utf8.count > 16 << 20)
        try await RawServer.with(.answer(RawServer.http("200 OK", "application/json", twice))) { server in
            try await withClient(port: server.port, timeout: .seconds(30)) { client in
                let error = await #expect(throws: KiteError.self) { try await client.orders() }
                #expect(error?.message == "the answer is larger than allowed")
            }
        }
    }
}
