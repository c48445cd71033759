import Foundation
import Testing

@testable import KiteConnect

/// Every recorded answer comes over a socket through the public call that would receive it.
@Suite(
    .enabled(if: SharedData.hasMocks, "SKIPPED: no recorded answers; set QUANTAGRO_DATA to the data folder"),
    .timeLimit(.minutes(2)))
struct RoundTripTests {
    /// Makes the call and says how many values came.
    typealias Call = @Sendable (KiteClient) async throws -> Int

    private static let instruments: Call = { try await $0.instruments().rows().count }
    private static let fundInstruments: Call = { try await $0.fundInstruments().count }
    private static let holdings: Call = { try await $0.holdings().count }
    private static let auctions: Call = { try await $0.auctions().count }
    private static let orders: Call = { try await $0.orders().count }
    private static let history: Call = { try await $0.orderHistory("171").count }
    private static let trades: Call = { try await $0.trades().count }
    private static let positions: Call = { try await $0.positions().net.count }
    private static let quotes: Call = { try await $0.quotes(["NSE:INFY"]).count }
    private static let ohlc: Call = { try await $0.ohlc(["NSE:INFY"]).count }
    private static let lastPrices: Call = { try await $0.lastPrices(["NSE:INFY"]).count }
    private static let trigger: Call = { try await $0.trigger(123).orders.count }
    private static let triggers: Call = { try await $0.triggers().count }
    private static let alert: Call = { try await $0.alert("u").uuid.isEmpty ? 0 : 1 }
    private static let fundOrders: Call = { try await $0.fundOrders().count }
    private static let fundOrder: Call = { try await $0.fundOrder("o").orderID.isEmpty ? 0 : 1 }
    private static let fundPlans: Call = { try await $0.fundPlans().count }
    private static let fundPlan: Call = { try await $0.fundPlan("s").sipID.isEmpty ? 0 : 1 }
    private static let fundHoldings: Call = { try await $0.fundHoldings().count }
    private static let profile: Call = { try await $0.profile().exchanges.count }
    private static let place: Call = { try await $0.placeOrder(MisbehavingServerTests.order).placedOrderIDs.count }
    private static let autoslice: Call = {
        try await $0.placeAutoslicedOrder(MisbehavingServerTests.order).placedOrderIDs.count
    }
    private static let session: Call = {
        try await $0.generateSession(requestToken: "rt", apiSecret: "s").accessToken.isEmpty ? 0 : 1
    }
    private static let candles: Call = {
        try await $0.candles(
            instrumentToken: 408_065, interval: .minute, from: KiteTime(unixSeconds: 1_575_431_100),
            to: KiteTime(unixSeconds: 1_575_431_400)
        ).count
    }
    private static let convert: Call = {
        try await $0.convertPosition(
            KitePositionConversion(
                exchange: .nse, tradingsymbol: "INFY", transactionType: .buy, positionType: .day, quantity: 1,
                from: .mis, to: .cnc))
        return 1
    }
    private static let invalidate: Call = {
        try await $0.invalidateSession()
        return 1
    }
    private static func margins(_ segment: KiteMarginSegment) -> Call {
        { try await $0.margins(segment: segment).net == 0 ? 0 : 1 }
    }
    private static let bothMargins: Call = { client in
        let margins = try await client.margins()
        return (margins.equity == nil ? 0 : 1) + (margins.commodity == nil ? 0 : 1)
    }
    private static func orderMargins(_ count: Int, compact: Bool = false) -> Call {
        {
            try await $0.orderMargins(
                Array(repeating: KiteEndpointTests.asked, count: count), compact: compact
            ).count
        }
    }
    private static func basketMargins(compact: Bool = false) -> Call {
        { try await $0.basketMargins([KiteEndpointTests.asked], compact: compact).orders.count }
    }
    private static let notes: Call = {
        let order = KiteChargedOrder(
            orderID: "1", exchange: .nse, tradingsymbol: "SBIN", transactionType: .buy, product: .cnc,
            orderType: .market, quantity: 1, averagePrice: 560)
        return try await $0.contractNotes([order, order, order]).count
    }

