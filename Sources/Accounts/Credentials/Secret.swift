/// Text that no log, error or dump ever shows.
package struct Secret: Sendable, Equatable {
    private let text: String

    /// Takes the text.
    package init(_ text: String) {
        self.text = text
    }

    /// The text itself; call it only where it is handed on to the party it is meant for.
    package func reveal() -> String { text }

    /// Makes a password of 20 letters and digits, about 114 bits, without those that look alike.
    package static func randomPassword(using generator: inout some RandomNumberGenerator) -> Secret {
        let alphabet = Array("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        return Secret(String((0..<20).compactMap { _ in alphabet.randomElement(using: &generator) }))
    }

    /// Compares in a time that tells nothing but the lengths.
    package static func == (left: Secret, right: Secret) -> Bool {
        guard left.text.utf8.count == right.text.utf8.count else { return false }
        return zip(left.text.utf8, right.text.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always the same word.
    package var description: String { "<redacted>" }
    /// Always the same word.
    package var debugDescription: String { "<redacted>" }
    /// Shows no children to `dump` and other mirrors.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
