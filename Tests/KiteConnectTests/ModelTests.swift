import JSON
import Testing

@testable import KiteConnect

/// What the fields of the recorded answers mean.
@Suite(.enabled(if: SharedData.hasMocks, "SKIPPED: no recorded answers; set QUANTAGRO_DATA to the data folder"))
struct ModelTests {
    private static func one<Value: KiteDecodable>(_ type: Value.Type, _ file: String) throws -> Value {
        try KiteAnswer.decode(type, from: SharedData.mock(file))
    }

    private static func list<Value: KiteDecodable>(_ type: Value.Type, _ file: String) throws -> [Value] {
        try KiteAnswer.decodeList(of: type, from: SharedData.mock(file))
    }

    @Test func `orders keep statuses, legs, marks and exact ids`() throws {
        let orders = try Self.list(KiteOrder.self, "orders.json")
        #expect(orders[0].status == .cancelled && orders[0].pendingQuantity == 1 && orders[0].cancelledQuantity == 1)
        #expect(orders[0].orderTimestamp == KiteTime("2021-05-31 09:18:57"))
        let iceberg = try #require(orders.first { $0.variety == .iceberg })
        #expect(iceberg.status == .rejected && iceberg.validity == .minutes && iceberg.validityTTLMinutes == 2)
        #expect(iceberg.iceberg?.legs == 5 && iceberg.iceberg?.remainingQuantity == 800)
        #expect(iceberg.statusMessage?.hasPrefix("Insufficient funds.") == true && iceberg.exchangeOrderID == nil)
        #expect(iceberg.tags == ["icebergord"])
        #expect(orders.contains { $0.tags.contains("mktp:2.00") && $0.price == 159.82 && $0.averagePrice == 156.70 })
        #expect(orders.contains { $0.product == .mtf })
        #expect(orders.contains { $0.auctionNumber != nil })
        #expect(orders.contains { $0.tags.contains { $0.hasPrefix("autoslice:") } && $0.orderID.count == 19 })
    }

