import Trading

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Makes the market: prices, sizes and interest of every instrument out of the seed and the step, and nothing else.
///
/// Nothing is computed for an instrument until somebody asks for it. All prices are made here; none comes from a
/// broker's or an exchange's live data.
struct MarketModel: Sendable {
    let listing: Listing
    let seed: UInt64
    let stepSeconds: Double
    private let finder: OriginFinder
    private var underlyings: [Underlying] = []
    private var underlyingByName: [String: Int] = [:]
    /// What forwards are to their spot; finding one costs a pass over the listing.
    private var forwardRatios: [ForwardKey: Double] = [:]

    private struct ForwardKey: Sendable, Hashable {
        let underlying: Int
        let expiry: Int32
    }

    init(configuration: VenueConfiguration, listing: Listing) {
        self.listing = listing
        seed = configuration.seed
        stepSeconds = configuration.step / .seconds(1)
        finder = OriginFinder(
            listing: listing, given: configuration.priceOrigins, seed: configuration.seed,
            tradingDay: Int32(configuration.tradingDate.daysSinceEpoch))
    }

    /// The level of an underlying at a step in rupees.
    mutating func level(ofUnderlying number: Int, atStep step: UInt64) -> Double {
        underlyings[number].level(atStep: step)
    }

    /// The fair price of an instrument at a step in ten-thousandths, off the grid.
    mutating func fairPrice(_ terms: InstrumentState.Terms, atStep step: UInt64) -> Double {
        let years = terms.tenor?.years(atStep: step, stepSeconds: stepSeconds) ?? 0
        let level = underlyings[terms.underlying].level(atStep: step)
        let fair = terms.pricing.fairPrice(level: level, years: years) * 10_000
        guard terms.isTradable else { return fair }
        return min(max(fair, Double(terms.lowerCircuit)), Double(terms.upperCircuit))
    }

    /// The past of an instrument.
    func history(of terms: InstrumentState.Terms) -> CandleHistory {
        let underlying = underlyings[terms.underlying]
        let row = listing.rows[terms.row]
        let tradingDate = CalendarDate(daysSinceEpoch: Int(finder.tradingDay))
        return CandleHistory(
            terms: terms, origin: underlying.path.origin, dailyVolatility: underlying.dailyVolatility,
            underlyingSeed: underlying.path.seed, tradingDate: tradingDate,
            expiry: row.isDerivative ? CalendarDate(daysSinceEpoch: Int(row.expiry)) : nil, holidays: .published)
    }

    // MARK: Terms

    /// Works out the terms of an instrument. Costs a pass over the listing where its underlying is new.
    mutating func terms(ofRow place: Int) -> InstrumentState.Terms {
        let row = listing.rows[place]
        let token = InstrumentToken(row.token)
        let own = Chance.bits(seed, UInt64(row.token))
        let number = underlying(ofRow: place)
        let origin = underlyings[number].path.origin
        let opening = finder.given.instruments[token]
        let tenor = row.isDerivative ? Tenor(days: Int(row.expiry - finder.tradingDay)) : nil
        let pricing = pricing(place, number, opening: opening?.price, tenor: tenor)
        let years = tenor?.years(atStep: 0, stepSeconds: stepSeconds) ?? 0
        let isTradable = row.kind != .index && row.tick > 0 && row.lot > 0
        let tick = isTradable ? Int64(row.tick) : 500
        let fair = pricing.fairPrice(level: origin, years: years) * 10_000
        let modelClose = max(tick, Int64((fair / Double(tick)).rounded()) * tick)
        let close = opening?.price.map { max(tick, $0.tenThousandths) } ?? modelClose
        let liveliness = liveliness(row, pricing: pricing, origin: origin, tenor: tenor)
        let circuits = Self.circuits(row, close: close, tick: tick, pricing: pricing, origin: origin, years: years)
        let period: UInt64 = liveliness > 0.25 ? 1 : liveliness > 0.05 ? 4 : 8
        let lots = Int64(Double(2_000) * liveliness) + Chance.number(Chance.bits(own, 7), below: 40)
        return InstrumentState.Terms(
            row: place, token: token, kind: row.kind, exchange: row.market,
            exchangePlace: Int(row.exchange), underlying: number,
            sort: underlyings[number].sort, tick: tick, lot: max(1, Int64(row.lot)), isTradable: isTradable,
            isExpired: row.isDerivative && row.expiry < finder.tradingDay,
            freezeQuantity: listing.freezeQuantity(at: place)?.units, pricing: pricing, tenor: tenor,
            liveliness: liveliness, period: period, phase: Chance.bits(own, 2) % period, close: close,
            lowerCircuit: circuits.lowerBound, upperCircuit: circuits.upperBound,
            openInterest: row.isDerivative ? opening?.openInterest?.units ?? lots * Int64(row.lot) : 0, seed: own)
    }

