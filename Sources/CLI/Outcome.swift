import ArgumentParser
import Glibc
import Server

/// Turns a failure into one sentence on standard error and the exit status that goes with it.
enum Outcome {
    /// Runs a command's body.
    static func report(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as StartError {
            let line = Array("quantagro: \(error.description)\n".utf8)
            _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            throw ExitCode(error.exitCode)
        }
    }
}
