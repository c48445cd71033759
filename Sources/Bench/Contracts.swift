import AsyncHTTPClient
import KiteConnect

/// Picks contracts of the demo's exchange to trade in.
struct Contracts {
    let rows: [InstrumentRow]

    /// Reads the exchange's instrument dump.
    static func read(_ demo: DemoProcess) async throws -> Contracts {
        let configuration = KiteConfiguration(apiKey: "bench", baseURL: try demo.text("exchange_url"))
        let client = KiteClient(configuration: configuration, httpClient: HTTPClient.shared)
        return Contracts(rows: try await client.instruments().rows())
    }

    /// The future of an underlying that expires first.
    func nearFuture(of name: String) -> InstrumentRow? {
        rows.filter { $0.name == name && $0.instrumentType == .future }
            .min { ($0.expiry?.daysSinceEpoch ?? .max) < ($1.expiry?.daysSinceEpoch ?? .max) }
    }

    /// Options of an underlying's first expiry, in the order of the dump.
    func nearOptions(of name: String) -> [InstrumentRow] {
        let options = rows.filter {
            $0.name == name && ($0.instrumentType == .call || $0.instrumentType == .put)
        }
        let first = options.compactMap { $0.expiry?.daysSinceEpoch }.min()
        return options.filter { $0.expiry?.daysSinceEpoch == first }
    }
}