    private mutating func underlying(ofRow place: Int) -> Int {
        let row = listing.rows[place]
        let name: String
        switch row.kind {
        case .equity: name = listing.symbol(at: place)
        case .index:
            let symbol = listing.symbol(at: place)
            name = IndexTerms.underlyingOfSpot[symbol] ?? symbol
        case .future, .call, .put: name = listing.names[Int(row.name)]
        }
        if let known = underlyingByName[name] { return known }
        let sort = finder.sort(of: name, row: row)
        let share = sort == .share ? shareRow(name) : nil
        let origin = max(0.05, finder.level(of: name, share: share))
        underlyings.append(
            Underlying(name: name, sort: sort, origin: origin, seed: seed, stepsPerDay: 22_500 / stepSeconds))
        underlyingByName[name] = underlyings.count - 1
        return underlyings.count - 1
    }

    private func shareRow(_ symbol: String) -> Int? {
        listing.row(of: InstrumentID(exchange: .nse, symbol: symbol))
            ?? listing.row(of: InstrumentID(exchange: .bse, symbol: symbol))
    }

    private mutating func forwardRatio(_ number: Int, expiry: Int32, years: Double) -> Double {
        let key = ForwardKey(underlying: number, expiry: expiry)
        if let known = forwardRatios[key] { return known }
        let underlying = underlyings[number]
        let ratio = finder.forwardRatio(
            of: underlying.name, expiry: expiry, spot: underlying.path.origin, years: years)
        forwardRatios[key] = ratio
        return ratio
    }

    private mutating func pricing(_ place: Int, _ number: Int, opening: Price?, tenor: Tenor?) -> Pricing {
        let row = listing.rows[place]
        let underlying = underlyings[number]
        let origin = underlying.path.origin
        guard let tenor else {
            return .proportional(ratio: opening.map { max(0.01, $0.double) / origin } ?? 1)
        }
        let years = tenor.years(atStep: 0, stepSeconds: stepSeconds)
        let forward = forwardRatio(number, expiry: row.expiry, years: years)
        guard row.isOption else {
            return .proportional(ratio: opening.map { max(0.01, $0.double) / origin } ?? forward)
        }
        let strike = Price(tenThousandths: row.strike).double
        let right: OptionRight = row.kind == .call ? .call : .put
        let smile = Pricing.smile(
            strike: strike, forward: origin * forward, atTheMoney: underlying.impliedVolatility, years: years)
        guard let target = opening?.double, target > 0 else {
            return .option(strike: strike, right: right, forward: forward, volatility: smile, residual: 0)
        }
        let formula = OptionFormula(strike: strike, right: right, years: years, rate: Pricing.rate)
        let implied = formula.volatility(forward: origin * forward, premium: target)
        let volatility = implied ?? smile
        let residual = target - formula.premium(forward: origin * forward, volatility: volatility)
        return .option(
            strike: strike, right: right, forward: forward, volatility: volatility,
            residual: implied == nil ? residual : 0)
    }

    /// Falls with the distance from the money and with the time to expiry; indices are livelier than shares.
    private func liveliness(_ row: ListedRow, pricing: Pricing, origin: Double, tenor: Tenor?) -> Double {
        guard let tenor else { return 1 }
        let days = Double(max(tenor.days, 0))
        let sort = finder.sort(of: listing.names[Int(row.name)], row: row)
        let base = sort == .share ? 0.5 : 1
        guard case .option(let strike, _, let forward, let volatility, _) = pricing else {
            return base / (1 + max(0, days - 25) / 20)
        }
        let years = tenor.years(atStep: 0, stepSeconds: stepSeconds)
        let distance = Pricing.moneyness(
            strike: strike, forward: origin * forward, volatility: volatility, years: years)
        return max(0.005, base * exp(-0.3 * distance * distance) / (1 + days / 15))
    }

    /// The prices at which orders are taken. Shares and futures: 10 % round the close. Options: what a move of 10 % in
    /// the underlying makes by delta, at least ₹20 and 60 % of the close.
    static func circuits(
        _ row: ListedRow, close: Int64, tick: Int64, pricing: Pricing, origin: Double, years: Double
    ) -> ClosedRange<Int64> {
        var width = Double(close) * 0.1
        if case .option(let strike, let right, let forward, let volatility, _) = pricing {
            let formula = OptionFormula(strike: strike, right: right, years: years, rate: Pricing.rate)
            let delta = abs(formula.delta(forward: origin * forward, volatility: volatility))
            width = max(200_000, Double(close) * 0.6, origin * 10_000 * 0.1 * delta)
        }
        let lower = max(tick, Price(tenThousandths: close - Int64(width)).roundedUp(toTickUnits: tick))
        let upper = Price(tenThousandths: close + Int64(width)).roundedDown(toTickUnits: tick)
        return lower...max(lower, upper)
    }
}

extension Price {
    func roundedUp(toTickUnits tick: Int64) -> Int64 {
        roundedUp(toTick: Price(tenThousandths: tick)).tenThousandths
    }

    func roundedDown(toTickUnits tick: Int64) -> Int64 {
        roundedDown(toTick: Price(tenThousandths: tick)).tenThousandths
    }
}
