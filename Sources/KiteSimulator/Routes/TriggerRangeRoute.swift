import Hummingbird
import JSON
import PaperExchange
import Trading

extension SimulatedKite {
    /// Instruments that one call may ask for.
    private static let triggerRangeLimit = 500

    /// `GET /instruments/trigger_range/:transaction_type`: between which prices the stop loss of a cover order may lie,
    /// from the end of the price range that it is nearer to as far as the last price. Unknown instruments and those that
    /// do not trade are left out. Source: Kite Connect, trigger range.
    func triggerRange(_ call: KiteCall, side name: String) async throws(KiteRefusal) -> Response {
        _ = try counted(call)
        guard let side = Side(rawValue: name.uppercased()) else { throw .invalid("transaction_type") }
        let names = call.fields.all("i").filter { !$0.isEmpty }
        guard !names.isEmpty else { throw .missing("i") }
        guard names.count <= Self.triggerRangeLimit else {
            throw .input("At most \(Self.triggerRangeLimit) instruments can be asked for at once.")
        }
        var ranges: [(name: String, quote: Quote)] = []
        var seen = Set<String>()
        for name in names where seen.insert(name).inserted {
            guard let token = token(named: name), let quote = await venue.quote(token), quote.upperCircuit > .zero
            else {
                continue
            }
            ranges.append((name, quote))
        }
        return Reply.success(reserving: 64 + ranges.count * 96) { writer in
            writer.beginObject()
            for (name, quote) in ranges {
                writer.key(dynamic: name)
                writer.triggerRange(quote, side: side)
            }
            writer.endObject()
        }
    }
}

extension JSONWriter {
    fileprivate mutating func triggerRange(_ quote: Quote, side: Side) {
        beginObject()
        key("instrument_token")
        value(quote.token.rawValue)
        key("lower")
        value(side == .buy ? quote.lowerCircuit : quote.lastPrice)
        key("upper")
        value(side == .buy ? quote.lastPrice : quote.upperCircuit)
        endObject()
    }
}
