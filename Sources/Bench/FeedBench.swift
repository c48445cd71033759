import ArgumentParser
import Foundation
import KiteConnect

/// Takes a feed of three connections and 9000 instruments off real WebSockets and measures what that costs.
struct FeedBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed", abstract: "CPU of a ticker pool with 9000 instruments at 4 packets a second each.")

    @OptionGroup var options: BenchOptions
    @Option(help: "Instruments, over as many connections as they need.")
    var instruments = 9000
    @Option(help: "Packets a second and instrument.")
    var rate = 4
    @Option(help: "Packets in one message of the feed.")
    var packetsPerMessage = 250

    func run() async throws {
        let server = try FeedProcess(rate: rate, packetsPerMessage: packetsPerMessage)
        defer { server.stop() }
        let pool = KiteTickerPool(
            configuration: KiteConfiguration(
                apiKey: "bench", accessToken: "bench", tickerURL: "ws://127.0.0.1:\(server.port)"))
        try await pool.subscribe((1...instruments).map { UInt32($0) << 8 | 1 }, mode: .full)
        let result = try await withThrowingTaskGroup(of: FeedResult?.self) { group in
            group.addTask {
                await pool.run()
                return nil
            }
            group.addTask { try await Self.measure(pool, instruments: instruments, seconds: options.seconds) }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let result else { throw DemoProcess.Failure(description: "the pool ended") }
        var figures = Figures()
        figures.add("ticks_per_s", result.ticksPerSecond)
        figures.add("cpu_percent_of_a_core", result.coreShare * 100)
        figures.goal(
            "all \(instruments * rate) packets a second read",
            result.ticksPerSecond >= 0.98 * Double(instruments * rate))
        figures.goal("less than 5 % of a core", result.coreShare < 0.05)
        figures.show(asJSON: options.json)
    }

    /// Waits until every instrument has ticked, then reads ticks for a time.
    private static func measure(_ pool: KiteTickerPool, instruments: Int, seconds: Int) async throws -> FeedResult {
        var ticks = pool.ticks.makeAsyncIterator()
        var seen: Set<UInt32> = []
        while seen.count < instruments {
            guard let batch = await ticks.next() else { throw CancellationError() }
            for tick in batch { seen.insert(tick.instrumentToken) }
        }
        let (start, usedBefore) = (ContinuousClock.now, clock())
        var count = 0
        while start.duration(to: .now) < .seconds(seconds), let batch = await ticks.next() { count += batch.count }
        let used = Double(clock() - usedBefore) / Double(CLOCKS_PER_SEC)
        let elapsed = start.duration(to: .now) / .seconds(1)
        return FeedResult(ticksPerSecond: Double(count) / elapsed, coreShare: used / elapsed)
    }
}

/// What taking a feed gave and cost.
struct FeedResult: Sendable {
    let ticksPerSecond: Double
    /// CPU time of this process, all threads, as a share of one core.
    let coreShare: Double
}

/// The feeding server in a process of its own, so that its work is not counted.
final class FeedProcess {
    private let process = Process()
    let port: Int

    /// Starts the server and waits for its port.
    init(rate: Int, packetsPerMessage: Int) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [
            FeedServerCommand.configuration.commandName ?? "", "--rate", "\(rate)", "--packets-per-message",
            "\(packetsPerMessage)",
        ]
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            process.terminate()
            throw DemoProcess.Failure(description: "the feeding server did not say its port")
        }
        self.port = port
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}
