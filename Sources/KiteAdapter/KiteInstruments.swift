import Brokers
import KiteConnect
import Trading

/// Reads Kite's instrument dump into our vocabulary.
package enum KiteInstruments {
    /// Every instrument of a dump that trades on a market we know; freeze limits are those of a day.
    package static func read(
        _ client: KiteClient, freezeQuantities: FreezeQuantities, on date: CalendarDate
    ) async throws(BrokerError) -> [Instrument] {
        do throws(KiteError) {
            var instruments: [Instrument] = []
            for try await rows in try await client.instruments() {
                for row in rows {
                    if let instrument = Instrument(row, freezeQuantities: freezeQuantities, on: date) {
                        instruments.append(instrument)
                    }
                }
            }
            return instruments
        } catch {
            throw BrokerError(error)
        }
    }
}

extension Instrument {
    /// Reads a row; nil where a term that orders depend on is missing or its market is not known.
    init?(_ row: InstrumentRow, freezeQuantities: FreezeQuantities, on date: CalendarDate) {
        guard let exchange = Exchange(rawValue: row.exchange.rawValue), let kind = Kind(row),
            let tick = Price(rounding: row.tickSize)
        else { return nil }
        let underlying: String? =
            switch kind {
            case .equity, .index: nil
            case .future(let name, _): name
            case .option(let contract): contract.underlying
            }
        self.init(
            token: InstrumentToken(row.instrumentToken),
            id: InstrumentID(exchange: exchange, symbol: row.tradingsymbol), name: row.name, kind: kind,
            tickSize: tick, lotSize: Quantity(Int64(row.lotSize)),
            freezeQuantity: underlying.flatMap { freezeQuantities.quantity(underlying: $0, on: date) })
    }
}

extension Instrument.Kind {
    /// Reads the sort of a row; nil where a derivative lacks its expiry or strike.
    init?(_ row: InstrumentRow) {
        if row.segment == .indices {
            self = .index
            return
        }
        switch row.instrumentType {
        case .equity:
            self = .equity
        case .future:
            guard let expiry = row.expiry.flatMap(CalendarDate.init) else { return nil }
            self = .future(underlying: row.name, expiry: expiry)
        case .call, .put:
            guard let expiry = row.expiry.flatMap(CalendarDate.init), let strike = Price(positive: row.strike) else {
                return nil
            }
            let right: OptionRight = row.instrumentType == .call ? .call : .put
            self = .option(OptionContract(underlying: row.name, expiry: expiry, strike: strike, right: right))
        default:
            return nil
        }
    }
}

extension CalendarDate {
    /// Reads Kite's date.
    init?(_ date: KiteDate) {
        self.init(year: Int(date.year), month: Int(date.month), day: Int(date.day))
    }
}