    @Test func `a history is a list of states, oldest first`() throws {
        let states = try Self.list(KiteOrder.self, "order_info.json")
        #expect(states.first?.instrumentToken == 1)
        #expect(
            states.map(\.status) == [
                .putOrderReceived, .validationPending, .openPending, .open, .modifyValidationPending, .modifyPending,
                .modified, .open,
            ])
    }

    @Test(arguments: [
        "autoslice_response.json", "client-fixtures/history/autoslice_response_v1_before_2026-03-27.json",
    ])
    func `an autoslice answer tells each slice, in the new form and the old`(file: String) throws {
        let receipt = try Self.one(KiteOrderReceipt.self, file)
        let isNew = !file.contains("v1")
        #expect(receipt.orderID == (isNew ? "1914227164488687616" : nil))
        #expect(receipt.slices.count == (isNew ? 4 : 5))
        #expect(receipt.placedOrderIDs.last == "1914227164681625600")
        let failures = receipt.slices.compactMap { slice -> KiteError? in
            if case .failed(let error) = slice { error } else { nil }
        }
        #expect(failures.map(\.code) == [.margin])
        #expect(failures.map(\.effect) == [.refused])
    }

    @Test func `a bare time in a trade is completed with the fill's date`() throws {
        let trade = try #require(try Self.list(KiteTrade.self, "trades.json").first)
        #expect(trade.orderTimestamp == KiteTime("2021-05-31 09:16:39"))
        #expect(trade.averagePrice == 420.65 && trade.quantity == 1)
        let quoted = try Self.list(KiteTrade.self, "client-fixtures/dotnetkiteconnect/trades.json")
        #expect(quoted.first?.instrumentToken == 22)
    }

    @Test func `positions obey Kite's formulas`() throws {
        let positions = try Self.one(KitePositions.self, "positions.json")
        #expect(positions.net.count == 3 && positions.day.count == 3)
        for row in positions.net + positions.day {
            #expect(row.quantity == row.overnightQuantity + row.dayBuyQuantity - row.daySellQuantity)
            #expect(row.value == row.sellValue - row.buyValue)
            #expect(abs(row.pnl - (row.value + Double(row.quantity) * row.lastPrice * row.multiplier)) < 1e-6)
        }
        #expect(positions.day.contains { $0.quantity == -3 })
        #expect(positions.net[0].multiplier == 1000)
    }

    @Test func `positions without one of the two views are unreadable`() {
        let bytes = Array("{\"status\":\"success\",\"data\":{\"net\":[]}}".utf8)
        #expect(throws: KiteError.self) { try KiteAnswer.decode(KitePositions.self, from: bytes) }
    }

    @Test func `margins are those of the two wallets`() throws {
        let margins = try Self.one(KiteMargins.self, "margins.json")
        let equity = try #require(margins.equity)
        #expect(equity.isEnabled && equity.net == 99725.05000000002)
        #expect(equity.available.cash == 245431.6 && equity.utilised.debits == 145706.55)
        #expect(abs(equity.net - (equity.available.cash - equity.utilised.debits)) < 1e-6)
        #expect(margins.commodity?.available.liveBalance == 100661.7)
        #expect(try Self.one(KiteSegmentMargin.self, "margin_commodity.json").utilised.payout == 0)
    }

    @Test func `holdings keep the margin-funded part`() throws {
        let holdings = try Self.list(KiteHolding.self, "holdings.json")
        #expect(holdings[0].mtf?.value == 100_000 && holdings[1].pnl == -629.2999999999993)
        let auctions = try Self.list(KiteHolding.self, "auctions_list.json")
        #expect(auctions.map(\.auctionNumber) == ["20", "34", "7529"] && auctions[0].mtf == nil)
    }

    @Test func `an index quote lacks depth and quantities`() throws {
        let quotes = try KiteAnswer.decodeTable(
            of: KiteQuote.self, from: SharedData.mock("client-fixtures/dotnetkiteconnect/quote.json"))
        let index = try #require(quotes["NSE:NIFTY 50"])
        #expect(index.depth == nil && index.volume == 0 && index.netChange == -100.8)
        let share = try #require(quotes["NSE:ASHOKLEY"])
        #expect(share.depth?.buy.count == 5 && share.depth?.sell.first?.price == 76.6)
        #expect(share.timestamp == KiteTime("2019-12-06 15:20:12"))
    }

    @Test func `candles carry open interest only when asked for`() throws {
        let plain = try Self.one(KiteCandles.self, "historical_minute.json").rows
        #expect(plain.allSatisfy { $0.openInterest == nil })
        let full = try Self.one(KiteCandles.self, "historical_oi.json").rows
        #expect(full[0].openInterest == 13_667_775 && full[0].volume == 163_275 && full[0].close == 12001.5)
        #expect(full[0].time == KiteTime("2019-12-04 09:15:00"))
    }

    @Test func `a fired trigger tells what became of its order`() throws {
        let trigger = try Self.one(KiteTrigger.self, "gtt_get_order.json")
        #expect(trigger.type == "two-leg" && trigger.condition.triggerValues == [102, 103.7])
        #expect(trigger.orders[0].result == nil)
        let result = try #require(trigger.orders[1].result)
        #expect(result.triggeredAt == 103.7 && result.orderResult?.status == "failed")
        #expect(result.orderResult?.orderID == nil && result.orderResult?.rejectionReason != nil)
    }

    @Test func `alerts keep their basket and a zero date is no date`() throws {
        let alerts = try Self.list(KiteAlert.self, "alerts_get.json")
        #expect(alerts[0].basket == nil && alerts[0].rightConstant == 27000 && alerts[0].leftExchange == .indices)
        #expect(alerts[1].basket?.items.first?.parameters?.price == 72.22)
        let firing = try #require(try Self.list(KiteAlertFiring.self, "alerts_history.json").first)
        #expect(firing.snapshots.first?.lastTradeTime == nil && firing.snapshots.first?.netChange == -1269.9)
    }

    @Test func `fund plans, orders and charges keep their figures`() throws {
        #expect(try Self.one(KiteFundPlan.self, "mf_sip_info.json").stepUp == ["15-02": 10])
        let order = try #require(try Self.list(KiteFundOrder.self, "mf_orders.json").first)
        #expect(order.exchangeDate == KiteDate("2021-06-30") && order.folio == nil && order.lastPrice == 30.68)
        let basket = try Self.one(KiteBasketMargin.self, "basket_margins.json")
        #expect(basket.initial.total == 96504.975 && basket.final.total == 34786.725000000006)
        #expect(basket.orders.count == 2 && basket.orders[0].charges?.gst?.igst == 3.8411187749999995)
        let note = try #require(try Self.list(KiteContractNote.self, "virtual_contract_note.json").last)
        #expect(note.charges.brokerage == 20 && note.charges.transactionTaxType == "stt")
        let compact = try Self.list(
            KiteOrderMargin.self, "client-fixtures/dotnetkiteconnect/order_margins_compact.json")
        #expect(compact[1].total == 22500 && compact[1].charges == nil)
    }

    @Test func `a session keeps its tokens and its user`() throws {
        let session = try Self.one(KiteSession.self, "generate_session.json")
        #expect(session.accessToken == "XXXXXX" && session.refreshToken == nil)
        #expect(session.profile.userID == "XX0000" && session.profile.dematConsent == "physical")
        #expect(session.profile.exchanges.contains(.mcx))
        #expect(try Self.one(KiteFullProfile.self, "full_profile.json").bankAccounts.count == 2)
    }

    @Test func `a postback is authentic only with the app's secret`() throws {
        let sample = try KiteOrderUpdate(postback: SharedData.mock("postback.json"))
        #expect(sample.order.averagePrice == 470 && sample.appID == 1234 && sample.unfilledQuantity == 0)
        #expect(!sample.isAuthentic(apiSecret: "guess"))
        let checksum = Checksum.hex("220303000308932", "2022-03-03 09:24:25", "mysecret")
        let text = String(decoding: try SharedData.mock("postback.json"), as: UTF8.self)
            .replacing(sample.checksum, with: checksum)
        #expect(try KiteOrderUpdate(postback: Array(text.utf8)).isAuthentic(apiSecret: "mysecret"))
    }
}