    private static let answers: [String: (call: Call, count: Int)] = [
        "alerts_create.json": ({ try await $0.createAlert(KiteEndpointTests.simple).uuid.isEmpty ? 0 : 1 }, 1),
        "alerts_create_ato.json": ({ try await $0.createAlert(KiteEndpointTests.basketed).uuid.isEmpty ? 0 : 1 }, 1),
        "alerts_modify.json": (
            { try await $0.modifyAlert("u", to: KiteEndpointTests.simple).uuid.isEmpty ? 0 : 1 }, 1
        ),
        "alerts_delete.json": (
            {
                try await $0.deleteAlerts(["u"])
                return 1
            }, 1
        ),
        "alerts_get.json": ({ try await $0.alerts().count }, 2),
        "alerts_get_one.json": (alert, 1),
        "alerts_history.json": ({ try await $0.alertHistory("u").count }, 1),
        "auctions_list.json": (auctions, 3),
        "autoslice_response.json": (autoslice, 3),
        "basket_margins.json": (basketMargins(), 2),
        "convert_position.json": (convert, 1),
        "full_profile.json": ({ try await $0.fullProfile().bankAccounts.count }, 2),
        "generate_session.json": (session, 1),
        "gtt_delete_order.json": ({ try await $0.deleteTrigger(123) }, 123),
        "gtt_get_order.json": (trigger, 2),
        "gtt_get_orders.json": (triggers, 2),
        "gtt_modify_order.json": (
            { try await $0.modifyTrigger(123, to: KiteEndpointTests.trigger(.single(KiteEndpointTests.stop))) }, 123
        ),
        "gtt_place_order.json": (
            { try await $0.placeTrigger(KiteEndpointTests.trigger(.single(KiteEndpointTests.stop))) }, 123
        ),
        "historical_minute.json": (candles, 6),
        "historical_oi.json": (candles, 6),
        "holdings.json": (holdings, 2),
        "holdings_auth.json": ({ try await $0.authoriseHoldings().requestID.count }, 32),
        "holdings_compact.json": ({ try await $0.compactHoldings().count }, 21),
        "holdings_summary.json": ({ try await $0.holdingsSummary().currentValue > 0 ? 1 : 0 }, 1),
        "instruments_all.csv": (instruments, 99),
        "instruments_nse.csv": ({ try await $0.instruments(exchange: .nse).rows().count }, 99),
        "ltp.json": (lastPrices, 1),
        "margin_commodity.json": (margins(.commodity), 1),
        "margins.json": (bothMargins, 2),
        "margins_equity.json": (margins(.equity), 1),
        "mf_holdings.json": (fundHoldings, 3),
        "mf_instruments.csv": (fundInstruments, 99),
        "mf_order_cancel.json": ({ try await $0.cancelFundOrder("o").count }, 36),
        "mf_order_response.json": (
            {
                try await $0.placeFundOrder(
                    KiteFundOrderRequest(tradingsymbol: "INF1", size: .purchase(amount: 1))
                ).count
            }, 36
        ),
        "mf_orders.json": (fundOrders, 5),
        "mf_orders_info.json": (fundOrder, 1),
        "mf_sip_cancel.json": ({ try await $0.cancelFundPlan("s").count }, 15),
        "mf_sip_info.json": (fundPlan, 1),
        "mf_sip_modify.json": (
            { try await $0.modifyFundPlan("s", change: KiteFundPlanChange(amount: 1)).count }, 15
        ),
        "mf_sip_place.json": ({ try await $0.placeFundPlan(KiteEndpointTests.plan).count }, 15),
        "mf_sips.json": (fundPlans, 5),
        "ohlc.json": (ohlc, 1),
        "order_cancel.json": ({ try await $0.cancelOrder("171").count }, 15),
        "order_info.json": (history, 8),
        "order_margins.json": (orderMargins(1), 1),
        "order_modify.json": (
            { try await $0.modifyOrder("171", change: KiteOrderChange(quantity: 1)).count }, 15
        ),
        "order_response.json": (place, 1),
        "order_trades.json": ({ try await $0.orderTrades("171").count }, 1),
        "orders.json": (orders, 10),
        "positions.json": (positions, 3),
        "profile.json": (profile, 8),
        "quote.json": (quotes, 1),
        "session_logout.json": (invalidate, 1),
        "trades.json": (trades, 4),
        "trigger_range.json": ({ try await $0.triggerRange(.buy, ["NSE:INFY", "NSE:RELIANCE"]).count }, 2),
        "virtual_contract_note.json": (notes, 3),
        "client-fixtures/cppkiteconnect/convert_position.json": (convert, 1),
        "client-fixtures/cppkiteconnect/generate_session.json": (session, 1),
        "client-fixtures/cppkiteconnect/invalidate_session.json": (invalidate, 1),
        "client-fixtures/dotnetkiteconnect/auction_instruments.json": (auctions, 4),
        "client-fixtures/dotnetkiteconnect/autoslice_response.json": (autoslice, 3),
        "client-fixtures/dotnetkiteconnect/basket_margins.json": (basketMargins(), 1),
        "client-fixtures/dotnetkiteconnect/basket_margins_compact.json": (basketMargins(compact: true), 2),
        "client-fixtures/dotnetkiteconnect/commodity_margins.json": (margins(.commodity), 1),
        "client-fixtures/dotnetkiteconnect/equity_margins.json": (margins(.equity), 1),
        "client-fixtures/dotnetkiteconnect/gtt_get_order.json": (trigger, 2),
        "client-fixtures/dotnetkiteconnect/gtt_get_orders.json": (triggers, 1),
        "client-fixtures/dotnetkiteconnect/historical.json": (candles, 6),
        "client-fixtures/dotnetkiteconnect/holdings.json": (holdings, 2),
        "client-fixtures/dotnetkiteconnect/instruments_all.csv": (instruments, 100),
        "client-fixtures/dotnetkiteconnect/instruments_nse.csv": (instruments, 99),
        "client-fixtures/dotnetkiteconnect/ltp.json": (lastPrices, 1),
        "client-fixtures/dotnetkiteconnect/margins.json": (bothMargins, 2),
        "client-fixtures/dotnetkiteconnect/margins_noturnover.json": (bothMargins, 2),
        "client-fixtures/dotnetkiteconnect/mf_holdings.json": (fundHoldings, 1),
        "client-fixtures/dotnetkiteconnect/mf_instruments.csv": (fundInstruments, 100),
        "client-fixtures/dotnetkiteconnect/mf_order.json": (fundOrder, 1),
        "client-fixtures/dotnetkiteconnect/mf_orders.json": (fundOrders, 1),
        "client-fixtures/dotnetkiteconnect/mf_sip.json": (fundPlan, 1),
        "client-fixtures/dotnetkiteconnect/mf_sips.json": (fundPlans, 1),
        "client-fixtures/dotnetkiteconnect/ohlc.json": (ohlc, 2),
        "client-fixtures/dotnetkiteconnect/order_margins.json": (orderMargins(1), 1),
        "client-fixtures/dotnetkiteconnect/order_margins_compact.json": (orderMargins(2, compact: true), 2),
        "client-fixtures/dotnetkiteconnect/orderinfo.json": (history, 3),
        "client-fixtures/dotnetkiteconnect/orders.json": (orders, 5),
        "client-fixtures/dotnetkiteconnect/positions.json": (positions, 3),
        "client-fixtures/dotnetkiteconnect/profile.json": (profile, 6),
        "client-fixtures/dotnetkiteconnect/quote.json": (quotes, 2),
        "client-fixtures/dotnetkiteconnect/trades.json": (trades, 1),
        "client-fixtures/history/autoslice_response_v1_before_2026-03-27.json": (autoslice, 4),
    ]

