import ArgumentParser
import KiteConnect

/// Reads an instruments dump of as many lines as Kite's.
struct DumpBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump", abstract: "Reading of an instruments dump, in time and memory.")

    @OptionGroup var options: BenchOptions
    @Option(help: "Lines of the dump.")
    var lines = 100_000

    func run() async throws {
        let dump = InstrumentDump(bytes: Self.text(lines: lines))
        ProcessUsage.resetPeak()
        let before = ProcessUsage.memory
        let count = try dump.rows().count
        let after = ProcessUsage.memory
        var times: [Double] = []
        let cpu = ProcessUsage(of: "self")
        let clock = ContinuousClock()
        let end = clock.now + .seconds(min(options.seconds, 5))
        repeat {
            let start = clock.now
            let rows = try dump.rows()
            times.append(start.duration(to: clock.now) / .milliseconds(1))
            guard rows.count == count else { throw DemoProcess.Failure(description: "rows got lost") }
        } while clock.now < end
        var figures = Figures()
        figures.add("rows", Double(count))
        figures.add("bytes", Double(dump.packedBytes.count))
        figures.add("read", milliseconds: times)
        let fastest = times.min() ?? .nan
        figures.add("read_fastest_ms", fastest)
        figures.goal("at most 150 ms", Figures.quantile(times.sorted(), 0.5) <= 150)
        if let cpu, let now = ProcessUsage(of: "self") {
            let perRead = (now.cpuSeconds - cpu.cpuSeconds) * 1_000 / Double(times.count)
            figures.add("read_cpu_ms", perRead)
            figures.goal("at most 150 ms of CPU", perRead <= 150)
        }
        if let before, let after {
            figures.add("peak_growth_mb", Double(after.peak - before.now) / 1e6)
            figures.goal("at most 40 MB", after.peak - before.now <= 40_000_000)
        }
        figures.goal("every line is a row", count == lines)
        figures.show(asJSON: options.json)
    }

    /// Shares and option chains in the form of Kite's dump.
    private static func text(lines: Int) -> [UInt8] {
        var text =
            "instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,"
            + "instrument_type,segment,exchange\r\n"
        text.reserveCapacity(lines * 90)
        for line in 0..<lines {
            let number = 1_000 + line
            if line % 10 == 0 {
                text +=
                    "\(number * 256 + 1),\(number),SHARE\(line),\"SHARE NUMBER \(line) LIMITED\",0,,0,0.05,1,EQ,NSE,NSE\r\n"
            } else {
                let right = line % 2 == 0 ? "CE" : "PE"
                let name = "NAME\(line / 400)"
                let strike = 10_000 + line % 400 * 50
                text +=
                    "\(number * 256 + 2),\(number),\(name)26NOV\(strike)\(right),\"\(name)\",0,2026-11-24,\(strike),0.05,75,"
                text += "\(right),NFO-OPT,NFO\r\n"
            }
        }
        return Array(text.utf8)
    }
}
