import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import PaperExchange
import Trading

extension SimulatedKite {
    /// `GET /quote`, `/quote/ohlc` and `/quote/ltp`; what is not listed is left out.
    func quotes(_ call: KiteCall, detail: QuoteDetail) async throws(KiteRefusal) -> Response {
        _ = try counted(call, as: .quotes)
        let names = call.fields.all("i").filter { !$0.isEmpty }
        guard !names.isEmpty else { throw .missing("i") }
        guard names.count <= detail.limit else {
            throw .input("At most \(detail.limit) instruments can be asked for at once.")
        }
        var asked: [(name: String, token: InstrumentToken)] = []
        var seen = Set<String>()
        for name in names where seen.insert(name).inserted {
            if let token = token(named: name) { asked.append((name, token)) }
        }
        let quotes = await venue.quotes(asked.map(\.token))
        return Reply.success(reserving: 64 + asked.count * 1_200) { writer in
            writer.beginObject()
            // Quotes come in the order they were asked for, less those that there are none of.
            var next = quotes.startIndex
            for (name, token) in asked where next < quotes.endIndex && quotes[next].token == token {
                let quote = quotes[next]
                next += 1
                writer.key(dynamic: name)
                writer.quoteRow(quote, detail: detail)
            }
            writer.endObject()
        }
    }

    /// `GET /instruments` and `GET /instruments/:exchange`; asks for no session, as the broker's does not.
    func instruments(_ call: KiteCall, exchange name: String?) async throws(KiteRefusal) -> Response {
        var exchange: Exchange?
        if let name {
            guard let known = Exchange(rawValue: name) else { throw .route }
            exchange = known
        }
        let isCompressed = call.acceptEncoding.lowercased().contains("gzip")
        // Writing a hundred thousand lines takes too long for an event loop's thread.
        let dump = await withTaskExecutorPreference(globalConcurrentExecutor) {
            await dumps.dump(of: exchange, compressed: isCompressed)
        }
        var headers: HTTPFields = [.contentType: "text/csv", .vary: "Accept-Encoding"]
        if isCompressed { headers[.contentEncoding] = "gzip" }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: dump))
    }

    /// The instrument of `EXCHANGE:SYMBOL` or of a token in digits.
    func token(named name: String) -> InstrumentToken? {
        if let number = UInt32(name) { return InstrumentToken(number) }
        guard let colon = name.firstIndex(of: ":"), let exchange = Exchange(rawValue: String(name[..<colon])) else {
            return nil
        }
        let symbol = String(name[name.index(after: colon)...])
        return venue.listing.token(of: InstrumentID(exchange: exchange, symbol: symbol))
    }
}
