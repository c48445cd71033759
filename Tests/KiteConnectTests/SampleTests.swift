import Foundation
import JSON
import Testing

@testable import KiteConnect

/// Every recorded answer of the shared folder decodes, and nothing in the folder is left out.
@Suite(.enabled(if: SharedData.hasMocks, "SKIPPED: no recorded answers; set QUANTAGRO_DATA to the data folder"))
struct SampleTests {
    typealias Reader = @Sendable ([UInt8]) throws -> Int

    private static func one<Value: KiteDecodable>(_ type: Value.Type) -> Reader {
        { bytes in
            _ = try KiteAnswer.decode(type, from: bytes)
            return 1
        }
    }

    private static func list<Value: KiteDecodable>(_ type: Value.Type) -> Reader {
        { try KiteAnswer.decodeList(of: type, from: $0).count }
    }

    private static func table<Value: KiteDecodable>(_ type: Value.Type) -> Reader {
        { try KiteAnswer.decodeTable(of: type, from: $0).count }
    }

    private static func bare(_ kind: String) -> Reader {
        { bytes in
            let data = try KiteAnswer.data(from: bytes)
            #expect(data.kind == kind)
            return 1
        }
    }

    private static let candles: Reader = { try KiteAnswer.decode(KiteCandles.self, from: $0).rows.count }
    private static let instruments: Reader = { try InstrumentCSVParser.parse($0).count }
    private static let funds: Reader = { try FundInstrumentRow.parse($0).count }

    private static let message: Reader = { bytes in
        bytes.withUnsafeBytes { buffer in
            let summary = TickDecoder.decode(buffer) { _ in }
            #expect(!summary.isTruncated && summary.skipped == 0)
            return summary.ticks
        }
    }

    private static let packet: Reader = { bytes in
        let decoded = try #require(Data(base64Encoded: Data(bytes), options: .ignoreUnknownCharacters))
        _ = try #require(decoded.withUnsafeBytes { TickDecoder.decodePacket($0) })
        return 1
    }

