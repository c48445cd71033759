import Foundation

/// Something that takes any bytes and holds a promise about them.
struct FuzzTarget: Sendable {
    let name: String
    /// Inputs to start from.
    let seeds: [[UInt8]]
    /// Texts that are worth putting into an input.
    var words: [String] = []
    /// Where JSON text begins in an input; nil where there is none.
    var jsonStart: Int?
    /// Returns where the promise holds, ends the process where it is broken.
    let check: @Sendable (UnsafeRawBufferPointer) -> Void

    /// The words as libFuzzer reads them.
    var dictionary: String {
        words.map { word in
            let escaped = word.utf8.map { byte in
                0x20..<0x7F ~= byte && byte != 0x22 && byte != 0x5C
                    ? String(UnicodeScalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            return "\"" + escaped.joined() + "\"\n"
        }.joined()
    }
}

/// Ends the process with a sentence when a promise is broken.
func require(_ holds: Bool, _ promise: @autoclosure () -> String) {
    if holds { return }
    FileHandle.standardError.write(Data("FINDING: \(promise())\n".utf8))
    abort()
}
