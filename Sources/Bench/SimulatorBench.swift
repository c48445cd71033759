import ArgumentParser
import AsyncHTTPClient
import JSON
import KiteConnect
import NIOConcurrencyHelpers

/// Loads the paper exchange, whose whole process is held on one core: quotes, then ticker connections.
struct SimulatorBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulator", abstract: "Quotes and ticker connections of the paper exchange on one core.")

    @OptionGroup var options: BenchOptions
    @Option(help: "Connections that ask for quotes.")
    var connections = 32
    @Option(help: "Ticker connections.")
    var tickers = 100
    @Option(help: "Instruments of a ticker connection.")
    var instruments = 3_000

    func run() async throws {
        let demo = try DemoProcess(
            binary: options.server, arguments: ["--no-request-limits", "--log-format", "json"], core: 0)
        defer { demo.stop() }
        var figures = Figures()
        let exchange = try demo.text("exchange_url")
        let apiKey = try demo.text("kite", "api_key")
        let signedOut = KiteClient(
            configuration: KiteConfiguration(apiKey: apiKey, baseURL: exchange), httpClient: HTTPClient.shared)
        let session = try await signedOut.generateSession(
            requestToken: demo.text("kite", "request_token"), apiSecret: demo.text("kite", "api_secret"))
        let rows = try await Contracts.read(demo).rows
        try await quotes(demo, &figures, exchange, "\(apiKey):\(session.accessToken)")
        try await ticks(demo, &figures, exchange, apiKey, session.accessToken, rows)
        if let bytes = demo.residentBytes { figures.add("resident_mb", Double(bytes) / 1e6) }
        figures.show(asJSON: options.json)
    }

    /// Quotes of one instrument in turns with the same server's static answer.
    private func quotes(
        _ demo: DemoProcess, _ figures: inout Figures, _ exchange: String, _ token: String
    ) async throws {
        let client = try await APIClient.signIn(to: demo)
        let quote = LoadGenerator(
            url: exchange, path: "/quote?i=NSE:INFY", token: token, connections: connections, scheme: "token")
        let fixed = LoadGenerator(
            url: client.baseURL, path: "/sample/positions", token: client.token, connections: connections)
        var rates: [Double] = []
        var baselines: [Double] = []
        var latencies: [Double] = []
        var (cpu, answers, baselineCPU, baselineAnswers) = (0.0, 0.0, 0.0, 0.0)
        for _ in 0..<3 {
            let baseline = try await measured(demo, fixed)
            baselines.append(baseline.result.rate)
            baselineCPU += baseline.cpu
            baselineAnswers += Double(baseline.result.latencies.count)
            let round = try await measured(demo, quote)
            rates.append(round.result.rate)
            latencies += round.result.latencies
            cpu += round.cpu
            answers += Double(round.result.latencies.count)
        }
        let rate = Figures.quantile(rates.sorted(), 0.5)
        figures.add("quotes_per_s", rate)
        figures.add("static_per_s", Figures.quantile(baselines.sorted(), 0.5))
        figures.add("quotes_to_static", rate / Figures.quantile(baselines.sorted(), 0.5))
        figures.add("quote_cpu_us", cpu * 1e6 / answers)
        figures.add("static_cpu_us", baselineCPU * 1e6 / baselineAnswers)
        figures.add("quote", milliseconds: latencies)
        // What a core gives when nothing else wants it.
        figures.add("quotes_per_cpu_s", answers / cpu)
        figures.goal("at least 10,000 quotes a second of one core", answers / cpu >= 10_000)
    }

    private func measured(_ demo: DemoProcess, _ load: LoadGenerator) async throws -> (result: LoadResult, cpu: Double)
    {
        let before = demo.usage?.cpuSeconds ?? .nan
        let result = try await load.run(for: .seconds(max(1, options.seconds / 6)))
        return (result, (demo.usage?.cpuSeconds ?? .nan) - before)
    }

    private func ticks(
        _ demo: DemoProcess, _ figures: inout Figures, _ exchange: String, _ apiKey: String, _ accessToken: String,
        _ rows: [InstrumentRow]
    ) async throws {
        let address = exchange.split(separator: "/").last.map(String.init) ?? ""
        let parts = address.split(separator: ":")
        guard parts.count == 2, let port = Int(parts[1]) else {
            throw DemoProcess.Failure(description: "no port in \(exchange)")
        }
        let idleBefore = demo.usage?.cpuSeconds ?? .nan
        try await Task.sleep(for: .seconds(2))
        let idle = ((demo.usage?.cpuSeconds ?? .nan) - idleBefore) / 2
        let tokens = rows.prefix(instruments).map(\.instrumentToken)
        let load = TickerLoad(
            host: String(parts[0]), port: port, apiKey: apiKey, accessToken: accessToken, tokens: Array(tokens),
            connections: tickers)
        let pid = demo.ready["pid"]?.number?.int ?? 0
        let start = StartOfUse()
        let (tally, elapsed) = try await load.run(settling: .seconds(4), for: .seconds(max(2, options.seconds / 2))) {
            start.note(ProcessUsage(of: "\(pid)"))
        }
        let seconds = elapsed / .seconds(1)
        let cpu = ((demo.usage?.cpuSeconds ?? .nan) - start.cpuSeconds) / seconds
        figures.add("ticker_connections", Double(tickers))
        figures.add("ticker_instruments", Double(tokens.count))
        figures.add("packets_per_s", Double(tally.packets) / seconds)
        figures.add("mb_per_s", Double(tally.bytes) / seconds / 1e6)
        figures.add("messages_per_connection_s", Double(tally.messages) / seconds / Double(max(1, tickers)))
        figures.add("ticker_cpu_of_core", cpu)
        figures.add("idle_cpu_of_core", idle)
        figures.add("first_tick", milliseconds: tally.firstTicks)
        figures.add("tick_gap", milliseconds: tally.gaps)
        figures.add("connections_lost", Double(tally.lost))
        figures.goal("every ticker connection is fed", tally.firstTicks.count == tickers && tally.lost == 0)
        figures.goal("no core is full", cpu < 0.95)
    }
}

/// The CPU time when measuring began, noted on another task.
private final class StartOfUse: Sendable {
    private let seconds = NIOLockedValueBox(Double.nan)

    var cpuSeconds: Double { seconds.withLockedValue { $0 } }

    func note(_ usage: ProcessUsage?) {
        seconds.withLockedValue { $0 = usage?.cpuSeconds ?? .nan }
    }
}
