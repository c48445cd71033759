import ArgumentParser

/// Decodes full packets, and applies them, on one core.
struct TicksBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ticks", abstract: "Ticker decode and apply on one core.")

    @OptionGroup var options: BenchOptions

    func run() async throws {
        let result = measureTickDecode(seconds: Double(options.seconds))
        var figures = Figures()
        figures.add("packets_per_s", result.packetsPerSecond)
        figures.goal("at least 5 million packets a second", result.packetsPerSecond >= 5e6)
        let applied = measureTickApply(seconds: Double(options.seconds))
        figures.add("applied_packets_per_s", applied.packetsPerSecond)
        figures.goal("at least 5 million packets a second decoded and applied", applied.packetsPerSecond >= 5e6)
        figures.show(asJSON: options.json)
    }
}