    /// File, how to read it, how many values it holds.
    private static let table: [String: (read: Reader, count: Int)] = [
        "alerts_create.json": (one(KiteAlert.self), 1),
        "alerts_create_ato.json": (one(KiteAlert.self), 1),
        "alerts_delete.json": (bare("null"), 1),
        "alerts_get.json": (list(KiteAlert.self), 2),
        "alerts_get_one.json": (one(KiteAlert.self), 1),
        "alerts_history.json": (list(KiteAlertFiring.self), 1),
        "alerts_modify.json": (one(KiteAlert.self), 1),
        "auctions_list.json": (list(KiteHolding.self), 3),
        "autoslice_response.json": (one(KiteOrderReceipt.self), 1),
        "basket_margins.json": (one(KiteBasketMargin.self), 1),
        "convert_position.json": (bare("boolean"), 1),
        "full_profile.json": (one(KiteFullProfile.self), 1),
        "generate_session.json": (one(KiteSession.self), 1),
        "gtt_delete_order.json": (one(KiteTriggerReceipt.self), 1),
        "gtt_get_order.json": (one(KiteTrigger.self), 1),
        "gtt_get_orders.json": (list(KiteTrigger.self), 2),
        "gtt_modify_order.json": (one(KiteTriggerReceipt.self), 1),
        "gtt_place_order.json": (one(KiteTriggerReceipt.self), 1),
        "historical_minute.json": (candles, 6),
        "historical_oi.json": (candles, 6),
        "holdings.json": (list(KiteHolding.self), 2),
        "holdings_auth.json": (one(KiteHoldingsAuthorisation.self), 1),
        "holdings_compact.json": (list(KiteCompactHolding.self), 21),
        "holdings_summary.json": (one(KiteHoldingsSummary.self), 1),
        "instruments_all.csv": (instruments, 99),
        "instruments_nse.csv": (instruments, 99),
        "ltp.json": (table(KiteLastPrice.self), 1),
        "margin_commodity.json": (one(KiteSegmentMargin.self), 1),
        "margins.json": (one(KiteMargins.self), 1),
        "margins_equity.json": (one(KiteSegmentMargin.self), 1),
        "mf_holdings.json": (list(KiteFundHolding.self), 3),
        "mf_instruments.csv": (funds, 99),
        "mf_order_cancel.json": (one(KiteFundOrderReceipt.self), 1),
        "mf_order_response.json": (one(KiteFundOrderReceipt.self), 1),
        "mf_orders.json": (list(KiteFundOrder.self), 5),
        "mf_orders_info.json": (one(KiteFundOrder.self), 1),
        "mf_sip_cancel.json": (one(KiteFundPlanReceipt.self), 1),
        "mf_sip_info.json": (one(KiteFundPlan.self), 1),
        "mf_sip_modify.json": (one(KiteFundPlanReceipt.self), 1),
        "mf_sip_place.json": (one(KiteFundPlanReceipt.self), 1),
        "mf_sips.json": (list(KiteFundPlan.self), 5),
        "ohlc.json": (table(KiteOHLCQuote.self), 1),
        "order_cancel.json": (one(KiteOrderReceipt.self), 1),
        "order_info.json": (list(KiteOrder.self), 8),
        "order_margins.json": (list(KiteOrderMargin.self), 1),
        "order_modify.json": (one(KiteOrderReceipt.self), 1),
        "order_response.json": (one(KiteOrderReceipt.self), 1),
        "order_trades.json": (list(KiteTrade.self), 1),
        "orders.json": (list(KiteOrder.self), 10),
        "positions.json": (one(KitePositions.self), 1),
        "postback.json": (
            {
                _ = try KiteOrderUpdate(postback: $0); return 1
            }, 1
        ),
        "profile.json": (one(KiteProfile.self), 1),
        "quote.json": (table(KiteQuote.self), 1),
        "session_logout.json": (bare("boolean"), 1),
        "ticker_full.packet": (packet, 1),
        "ticker_quote.packet": (packet, 1),
        "trades.json": (list(KiteTrade.self), 4),
        "trigger_range.json": (table(KiteTriggerRange.self), 2),
        "virtual_contract_note.json": (list(KiteContractNote.self), 3),
        "client-fixtures/cppkiteconnect/convert_position.json": (bare("boolean"), 1),
        "client-fixtures/cppkiteconnect/generate_session.json": (one(KiteSession.self), 1),
        "client-fixtures/cppkiteconnect/invalidate_session.json": (bare("boolean"), 1),
        "client-fixtures/cppkiteconnect/websocket_ticks.bin": (message, 2),
        "client-fixtures/dotnetkiteconnect/auction_instruments.json": (list(KiteHolding.self), 4),
        "client-fixtures/dotnetkiteconnect/autoslice_response.json": (one(KiteOrderReceipt.self), 1),
        "client-fixtures/dotnetkiteconnect/basket_margins.json": (one(KiteBasketMargin.self), 1),
        "client-fixtures/dotnetkiteconnect/basket_margins_compact.json": (one(KiteBasketMargin.self), 1),
        "client-fixtures/dotnetkiteconnect/commodity_margins.json": (one(KiteSegmentMargin.self), 1),
        "client-fixtures/dotnetkiteconnect/equity_margins.json": (one(KiteSegmentMargin.self), 1),
        "client-fixtures/dotnetkiteconnect/gtt_get_order.json": (one(KiteTrigger.self), 1),
        "client-fixtures/dotnetkiteconnect/gtt_get_orders.json": (list(KiteTrigger.self), 1),
        "client-fixtures/dotnetkiteconnect/historical.json": (candles, 6),
        "client-fixtures/dotnetkiteconnect/holdings.json": (list(KiteHolding.self), 2),
        "client-fixtures/dotnetkiteconnect/instruments_all.csv": (instruments, 100),
        "client-fixtures/dotnetkiteconnect/instruments_nse.csv": (instruments, 99),
        "client-fixtures/dotnetkiteconnect/ltp.json": (table(KiteLastPrice.self), 1),
        "client-fixtures/dotnetkiteconnect/margins.json": (one(KiteMargins.self), 1),
        "client-fixtures/dotnetkiteconnect/margins_noturnover.json": (one(KiteMargins.self), 1),
        "client-fixtures/dotnetkiteconnect/mf_holdings.json": (list(KiteFundHolding.self), 1),
        "client-fixtures/dotnetkiteconnect/mf_instruments.csv": (funds, 100),
        "client-fixtures/dotnetkiteconnect/mf_order.json": (one(KiteFundOrder.self), 1),
        "client-fixtures/dotnetkiteconnect/mf_orders.json": (list(KiteFundOrder.self), 1),
        "client-fixtures/dotnetkiteconnect/mf_sip.json": (one(KiteFundPlan.self), 1),
        "client-fixtures/dotnetkiteconnect/mf_sips.json": (list(KiteFundPlan.self), 1),
        "client-fixtures/dotnetkiteconnect/ohlc.json": (table(KiteOHLCQuote.self), 2),
        "client-fixtures/dotnetkiteconnect/order_margins.json": (list(KiteOrderMargin.self), 1),
        "client-fixtures/dotnetkiteconnect/order_margins_compact.json": (list(KiteOrderMargin.self), 2),
        "client-fixtures/dotnetkiteconnect/orderinfo.json": (list(KiteOrder.self), 3),
        "client-fixtures/dotnetkiteconnect/orders.json": (list(KiteOrder.self), 5),
        "client-fixtures/dotnetkiteconnect/positions.json": (one(KitePositions.self), 1),
        "client-fixtures/dotnetkiteconnect/profile.json": (one(KiteProfile.self), 1),
        "client-fixtures/dotnetkiteconnect/quote.json": (table(KiteQuote.self), 2),
        "client-fixtures/dotnetkiteconnect/trades.json": (list(KiteTrade.self), 1),
        "client-fixtures/history/autoslice_response_v1_before_2026-03-27.json": (one(KiteOrderReceipt.self), 1),
        "client-fixtures/kiteconnectjs/fullMode_binary.packet": (message, 1),
        "client-fixtures/kiteconnectjs/ltpMode_binary.packet": (message, 1),
        "client-fixtures/kiteconnectjs/quoteMode_binary.packet": (message, 1),
    ]