    /// Files that no call of the client receives: notes, ticker packets, the postback's body.
    private static let elsewhere: Set<String> = [
        "README.md", "postback.json", "ticker_full.json", "ticker_ltp.json", "ticker_quote.json",
        "ticker_full.packet", "ticker_quote.packet", "client-fixtures/cppkiteconnect/websocket_ticks.bin",
        "client-fixtures/dotnetkiteconnect/error.json", "client-fixtures/kiteconnectjs/fullMode_binary.packet",
        "client-fixtures/kiteconnectjs/ltpMode_binary.packet",
        "client-fixtures/kiteconnectjs/quoteMode_binary.packet",
    ]

    @Test(arguments: answers.keys.sorted()) func `the recorded answer comes through the call`(file: String) async throws
    {
        let entry = try #require(Self.answers[file])
        let type = file.hasSuffix(".csv") ? "text/csv" : "application/json"
        let answer = RawServer.http("200 OK", type, try SharedData.mock(file))
        try await RawServer.with(.answer(answer)) { server in
            try await withClient(port: server.port) { client in
                let count = try await entry.call(client)
                #expect(count == entry.count)
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test func `the recorded error comes as a typed error that changed nothing`() async throws {
        let body = try SharedData.mock("client-fixtures/dotnetkiteconnect/error.json")
        try await RawServer.with(.answer(RawServer.http("403 Forbidden", "application/json", body))) { server in
            try await withClient(port: server.port) { client in
                let error = await #expect(throws: KiteError.self) { try await client.profile() }
                #expect(error?.code == .general && error?.effect == .refused)
                #expect(error?.message == "Generic error message")
            }
        }
    }

    @Test func `no recorded answer is left out`() throws {
        let base = SharedData.mocks.resolvingSymlinksInPath().path + "/"
        let walker = try #require(FileManager.default.enumerator(atPath: base))
        var unread: [String] = []
        for case let file as String in walker {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: base + file, isDirectory: &isFolder)
            if !isFolder.boolValue, Self.answers[file] == nil, !Self.elsewhere.contains(file) { unread.append(file) }
        }
        #expect(unread == [])
    }
}
