import Testing

@testable import KiteConnect

/// The requests of the calls beyond orders, quotes and session: path, query, form and JSON text.
@Suite struct KiteEndpointTests {
    typealias Call = @Sendable (KiteClient) async throws -> Void

    struct Row: Sendable, CustomTestStringConvertible {
        var expected: String
        var answer: String
        var call: Call
        var testDescription: String { String(expected.prefix(60)) }

        init(_ expected: String, _ answer: String, _ call: @escaping Call) {
            self.expected = expected
            self.answer = "{\"status\":\"success\",\"data\":\(answer)}"
            self.call = call
        }
    }

    private static func client(_ transport: RecordingTransport) -> KiteClient {
        KiteClient(
            configuration: KiteConfiguration(apiKey: "thekey", accessToken: "thetoken"), transport: transport)
    }

    private static func form(_ pairs: KeyValuePairs<String, String>) -> String {
        FormEncoding.encode(pairs.map { (name: $0.key, value: $0.value) })
    }

    // MARK: Triggers

    static let stop = KiteTriggerLeg(
        triggerPrice: 702, transactionType: .sell, quantity: 10, product: .cnc, price: 701.5)
    static let target = KiteTriggerLeg(
        triggerPrice: 799.05, transactionType: .sell, quantity: 10, product: .cnc, orderType: .market, price: 0,
        marketProtection: 2.5)

    static func trigger(_ legs: KiteTriggerRequest.Legs) -> KiteTriggerRequest {
        KiteTriggerRequest(exchange: .nse, tradingsymbol: "INFY", lastPrice: 745.1, legs: legs)
    }

    private static let stopOrder =
        "{\"exchange\":\"NSE\",\"tradingsymbol\":\"INFY\",\"transaction_type\":\"SELL\",\"quantity\":10,"
        + "\"order_type\":\"LIMIT\",\"product\":\"CNC\",\"price\":701.5}"
    private static let targetOrder =
        "{\"exchange\":\"NSE\",\"tradingsymbol\":\"INFY\",\"transaction_type\":\"SELL\",\"quantity\":10,"
        + "\"order_type\":\"MARKET\",\"product\":\"CNC\",\"price\":0,\"market_protection\":2.5}"
    private static let single = form([
        "type": "single",
        "condition":
            "{\"exchange\":\"NSE\",\"tradingsymbol\":\"INFY\",\"trigger_values\":[702],\"last_price\":745.1}",
        "orders": "[\(stopOrder)]",
    ])
    private static let twoLeg = form([
        "type": "two-leg",
        "condition":
            "{\"exchange\":\"NSE\",\"tradingsymbol\":\"INFY\",\"trigger_values\":[702,799.05],\"last_price\":745.1}",
        "orders": "[\(stopOrder),\(targetOrder)]",
    ])

    static let triggers: [Row] = [
        Row("POST /gtt/triggers \(single)", "{\"trigger_id\":123}") {
            let answer = try await $0.placeTrigger(trigger(.single(stop)))
            #expect(answer == 123)
        },
        Row("PUT /gtt/triggers/123 \(twoLeg)", "{\"trigger_id\":123}") {
            let answer = try await $0.modifyTrigger(123, to: trigger(.twoLeg(lower: stop, upper: target)))
            #expect(answer == 123)
        },
        Row("DELETE /gtt/triggers/123", "{\"trigger_id\":123}") {
            let answer = try await $0.deleteTrigger(123)
            #expect(answer == 123)
        },
        Row("GET /gtt/triggers", "[]") {
            let answer = try await $0.triggers().isEmpty
            #expect(answer)
        },
        Row("GET /gtt/triggers/123", "{\"id\":123,\"status\":\"active\",\"condition\":{}}") {
            let answer = try await $0.trigger(123).status
            #expect(answer == "active")
        },
    ]

    // MARK: Alerts

