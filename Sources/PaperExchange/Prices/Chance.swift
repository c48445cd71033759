/// Random numbers that are looked up rather than drawn: the same keys always give the same number.
///
/// Source: SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", 2014).
enum Chance {
    /// Mixes a seed and a key into 64 evenly spread bits.
    static func bits(_ seed: UInt64, _ key: UInt64) -> UInt64 {
        var value = seed &+ key &* 0x9e37_79b9_7f4a_7c15 &+ 0x9e37_79b9_7f4a_7c15
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }

    /// A seed for something that has a name.
    static func seed(_ seed: UInt64, name: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return bits(seed, hash)
    }

    /// A number in 0..<1.
    static func unit(_ bits: UInt64) -> Double {
        Double(bits >> 11) * 0x1p-53
    }

    /// A number of mean 0 and variance 1, bell-shaped within ±3.46: four sixteen-bit parts summed.
    static func bell(_ bits: UInt64) -> Double {
        let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + bits >> 48
        // Four uniform numbers have mean 2 and variance 1/3.
        return (Double(sum) / 65_536 - 2) * 1.732_050_807_568_877_2
    }

    /// A whole number in 0..<bound.
    static func number(_ bits: UInt64, below bound: Int64) -> Int64 {
        bound <= 1 ? 0 : Int64(bits >> 1) % bound
    }
}
