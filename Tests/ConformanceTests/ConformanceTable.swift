import KiteConnect

/// A call that did not come out as it should.
struct CheckFailed: Error, CustomStringConvertible {
    let description: String

    init(_ sentence: String) { description = sentence }
}

/// Fails a check with a sentence unless something holds.
func require(_ holds: Bool, _ sentence: @autoclosure () -> String) throws(CheckFailed) {
    if !holds { throw CheckFailed(sentence()) }
}

/// What was called and how it went, a line each.
final class ConformanceTable {
    private(set) var rows: [(name: String, failure: String?, detail: String)] = []

    /// Runs a check; text that it gives back stands beside its line.
    func check<Value>(_ name: String, _ body: () async throws -> Value) async {
        do {
            let value = try await body()
            rows.append((name, nil, value as? String ?? ""))
        } catch {
            rows.append((name, "\(error)", ""))
        }
    }

    var failures: [String] { rows.compactMap { row in row.failure.map { "\(row.name): \($0)" } } }

    func printed(title: String) -> String {
        let width = rows.map(\.name.count).max() ?? 0
        var text = "\n\(title)\n"
        for row in rows {
            let name = row.name + String(repeating: " ", count: width - row.name.count)
            text += "\(name)  \(row.failure == nil ? "pass" : "FAIL")  \(row.failure ?? row.detail)\n"
        }
        return text
    }
}

/// The error that a call must end with.
func refusal<Value>(
    _ code: KiteError.Code, _ words: String = "", _ call: () async throws(KiteError) -> Value
) async throws -> KiteError {
    do throws(KiteError) {
        _ = try await call()
    } catch {
        try require(error.code == code, "another error: \(error)")
        try require(error.message.lowercased().contains(words.lowercased()), "the refusal says: \(error.message)")
        return error
    }
    throw CheckFailed("no refusal")
}

/// Asks until there is an answer, ten seconds long.
func eventually<Value>(_ sentence: String, _ probe: () async throws -> Value?) async throws -> Value {
    let deadline = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < deadline {
        if let value = try await probe() { return value }
        try await Task.sleep(for: .milliseconds(150))
    }
    throw CheckFailed(sentence)
}
