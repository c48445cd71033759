import Crypto
import Testing
import Trading

@testable import Accounts

/// Seeded and small; good enough to choose bits. Source: Vigna, SplitMix64.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

struct SealingTests {
    private let account = TradingAccountID(1)
    private let keyFile = KeyFile(bytes: Array(0..<32))

    @Test func `what was sealed opens where it belongs`() throws {
        let dataKey = Sealing.makeDataKey()
        let sealed = Sealing.seal(Secret("canary"), as: .apiSecret, version: 3, of: account, with: dataKey)
        let wrapped = Sealing.wrap(dataKey, for: account, with: keyFile)
        let unwrapped = try Sealing.unwrap(wrapped, for: account, with: keyFile)
        #expect(try Sealing.open(sealed, of: account, with: unwrapped) == Secret("canary"))
        #expect(!String(decoding: sealed.box, as: UTF8.self).contains("canary"))
    }

    @Test func `10,000 single-bit flips are all refused`() {
        var random = SplitMix(state: 20_251_107)
        let dataKey = Sealing.makeDataKey()
        let sealed = Sealing.seal(
            Secret("a secret of some length"), as: .apiSecret, version: 1, of: account, with: dataKey)
        let wrapped = Sealing.wrap(dataKey, for: account, with: keyFile)
        for _ in 0..<5_000 {
            var box = sealed.box
            box[Int.random(in: box.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            let flipped = SealedField(field: .apiSecret, version: 1, box: box)
            #expect(throws: SealError.broken) { try Sealing.open(flipped, of: account, with: dataKey) }
            var keyBox = wrapped.box
            keyBox[Int.random(in: keyBox.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            let flippedKey = WrappedDataKey(keyFileID: wrapped.keyFileID, box: keyBox)
            #expect(throws: SealError.broken) { try Sealing.unwrap(flippedKey, for: account, with: keyFile) }
        }
    }

    @Test func `a secret moved to another account, field or version is refused`() {
        let dataKey = Sealing.makeDataKey()
        let box = Sealing.seal(Secret("x"), as: .apiKey, version: 2, of: account, with: dataKey).box
        let moved: [(TradingAccountID, CredentialField, Int64)] =
            [(TradingAccountID(2), .apiKey, 2), (TradingAccountID(11), .apiKey, 2)]
            + CredentialField.allCases.filter { $0 != .apiKey }.map { (account, $0, 2) }
            + [(account, .apiKey, 1), (account, .apiKey, 3), (account, .apiKey, 22)]
        for (account, field, version) in moved {
            #expect(throws: SealError.broken) {
                try Sealing.open(SealedField(field: field, version: version, box: box), of: account, with: dataKey)
            }
        }
    }

    @Test func `a data key moved to another account is refused`() {
        let wrapped = Sealing.wrap(Sealing.makeDataKey(), for: account, with: keyFile)
        #expect(throws: SealError.broken) {
            try Sealing.unwrap(wrapped, for: TradingAccountID(2), with: keyFile)
        }
    }

    @Test func `another key file is named, not mistaken for damage`() {
        let other = KeyFile(bytes: Array(1...32))
        let wrapped = Sealing.wrap(Sealing.makeDataKey(), for: account, with: keyFile)
        #expect(throws: SealError.otherKeyFile(expected: keyFile.id, found: other.id)) {
            try Sealing.unwrap(wrapped, for: account, with: other)
        }
    }

    @Test(arguments: [0, 1, 11, 12, 27, 28])
    func `a box cut short is refused`(length: Int) {
        let dataKey = Sealing.makeDataKey()
        let box = Sealing.seal(Secret("x"), as: .apiKey, version: 1, of: account, with: dataKey).box.prefix(length)
        #expect(throws: SealError.broken) {
            try Sealing.open(
                SealedField(field: .apiKey, version: 1, box: Array(box)), of: account, with: dataKey)
        }
    }
}