    static let simple = KiteAlertRequest(
        name: "near high", left: KiteAlertOperand(exchange: .indices, tradingsymbol: "NIFTY 50"),
        comparison: .atLeast, right: .constant(27000.5))
    static var basketed: KiteAlertRequest {
        var alert = simple
        alert.right = .instrument(KiteAlertOperand(exchange: .nse, tradingsymbol: "INFY"))
        let order = KiteOrderRequest(
            exchange: .nse, tradingsymbol: "TATAMOTORS", transactionType: .buy, quantity: 2, product: .cnc,
            orderType: .limit, price: 72.22)
        alert.basket = KiteAlertBasketRequest(
            name: "b", orders: [KiteAlertOrderRequest(order, lastPrice: 71.9, target: 5)])
        return alert
    }

    private static let simpleForm = form([
        "name": "near high", "type": "simple", "lhs_exchange": "INDICES", "lhs_tradingsymbol": "NIFTY 50",
        "lhs_attribute": "LastTradedPrice", "operator": ">=", "rhs_type": "constant", "rhs_constant": "27000.5",
    ])
    private static let basketForm = form([
        "name": "near high", "type": "ato", "lhs_exchange": "INDICES", "lhs_tradingsymbol": "NIFTY 50",
        "lhs_attribute": "LastTradedPrice", "operator": ">=", "rhs_type": "instrument", "rhs_exchange": "NSE",
        "rhs_tradingsymbol": "INFY", "rhs_attribute": "LastTradedPrice",
        "basket":
            "{\"name\":\"b\",\"type\":\"alert\",\"tags\":[],\"items\":[{\"type\":\"insert\",\"tradingsymbol\":"
            + "\"TATAMOTORS\",\"exchange\":\"NSE\",\"weight\":0,\"params\":{\"transaction_type\":\"BUY\","
            + "\"product\":\"CNC\",\"order_type\":\"LIMIT\",\"validity\":\"DAY\",\"validity_ttl\":0,\"quantity\":2,"
            + "\"price\":72.22,\"trigger_price\":0,\"disclosed_quantity\":0,\"last_price\":71.9,"
            + "\"variety\":\"regular\",\"tags\":[],\"squareoff\":0,\"stoploss\":0,\"trailing_stoploss\":0,"
            + "\"iceberg_legs\":0,\"market_protection\":0,\"gtt\":{\"target\":5,\"stoploss\":0}}}]}",
    ])
    private static let kept = "{\"uuid\":\"u1\",\"status\":\"enabled\"}"

    static let alerts: [Row] = [
        Row("POST /alerts \(simpleForm)", kept) {
            let answer = try await $0.createAlert(simple).uuid
            #expect(answer == "u1")
        },
        Row("PUT /alerts/u1 \(basketForm)", kept) { try await $0.modifyAlert("u1", to: basketed) },
        Row("GET /alerts", "[]") { _ = try await $0.alerts() },
        Row("GET /alerts?status=enabled&page=2&page_size=50", "[]") {
            _ = try await $0.alerts(status: .enabled, page: 2, pageSize: 50)
        },
        Row("GET /alerts/u1", kept) { _ = try await $0.alert("u1") },
        Row("DELETE /alerts?uuid=u1&uuid=u2", "null") { try await $0.deleteAlerts(["u1", "u2"]) },
        Row("GET /alerts/u1/history", "[]") { _ = try await $0.alertHistory("u1") },
    ]

    // MARK: Portfolio and calculators

    static let asked = KiteMarginOrder(
        exchange: .nfo, tradingsymbol: "NIFTY26NOVFUT", transactionType: .sell, product: .nrml, orderType: .limit,
        quantity: 65, price: 24500.05)
    private static let question =
        "[{\"exchange\":\"NFO\",\"tradingsymbol\":\"NIFTY26NOVFUT\",\"transaction_type\":\"SELL\","
        + "\"variety\":\"regular\",\"product\":\"NRML\",\"order_type\":\"LIMIT\",\"quantity\":65,\"price\":24500.05,"
        + "\"trigger_price\":0}]"

