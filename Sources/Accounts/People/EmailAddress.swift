/// An e-mail address in the one form under which it is unique: trimmed, in lower case, ASCII.
///
/// Source: RFC 5321 section 4.1.2 without quoted local parts and address literals.
package struct EmailAddress: Sendable, Hashable, CustomStringConvertible {
    /// The normalised address.
    package let text: String

    /// Reads an address as a person types it; nil where it is not one.
    ///
    /// Spaces around it are dropped and letters made small, so that `Ann@Example.com ` and `ann@example.com` are the
    /// same person. Letters beyond ASCII are refused: two that look alike would be two people.
    package init?(_ typed: some StringProtocol) {
        let bytes = Self.trimmed(Array(typed.utf8)).map(Self.lowercased)
        guard bytes.count <= 254, let at = bytes.firstIndex(of: UInt8(ascii: "@")) else { return nil }
        let local = bytes[..<at]
        let domain = bytes[(at + 1)...]
        guard local.count <= 64, Self.isLocalPart(local), Self.isDomain(domain) else { return nil }
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// The normalised address.
    package var description: String { text }

    private static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let tail = bytes.drop(while: isSpace)
        guard let last = tail.lastIndex(where: { !isSpace($0) }) else { return [] }
        return tail[...last]
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Dot-separated runs of RFC 5322 `atext`, none of them empty.
    private static func isLocalPart(_ bytes: ArraySlice<UInt8>) -> Bool {
        let symbols = Set("!#$%&'*+-/=?^_`{|}~".utf8)
        return bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { run in
            !run.isEmpty && run.allSatisfy { isAlphanumeric($0) || symbols.contains($0) }
        }
    }

    /// At least two labels of letters, digits and inner hyphens; the last is not a number.
    private static func isDomain(_ bytes: ArraySlice<UInt8>) -> Bool {
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count >= 2, let last = labels.last else { return false }
        let hyphen = UInt8(ascii: "-")
        let areLabels = labels.allSatisfy { label in
            !label.isEmpty && label.count <= 63 && label.first != hyphen && label.last != hyphen
                && label.allSatisfy { isAlphanumeric($0) || $0 == hyphen }
        }
        return areLabels && last.contains { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }
}
