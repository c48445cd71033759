import ArgumentParser
import JSON
import KiteConnect

/// Reads positions as fast as they come, in turns with a static answer of the same size.
struct ReadsBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reads", abstract: "GET positions of 20 rows against a static answer of the same size.")

    @OptionGroup var options: BenchOptions
    @Option(help: "Connections kept open.")
    var connections = 32

    func run() async throws {
        let demo = try DemoProcess(binary: options.server, arguments: ["--no-request-limits"])
        defer { demo.stop() }
        let client = try await APIClient.signIn(to: demo)
        let rows = try await fill(client, Contracts.read(demo))
        var positions: [LoadResult] = []
        var statics: [LoadResult] = []
        let rounds = 5
        let perRound = max(1, options.seconds / (2 * rounds))
        for _ in 0..<rounds {
            statics.append(try await load(client, "/sample/positions", seconds: perRound))
            positions.append(try await load(client, "/accounts/primary/positions", seconds: perRound))
        }
        let fixed = Figures.quantile(statics.map(\.rate).sorted(), 0.5)
        let live = Figures.quantile(positions.map(\.rate).sorted(), 0.5)
        var figures = Figures()
        figures.add("rows", Double(rows))
        figures.add("static_per_s", fixed)
        figures.add("positions_per_s", live)
        figures.add("static_bytes", statics.last?.bytesPerAnswer ?? .nan)
        figures.add("positions_bytes", positions.last?.bytesPerAnswer ?? .nan)
        figures.add("positions", milliseconds: positions.flatMap(\.latencies))
        figures.add("static", milliseconds: statics.flatMap(\.latencies))
        figures.add("ratio", live / fixed)
        figures.add("ready_s", demo.secondsToReady)
        if let bytes = demo.residentBytes { figures.add("resident_mb", Double(bytes) / 1e6) }
        figures.goal("positions >= 0.7 of static", live / fixed >= 0.7)
        figures.goal("ready within 1 s", demo.secondsToReady <= 1)
        figures.goal("resident under 100 MB", (demo.residentBytes ?? .max) < 100_000_000)
        figures.show(asJSON: options.json)
    }

    private func load(_ client: APIClient, _ path: String, seconds: Int) async throws -> LoadResult {
        try await LoadGenerator(
            url: client.baseURL, path: path, token: client.token, connections: connections
        ).run(for: .seconds(seconds))
    }

    /// Buys one lot of each of twenty options.
    private func fill(_ client: APIClient, _ contracts: Contracts) async throws -> Int {
        for option in Self.middle(contracts.nearOptions(of: "NIFTY"), 20) {
            let order = APIClient.order(option.tradingsymbol, "NFO", "BUY", option.lotSize)
            _ = try await client.call("POST", "/accounts/primary/orders", order)
        }
        for _ in 0..<50 {
            let answer = try await client.call("GET", "/accounts/primary/positions")
            let count = answer.body.object?["count"]?.number?.int ?? 0
            if count >= 20 { return count }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw DemoProcess.Failure(description: "the demo does not show twenty positions")
    }

    private static func middle(_ rows: [InstrumentRow], _ count: Int) -> ArraySlice<InstrumentRow> {
        let start = max(0, rows.count / 2 - count / 2)
        return rows[start..<min(rows.count, start + count)]
    }
}
