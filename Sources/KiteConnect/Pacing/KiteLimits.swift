/// How often Kite may be called. Source: Kite Connect, API rate limits, 2026-07.
public struct KiteLimits: Sendable, Hashable {
    /// Quote calls a second of an API key, of any length.
    public var quotesPerSecond = 1
    /// Calls for historical candles a second of an API key.
    public var candlesPerSecond = 3
    /// All other calls a second of an API key together.
    public var othersPerSecond = 10
    /// Orders placed, changed or cancelled a second of a client account, over all its apps.
    public var ordersPerSecond = 10
    /// Orders placed a minute of a client account.
    public var ordersPerMinute = 400
    /// Orders placed a day of a client account; refused ones count, an iceberg counts one a leg.
    public var ordersPerDay = 5000
    /// Changes of one order.
    public var changesPerOrder = 25
    /// What a network may bunch calls by without one too many falling into a second; leaves 9.6 of 10 calls a second.
    public var slack: Duration = .milliseconds(40)
    /// How long calls of a kind stay away after Kite found that there were too many.
    public var pause: Duration = .seconds(1)

    /// Kite's own limits.
    public init() {}
}