@Suite struct LenientReadingTests {
    private static func order(_ change: (String, String)...) throws -> KiteOrder {
        var text = """
            {"order_id":"1","status":"OPEN","exchange":"NSE","tradingsymbol":"INFY","transaction_type":"BUY",\
            "quantity":10,"filled_quantity":3,"average_price":1.5}
            """
        for (old, new) in change { text = text.replacing(old, with: new) }
        return try KiteOrder(json: JSONValue(parsing: text))
    }

    @Test func `unknown words are kept`() throws {
        let order = try Self.order(("OPEN", "SOMETHING NEW"), ("NSE", "XYZ"))
        #expect(order.status.rawValue == "SOMETHING NEW" && order.exchange.rawValue == "XYZ")
        #expect(!order.status.isFinal)
    }

    @Test func `numbers in quotes and whole numbers with a point are read`() throws {
        let order = try Self.order(
            ("10", "\"10\""), (":3", ":3.0"), ("1.5", "\"1.5\""), ("\"1\"", "1914227164488687616"))
        #expect(order.quantity == 10 && order.filledQuantity == 3 && order.averagePrice == 1.5)
        #expect(order.orderID == "1914227164488687616")
    }

    @Test(arguments: [
        ("\"order_id\":\"1\"", "\"order_id\":null"), ("\"filled_quantity\":3,", ""), ("10", "10.5"), ("10", "\"ten\""),
        ("1.5", "[]"), ("\"OPEN\"", "\"\""),
    ]) func `what is missing or makes no sense is an error, never a zero`(old: String, new: String) {
        #expect(throws: KiteError.self) { try Self.order((old, new)) }
    }
}