    /// Files that hold no answer of Kite's, or one that another test reads.
    private static let elsewhere: Set<String> = [
        "README.md", "ticker_full.json", "ticker_ltp.json", "ticker_quote.json",
        "client-fixtures/dotnetkiteconnect/error.json",
    ]

    @Test(arguments: table.keys.sorted()) func `the sample decodes`(file: String) throws {
        let entry = try #require(Self.table[file])
        let count = try entry.read(try SharedData.mock(file))
        #expect(count == entry.count)
    }

    @Test func `no sample is left out`() throws {
        let base = SharedData.mocks.resolvingSymlinksInPath().path + "/"
        let walker = try #require(FileManager.default.enumerator(atPath: base))
        var unread: [String] = []
        for case let file as String in walker where !file.hasSuffix("/") {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: base + file, isDirectory: &isFolder)
            if !isFolder.boolValue, Self.table[file] == nil, !Self.elsewhere.contains(file) { unread.append(file) }
        }
        #expect(unread == [])
    }

    @Test func `the error sample is a typed error`() throws {
        let bytes = try SharedData.mock("client-fixtures/dotnetkiteconnect/error.json")
        let error = #expect(throws: KiteError.self) { try KiteAnswer.data(from: bytes) }
        #expect(error?.code == .general)
        #expect(error?.errorType == "GeneralException")
        #expect(error?.message == "Generic error message")
    }
}
