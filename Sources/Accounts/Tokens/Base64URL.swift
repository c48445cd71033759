import Foundation

/// Base64 with the URL alphabet and no padding, in its one canonical form. Source: RFC 4648 section 5.
enum Base64URL {
    static func text(_ bytes: some Collection<UInt8>) -> String {
        let plain = Data(bytes).base64EncodedString().prefix { $0 != "=" }
        return String(plain.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
    }

    /// Nil where the text is malformed or not what `text` writes for its bytes, so that no two texts are one token.
    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let plain = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        let padding = String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: plain + padding) else { return nil }
        return self.text(data) == text ? Array(data) : nil
    }
}