    static let portfolio: [Row] = [
        Row(
            "PUT /portfolio/positions exchange=NSE&tradingsymbol=INFY&transaction_type=BUY&position_type=day"
                + "&quantity=3&old_product=MIS&new_product=CNC", "true"
        ) {
            try await $0.convertPosition(
                KitePositionConversion(
                    exchange: .nse, tradingsymbol: "INFY", transactionType: .buy, positionType: .day, quantity: 3,
                    from: .mis, to: .cnc))
        },
        Row("POST /portfolio/holdings/authorise ", "{\"request_id\":\"r1\"}") {
            let answer = try await $0.authoriseHoldings().requestID
            #expect(answer == "r1")
        },
        Row(
            "POST /portfolio/holdings/authorise type=equity&transfer_type=pre&exec_date=2026-11-23"
                + "&isin=INE002A01018&quantity=50&isin=INE009A01021&quantity=0.5", "{\"request_id\":\"r1\"}"
        ) {
            _ = try await $0.authoriseHoldings(
                KiteAuthorisationRequest(
                    holdings: [.init(isin: "INE002A01018", quantity: 50), .init(isin: "INE009A01021", quantity: 0.5)],
                    type: "equity", transferType: "pre", executionDate: KiteDate("2026-11-23")))
        },
        Row("POST /margins/orders \(question)", "[{\"total\":1}]") {
            let answer = try await $0.orderMargins([asked]).map(\.total)
            #expect(answer == [1])
        },
        Row("POST /margins/orders?mode=compact \(question)", "[{\"total\":1}]") {
            _ = try await $0.orderMargins([asked], compact: true)
        },
        Row(
            "POST /margins/basket?consider_positions=true \(question)",
            "{\"initial\":{\"total\":2},\"final\":{\"total\":1},\"orders\":[]}"
        ) {
            let answer = try await $0.basketMargins([asked]).final.total
            #expect(answer == 1)
        },
        Row(
            "POST /margins/basket?consider_positions=false&mode=compact \(question)",
            "{\"initial\":{\"total\":2},\"final\":{\"total\":1},\"orders\":[]}"
        ) { _ = try await $0.basketMargins([asked], considerPositions: false, compact: true) },
        Row(
            "POST /charges/orders [{\"order_id\":\"x\",\"exchange\":\"NSE\",\"tradingsymbol\":\"SBIN\","
                + "\"transaction_type\":\"BUY\",\"variety\":\"regular\",\"product\":\"CNC\",\"order_type\":\"MARKET\","
                + "\"quantity\":1,\"average_price\":560.05}]", "[{\"quantity\":1,\"charges\":{\"total\":1}}]"
        ) {
            _ = try await $0.contractNotes([
                KiteChargedOrder(
                    orderID: "x", exchange: .nse, tradingsymbol: "SBIN", transactionType: .buy, product: .cnc,
                    orderType: .market, quantity: 1, averagePrice: 560.05)
            ])
        },
    ]

    // MARK: Funds and orders

    static var plan: KiteFundPlanRequest {
        var plan = KiteFundPlanRequest(
            tradingsymbol: "INF174K01LS2", amount: 1000, instalments: -1, frequency: "monthly", tag: "t")
        plan.instalmentDay = 5
        plan.stepUp = ["15-02": 10]
        return plan
    }

