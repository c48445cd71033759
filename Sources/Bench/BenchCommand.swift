import ArgumentParser

/// Benchmarks of a running demo and of hot parts alone.
@main
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantagro-bench", abstract: "Measures Quantagro on this machine.",
        subcommands: [
            OrdersBench.self, ReadsBench.self, TicksBench.self, FeedBench.self, FeedServerCommand.self, DumpBench.self,
            SimulatorBench.self,
        ])
}

/// What every benchmark takes.
struct BenchOptions: ParsableArguments {
    @Flag(help: "Print one JSON object instead of lines for people.")
    var json = false
    @Option(help: "The quantagro binary to start a demo with.")
    var server = ".build/release/quantagro"
    @Option(help: "Seconds to measure.")
    var seconds = 15
}
