import Testing

@testable import KiteSimulator

@Suite struct EndpointTests {
    @Test(arguments: [
        ("/", Endpoint.root), ("/orders", .orders), ("/orders/regular", .order("regular")),
        ("/orders/regular/123", .variety("regular", orderID: "123")), ("/orders/123/trades", .orderTrades("123")),
        ("/trades", .trades), ("/portfolio/positions", .positions), ("/portfolio/holdings", .holdings),
        ("/quote", .quotes(.everything)), ("/quote/ohlc", .quotes(.dayRange)), ("/quote/ltp", .quotes(.lastPrice)),
        ("/instruments", .instruments(exchange: nil)), ("/instruments/NFO", .instruments(exchange: "NFO")),
        ("/user/profile", .profile), ("/user/margins", .margins(segment: nil)),
        ("/user/margins/equity", .margins(segment: "equity")), ("/session/token", .session),
        ("/connect/login", .login), ("/instruments/trigger_range/buy", .triggerRange(side: "buy")),
        ("/user/profile/full", .fullProfile),
        ("/instruments/historical/1/day", .candles(token: "1", interval: "day")),
        ("/portfolio/holdings/compact", .holdingsView(.compact)),
        ("/portfolio/holdings/auctions", .holdingsView(.auctions)),
        ("/connect/portfolio/authorise/holdings/k/r", .authorisation(apiKey: "k", requestID: "r", isFinished: false)),
        (
            "/connect/portfolio/authorise/holdings/k/r/finish",
            .authorisation(apiKey: "k", requestID: "r", isFinished: true)
        ), ("/margins/orders", .calculator(.orderMargins)), ("/charges/orders", .calculator(.charges)),
        ("/mf/sips/1", .funds(.plan("1"))), ("/mf/instruments", .funds(.instruments)),
        ("/gtt/triggers", .gtts), ("/gtt/triggers/12", .gtt("12")), ("/alerts", .alerts),
        ("/alerts/a-b", .alert("a-b")), ("/alerts/a-b/history", .alertHistory("a-b")),
    ])
    func `addresses are recognised`(path: String, endpoint: Endpoint) {
        #expect(Endpoint(path: path) == endpoint)
    }

    @Test(arguments: [
        "/nothing", "/orders/a/b/c", "/user", "/instruments/historical/1", "/quote/x", "/mf", "/mf/x", "/margins",
        "/gtt", "/alerts/a/b",
    ])
    func `nothing else is served`(path: String) {
        #expect(Endpoint(path: path) == nil)
    }
}
