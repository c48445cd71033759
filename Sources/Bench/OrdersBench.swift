import ArgumentParser
import KiteConnect

/// Drives orders at a fixed rate over many accounts, whatever the answers take.
struct OrdersBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orders", abstract: "Order latency at a fixed rate, intents durable.")

    @OptionGroup var options: BenchOptions
    @Option(help: "Orders a second.")
    var rate = 200
    @Option(help: "Trading accounts.")
    var accounts = 50

    private struct Sample: Sendable {
        let total: Double
        let gateway: Double?
        let isPlaced: Bool
    }

    func run() async throws {
        let demo = try DemoProcess(
            binary: options.server, arguments: ["--demo-accounts", "\(accounts)", "--no-request-limits"])
        defer { demo.stop() }
        let client = try await APIClient.signIn(to: demo)
        guard let future = try await Contracts.read(demo).nearFuture(of: "NIFTY") else {
            throw DemoProcess.Failure(description: "the exchange lists no NIFTY future")
        }
        let ids = demo.brokerUserIDs()
        _ = try await drive(client, ids, future.tradingsymbol, future.lotSize, seconds: 2)
        let started = ContinuousClock.now
        let samples = try await drive(client, ids, future.tradingsymbol, future.lotSize, seconds: options.seconds)
        let elapsed = started.duration(to: .now) / .seconds(1)
        var figures = Figures()
        figures.add("ready_s", demo.secondsToReady)
        figures.add("offered_per_s", Double(rate))
        figures.add("answered_per_s", Double(samples.count) / elapsed)
        figures.add("placed_share", Double(samples.count(where: \.isPlaced)) / Double(max(1, samples.count)))
        let gateway = samples.compactMap(\.gateway)
        figures.add("gateway", milliseconds: gateway)
        figures.add("end_to_end", milliseconds: samples.map(\.total))
        if let bytes = demo.residentBytes { figures.add("resident_mb", Double(bytes) / 1e6) }
        let sorted = gateway.sorted()
        figures.goal("gateway p50 <= 2 ms", Figures.quantile(sorted, 0.5) <= 2)
        figures.goal("gateway p99 <= 10 ms", Figures.quantile(sorted, 0.99) <= 10)
        figures.goal("every order placed", samples.allSatisfy(\.isPlaced))
        figures.show(asJSON: options.json)
    }

    /// Sends orders on schedule; buys and sells take turns so that positions stay small.
    private func drive(
        _ client: APIClient, _ ids: [String], _ symbol: String, _ lot: Int, seconds: Int
    ) async throws -> [Sample] {
        let clock = ContinuousClock()
        let start = clock.now
        return try await withThrowingTaskGroup(of: Sample.self) { group in
            for number in 0..<(rate * seconds) {
                try await clock.sleep(until: start + .seconds(1) * number / rate)
                let account = ids[number % ids.count]
                let side = (number / ids.count).isMultiple(of: 2) ? "BUY" : "SELL"
                group.addTask {
                    let began = clock.now
                    let answer = try await client.call(
                        "POST", "/accounts/\(account)/orders", APIClient.order(symbol, "NFO", side, lot))
                    let gateway = answer.serverTiming.flatMap { timing in
                        timing.split(separator: "dur=").last.flatMap { Double($0) }
                    }
                    return Sample(
                        total: began.duration(to: clock.now) / .milliseconds(1), gateway: gateway,
                        isPlaced: answer.status == 200)
                }
            }
            var samples: [Sample] = []
            for try await sample in group { samples.append(sample) }
            return samples
        }
    }
}