    static let funds: [Row] = [
        Row("GET /mf/orders", "[]") { _ = try await $0.fundOrders() },
        Row("GET /mf/orders?from=2026-01-01&to=2026-01-31", "[]") {
            _ = try await $0.fundOrders(from: KiteDate("2026-01-01"), to: KiteDate("2026-01-31"))
        },
        Row("GET /mf/orders/o1", "{\"order_id\":\"o1\",\"status\":\"OPEN\"}") { _ = try await $0.fundOrder("o1") },
        Row("POST /mf/orders tradingsymbol=INF1&transaction_type=BUY&amount=5000.5&tag=t", "{\"order_id\":\"o1\"}") {
            let order = KiteFundOrderRequest(tradingsymbol: "INF1", size: .purchase(amount: 5000.5), tag: "t")
            let answer = try await $0.placeFundOrder(order)
            #expect(answer == "o1")
        },
        Row("POST /mf/orders tradingsymbol=INF1&transaction_type=SELL&quantity=1.255", "{\"order_id\":\"o1\"}") {
            _ = try await $0.placeFundOrder(
                KiteFundOrderRequest(tradingsymbol: "INF1", size: .redemption(quantity: 1.255)))
        },
        Row("DELETE /mf/orders/o1", "{\"order_id\":\"o1\"}") { try await $0.cancelFundOrder("o1") },
        Row("GET /mf/sips", "[]") { _ = try await $0.fundPlans() },
        Row("GET /mf/sips/s1", "{\"sip_id\":\"s1\"}") { _ = try await $0.fundPlan("s1") },
        Row(
            "POST /mf/sips tradingsymbol=INF174K01LS2&amount=1000&instalments=-1&frequency=monthly&instalment_day=5"
                + "&step_up=%7B%2215-02%22%3A10%7D&tag=t", "{\"sip_id\":\"s1\"}"
        ) {
            let answer = try await $0.placeFundPlan(plan)
            #expect(answer == "s1")
        },
        Row("PUT /mf/sips/s1 amount=500&status=paused", "{\"sip_id\":\"s1\"}") {
            try await $0.modifyFundPlan("s1", change: KiteFundPlanChange(amount: 500, status: "paused"))
        },
        Row("DELETE /mf/sips/s1", "{\"sip_id\":\"s1\"}") { try await $0.cancelFundPlan("s1") },
        Row("GET /mf/holdings", "[]") { _ = try await $0.fundHoldings() },
        Row("GET /mf/holdings/INF1", "[{\"quantity\":1.5,\"exchange_timestamp\":\"2026-01-05\"}]") {
            let answer = try await $0.fundHolding(isin: "INF1").map(\.quantity)
            #expect(answer == [1.5])
        },
        Row("GET /mf/allotments", "[\"INF1\",\"INF2\"]") {
            let answer = try await $0.fundAllotments()
            #expect(answer == ["INF1", "INF2"])
        },
        Row("DELETE /orders/co/171?parent_order_id=170", "{\"order_id\":\"171\"}") {
            try await $0.exitOrder("171", parentOrderID: "170")
        },
        Row("PUT /orders/co/171 parent_order_id=170&trigger_price=99.5", "{\"order_id\":\"171\"}") {
            try await $0.modifyOrder(
                "171", variety: .cover, change: KiteOrderChange(triggerPrice: 99.5, parentOrderID: "170"))
        },
        Row(
            "POST /orders/auction exchange=NSE&tradingsymbol=BHEL&transaction_type=SELL&quantity=1&product=CNC"
                + "&order_type=LIMIT&price=80&validity=DAY&auction_number=22", "{\"order_id\":\"171\"}"
        ) {
            var order = KiteOrderRequest(
                variety: .auction, exchange: .nse, tradingsymbol: "BHEL", transactionType: .sell, quantity: 1,
                product: .cnc, orderType: .limit, price: 80)
            order.auctionNumber = "22"
            _ = try await $0.placeOrder(order)
        },
        Row("GET /instruments/trigger_range/buy?i=NSE%3AINFY", "{\"NSE:INFY\":{\"lower\":1,\"upper\":2}}") {
            let answer = try await $0.triggerRange(.buy, ["NSE:INFY"])["NSE:INFY"]?.upper
            #expect(answer == 2)
        },
        Row("GET /portfolio/holdings/compact", "[]") { _ = try await $0.compactHoldings() },
    ]

    @Test(arguments: triggers + alerts + portfolio + funds)
    func `each call is the documented request`(row: Row) async throws {
        let transport = RecordingTransport(row.answer)
        try await row.call(Self.client(transport))
        #expect(transport.line == row.expected)
        let type = transport.requests.first?.headers.first { $0.name == "Content-Type" }?.value
        let isJSON = row.expected.contains("/margins/") || row.expected.contains("/charges/")
        let hasBody = row.expected.hasPrefix("POST") || row.expected.hasPrefix("PUT")
        #expect(type == (!hasBody ? nil : isJSON ? "application/json" : "application/x-www-form-urlencoded"))
    }

