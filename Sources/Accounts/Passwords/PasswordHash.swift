import CArgon2
import Foundation

/// What hashing a password costs.
package struct Argon2Cost: Sendable, Hashable {
    /// Memory in KiB.
    package let memory: UInt32
    /// How often the memory is passed over.
    package let passes: UInt32
    /// How many lanes could be worked on at once.
    package let lanes: UInt32

    /// Puts a cost together.
    package init(memory: UInt32, passes: UInt32, lanes: UInt32) {
        self.memory = memory
        self.passes = passes
        self.lanes = lanes
    }

    /// 19 MiB, two passes, one lane. Source: OWASP Password Storage Cheat Sheet.
    package static let standard = Argon2Cost(memory: 19 * 1_024, passes: 2, lanes: 1)

    /// Keeps a damaged stored hash from taking all memory or minutes.
    var isBearable: Bool { (8...1_048_576).contains(memory) && (1...16).contains(passes) && (1...16).contains(lanes) }
}

/// An Argon2id hash with its salt and cost, in the form `$argon2id$v=19$m=…,t=…,p=…$salt$digest`.
package struct PasswordHash: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The whole text, as stored.
    package let text: String
    /// What it cost to make and costs to check.
    package let cost: Argon2Cost

    private static let saltLength = 16
    private static let digestLength = 32

    /// Reads a stored hash; nil where it is not Argon2id's version 19 at a bearable cost.
    package init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id", parts[2] == "v=19",
            text.utf8.count <= 256, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        let numbers = zip(["m=", "t=", "p="], parts[3].split(separator: ",", omittingEmptySubsequences: false))
            .compactMap { name, part in part.hasPrefix(name) ? UInt32(part.dropFirst(2)) : nil }
        guard numbers.count == 3 else { return nil }
        let cost = Argon2Cost(memory: numbers[0], passes: numbers[1], lanes: numbers[2])
        guard cost.isBearable, !parts[4].isEmpty, !parts[5].isEmpty else { return nil }
        self.text = text
        self.cost = cost
    }

    /// Never shows the hash.
    package var description: String { "<password hash>" }
    /// Never shows the hash.
    package var debugDescription: String { "<password hash>" }

    /// Hashes a password with a new salt; takes about 25 ms of one core at the standard cost.
    static func make(of password: Secret, cost: Argon2Cost) -> PasswordHash {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<saltLength).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let bytes = normalised(password)
        let length = argon2_encodedlen(
            cost.passes, cost.memory, cost.lanes, UInt32(saltLength), UInt32(digestLength), Argon2_id)
        var encoded = [CChar](repeating: 0, count: length)
        let outcome = argon2id_hash_encoded(
            cost.passes, cost.memory, cost.lanes, bytes, bytes.count, salt, salt.count, digestLength, &encoded,
            length)
        precondition(outcome == ARGON2_OK.rawValue, "Argon2 had no memory or a cost out of its range")
        let text = String(decoding: encoded.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard let hash = PasswordHash(text) else { preconditionFailure("Argon2 wrote a hash it cannot read") }
        return hash
    }

    /// A hash that no password is known to match and that costs as much to check as a true one.
    static func unmatchable(cost: Argon2Cost) -> PasswordHash {
        var generator = SystemRandomNumberGenerator()
        let field = { (length: Int) in
            let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            return String(Data(bytes).base64EncodedString().prefix { $0 != "=" })
        }
        let terms = "m=\(cost.memory),t=\(cost.passes),p=\(cost.lanes)"
        guard let hash = PasswordHash("$argon2id$v=19$\(terms)$\(field(saltLength))$\(field(digestLength))") else {
            preconditionFailure("the cost is out of range")
        }
        return hash
    }

    /// Whether a password made this hash; compares in constant time.
    func matches(_ password: Secret) -> Bool {
        let bytes = Self.normalised(password)
        return argon2id_verify(text, bytes, bytes.count) == ARGON2_OK.rawValue
    }

    /// One byte string for what looks the same on two keyboards. Source: RFC 8265 section 4.2, normalisation rule.
    private static func normalised(_ password: Secret) -> [UInt8] {
        Array(password.reveal().precomposedStringWithCanonicalMapping.utf8)
    }
}
