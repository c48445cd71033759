import Foundation
import Trading

@testable import PaperExchange

/// A paper market with a clock that stands until it is told to move.
final class PaperFloor {
    static let date = CalendarDate(daysSinceEpoch: 20_777)  // Friday 20 November 2026
    static let future = InstrumentID(exchange: .nfo, symbol: "NIFTY26NOVFUT")
    static let call = InstrumentID(exchange: .nfo, symbol: "NIFTY26NOV24500CE")
    static let share = InstrumentID(exchange: .nse, symbol: "INFY")
    static let listing = Listing.builtIn(tradingDate: date)

    var market: Market
    var now = Timestamp(indianDate: date, secondOfDay: 11 * 3_600)

    init(seed: UInt64 = 1, alwaysOpen: Bool = true, cash: Int64 = 1_000_000_000, origins: PriceOrigins = .init()) {
        let configuration = VenueConfiguration(
            seed: seed, tradingDate: Self.date, alwaysOpen: alwaysOpen, openingCash: Money(rupees: cash),
            priceOrigins: origins)
        market = Market(configuration: configuration, listing: Self.listing, now: now)
        market.openAccount("A", cash: nil)
        market.openAccount("B", cash: nil)
    }

    /// A request with sensible defaults: one lot of the near future.
    static func request(
        _ side: Side, _ type: OrderType = .limit, of id: InstrumentID = future, quantity: Int64? = nil,
        price: Price? = nil, trigger: Price? = nil, product: Product? = nil, validity: TimeInForce = .day,
        protection: MarketProtection? = nil
    ) -> VenueOrderRequest {
        let lot = listing.instrument(id)?.lotSize ?? 1
        var terms = OrderRequest(
            instrument: id, side: side, type: type, quantity: quantity.map { Quantity($0) } ?? lot,
            product: product ?? (id.exchange.isCash ? .intraday : .carryForward), price: price,
            triggerPrice: trigger, timeInForce: validity)
        terms.marketProtection = protection
        return VenueOrderRequest(terms)
    }

    func place(_ request: VenueOrderRequest, for account: String = "A") throws(VenueRefusal) -> String {
        try market.place(request, for: account, at: now)
    }

    func modify(
        _ id: String, _ change: OrderChange, protection: MarketProtection? = nil, for account: String = "A"
    ) throws(VenueRefusal) {
        try market.modify(id, change, protection: protection, for: account, at: now)
    }

    func cancel(_ id: String, for account: String = "A") throws(VenueRefusal) {
        try market.cancel(id, for: account, at: now)
    }

    func purse(of account: String = "A") -> Margin? { market.margins(of: account, at: now)[.equity] }

    func positions(of account: String = "A") -> (net: [Position], day: [Position]) {
        market.positions(of: account, at: now)
    }

    func holdings(of account: String = "A") -> [Holding] { market.holdings(of: account, at: now) }

    func changedQuotes(
        _ tokens: Set<InstrumentToken>, since sequence: UInt64
    ) -> (sequence: UInt64, quotes: [Quote]) {
        market.changedQuotes(tokens, since: sequence, at: now)
    }

    /// The present state of an order; nil where there is none.
    func order(_ id: String, of account: String = "A") -> VenueOrder? {
        market.orders(of: account).first { $0.id == id }
    }

    func quote(_ id: InstrumentID = future) -> Quote? {
        Self.listing.token(of: id).flatMap { market.quote($0, at: now) }
    }

    /// A price some ticks above the best ask or, for negative numbers, below the best bid.
    func price(_ ticks: Int64, from id: InstrumentID = future) -> Price {
        guard let quote = quote(id), let tick = Self.listing.instrument(id)?.tickSize else { return .zero }
        let base = ticks >= 0 ? quote.asks[0].price : quote.bids[0].price
        return base + tick * ticks
    }

    func advance(_ steps: Int = 1) {
        for _ in 0..<steps {
            now = now.advanced(by: .milliseconds(250))
            market.advance(at: now)
        }
    }

    /// Moves on until something holds; false where it does not within a bound.
    func advance(until isDone: (PaperFloor) -> Bool, within steps: Int = 20_000) -> Bool {
        for _ in 0..<steps {
            if isDone(self) { return true }
            advance()
        }
        return false
    }
}

/// Real files that tests may read when they are there.
enum MarketData {
    static let folder: String = {
        if let path = ProcessInfo.processInfo.environment["QUANTAGRO_DATA"] { return path }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return root.appendingPathComponent("../shared/data").standardizedFileURL.path
    }()

    static func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: folder + "/nse/" + path) }

    /// The bytes of a file, unpacked where its name ends in `gz`.
    static func bytes(_ path: String) throws -> [UInt8] {
        let file = folder + "/nse/" + path
        guard path.hasSuffix(".gz") else { return [UInt8](try Data(contentsOf: URL(fileURLWithPath: file))) }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", file]
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return [UInt8](data)
    }
}

/// A seeded stream of numbers.
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func roll(_ bound: Int) -> Int {
        state &+= 1
        return Int(Chance.number(Chance.bits(0xD1CE, state), below: Int64(bound)))
    }
}