    @Test func `an autosliced order tells each slice`() async throws {
        let transport = RecordingTransport(
            "{\"status\":\"success\",\"data\":{\"order_id\":\"1\",\"children\":[{\"order_id\":\"2\"},{\"error\":"
                + "{\"code\":400,\"error_type\":\"MarginException\",\"message\":\"Insufficient funds.\",\"data\":null}}]}}"
        )
        let receipt = try await Self.client(transport).placeAutoslicedOrder(MisbehavingServerTests.order)
        #expect(transport.line.hasSuffix("&autoslice=true"))
        #expect(receipt.orderID == "1" && receipt.placedOrderIDs == ["2"])
        guard case .failed(let error) = receipt.slices.last else { Issue.record("no failed slice"); return }
        #expect(error.code == .margin && error.effect == .refused && error.message == "Insufficient funds.")
    }

    @Test func `the page for authorising holdings stands beside the login page`() {
        var configuration = KiteConfiguration(apiKey: "thekey")
        #expect(
            KiteClient(configuration: configuration, transport: RecordingTransport(""))
                .authorisationPageURL(requestID: "na8Q/x")
                == "https://kite.zerodha.com/connect/portfolio/authorise/holdings/thekey/na8Q%2Fx")
        configuration.loginPageURL = "http://127.0.0.1:9/connect/login"
        #expect(
            KiteClient(configuration: configuration, transport: RecordingTransport(""))
                .authorisationPageURL(requestID: "r")
                == "http://127.0.0.1:9/connect/portfolio/authorise/holdings/thekey/r")
    }

    @Test func `a list of margins that is too short is unreadable, not matched wrongly`() async {
        let transport = RecordingTransport("{\"status\":\"success\",\"data\":[{\"total\":1}]}")
        let error = await #expect(throws: KiteError.self) {
            try await Self.client(transport).orderMargins([Self.asked, Self.asked])
        }
        #expect(error?.code == .invalidResponse && error?.message == "data has 1 elements, 2 were expected")
        #expect(error?.effect == KiteError.Effect.none)
    }

    @Test func `a conversion that is not confirmed leaves doubt`() async {
        let transport = RecordingTransport("{\"status\":\"success\",\"data\":false}")
        let error = await #expect(throws: KiteError.self) {
            try await Self.client(transport).convertPosition(
                KitePositionConversion(
                    exchange: .nse, tradingsymbol: "INFY", transactionType: .buy, positionType: .day, quantity: 3,
                    from: .mis, to: .cnc))
        }
        #expect(error?.code == .invalidResponse && error?.effect == .unknown)
    }

    @Test func `a postback is taken only with the app's checksum`() throws {
        let checksum = Checksum.hex("171", "2026-11-20 09:15:00", "topsecret")
        let body = Array(
            ("{\"order_id\":\"171\",\"order_timestamp\":\"2026-11-20 09:15:00\",\"status\":\"COMPLETE\","
                + "\"exchange\":\"NSE\",\"tradingsymbol\":\"INFY\",\"transaction_type\":\"BUY\",\"quantity\":1,"
                + "\"filled_quantity\":1,\"checksum\":\"\(checksum)\"}").utf8)
        #expect(try KiteOrderUpdate(postback: body, apiSecret: "topsecret").order.orderID == "171")
        let forged = #expect(throws: KiteError.self) { try KiteOrderUpdate(postback: body, apiSecret: "guess") }
        #expect(forged?.code == .unauthentic && forged?.description.contains("guess") == false)
        let noise = #expect(throws: KiteError.self) {
            try KiteOrderUpdate(postback: Array("hello".utf8), apiSecret: "topsecret")
        }
        #expect(noise?.code == .invalidResponse)
    }
}
