import Foundation

/// What a process has used of the machine; read from /proc, so Linux only.
struct ProcessUsage {
    /// Seconds of CPU, its own and the kernel's for it.
    let cpuSeconds: Double

    /// Takes a process number or `self`; nil where the system does not tell.
    init?(of process: String) {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        // After the name in brackets: state, ten numbers, then user and system time in hundredths.
        let fields = text[end...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { return nil }
        cpuSeconds = (user + system) / 100
    }

    /// Forgets the highest memory use of this process, so that it is counted from now.
    static func resetPeak() {
        try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    }

    /// This process's memory in bytes, now and at its highest; nil where the system does not tell.
    static var memory: (now: Int, peak: Int)? {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
        func bytes(_ name: String) -> Int? {
            text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
                .flatMap { $0.split(whereSeparator: { " \t".contains($0) }).dropFirst().first }
                .flatMap { Int($0) }.map { $0 * 1_024 }
        }
        guard let now = bytes("VmRSS"), let peak = bytes("VmHWM") else { return nil }
        return (now, peak)
    }
}
