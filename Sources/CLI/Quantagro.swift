import ArgumentParser

/// The `quantagro` command.
@main
struct Quantagro: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantagro",
        abstract: "A self-hosted trading platform over Zerodha Kite Connect.",
        subcommands: [Serve.self, UserCommand.self, KiteCommand.self])
}
