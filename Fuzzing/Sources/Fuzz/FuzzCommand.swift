import CLibFuzzer
import Foundation

/// Runs one target under libFuzzer: `Fuzz TARGET CORPUS-FOLDER [libFuzzer's options]`; `Fuzz` alone names the targets.
@main
enum FuzzCommand {
    static let targets = [TickTarget.target, JSONTarget.target, AnswerTarget.target, CSVTarget.target]

    /// The target that the command line names; the first where it names none.
    static let current: FuzzTarget = {
        let name = CommandLine.arguments.dropFirst().first
        return targets.first { $0.name == name } ?? TickTarget.target
    }()

    static func main() throws {
        guard CommandLine.arguments.count > 2 else {
            for target in targets { say(target.name) }
            return
        }
        let corpus = URL(fileURLWithPath: CommandLine.arguments[2], isDirectory: true)
        try FileManager.default.createDirectory(at: corpus, withIntermediateDirectories: true)
        for (number, seed) in current.seeds.enumerated() {
            try Data(seed).write(to: corpus.appendingPathComponent("seed-\(number)"))
        }
        let words = corpus.deletingLastPathComponent().appendingPathComponent(current.name + ".words")
        try Data(current.dictionary.utf8).write(to: words)
        let arguments =
            [CommandLine.arguments[0], corpus.path, "-dict=\(words.path)"] + CommandLine.arguments.dropFirst(3)
        exit(run(arguments))
    }

    private static func run(_ arguments: [String]) -> Int32 {
        var count = Int32(arguments.count)
        // libFuzzer keeps the pointers as long as the process lives.
        let texts = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: arguments.count + 1)
        for (index, argument) in arguments.enumerated() { texts[index] = strdup(argument) }
        texts[arguments.count] = nil
        var pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = texts
        return LLVMFuzzerRunDriver(&count, &pointer) { data, size in
            FuzzCommand.current.check(UnsafeRawBufferPointer(start: data, count: size))
            return 0
        }
    }

    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}

/// Half of the time changes the JSON of an input as a tree, where the target reads JSON; else leaves it to libFuzzer.
@_cdecl("LLVMFuzzerCustomMutator")
func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ limit: Int, _ seed: UInt32) -> Int {
    let input = UnsafeRawBufferPointer(start: data, count: size)
    if seed % 2 == 1, let start = FuzzCommand.current.jsonStart, size > start,
        let changed = JSONMutation.changed(UnsafeRawBufferPointer(rebasing: input[start...]), seed: seed),
        start + changed.count <= limit
    {
        for (index, byte) in changed.enumerated() { data[start + index] = byte }
        return start + changed.count
    }
    return LLVMFuzzerMutate(data, size, limit)
}
