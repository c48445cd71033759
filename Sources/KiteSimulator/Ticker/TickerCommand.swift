import JSON
import Trading

/// What a ticker client asks for. Source: Kite Connect, WebSocket streaming, requests.
enum TickerCommand: Equatable {
    case subscribe([InstrumentToken])
    case unsubscribe([InstrumentToken])
    case mode(TickMode, [InstrumentToken])

    /// Reads a text message; nil where it is none of these. Tokens that are not numbers are left out.
    init?(_ text: String) {
        guard let object = (try? JSONValue(parsing: text))?.object, let action = object["a"]?.string,
            let values = object["v"]?.array
        else { return nil }
        switch action {
        case "subscribe": self = .subscribe(Self.tokens(values))
        case "unsubscribe": self = .unsubscribe(Self.tokens(values))
        case "mode":
            guard values.count == 2, let mode = values[0].string.flatMap(TickMode.init(rawValue:)),
                let tokens = values[1].array
            else { return nil }
            self = .mode(mode, Self.tokens(tokens))
        default: return nil
        }
    }

    private static func tokens(_ values: [JSONValue]) -> [InstrumentToken] {
        values.compactMap { $0.number?.int64.flatMap(UInt32.init(exactly:)).map(InstrumentToken.init) }
    }
}
