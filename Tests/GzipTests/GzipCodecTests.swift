import Gzip
import NIOCore
import Testing

struct GzipCodecTests {
    /// "hello gzip\n" as `gzip -n` of Debian's gzip 1.12 writes it.
    private let foreign: [UInt8] = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57, 0x48, 0xaf,
        0xca, 0x2c, 0xe0, 0x02, 0x00, 0x39, 0x7c, 0x63, 0x56, 0x0b, 0x00, 0x00, 0x00,
    ]

    @Test(arguments: [0, 1, 2, 1000, 65_535, 65_536, 1_000_000])
    func `what is compressed comes back`(size: Int) throws {
        var random = SeededGenerator(state: UInt64(size) &+ 1)
        let input = (0..<size).map { _ in UInt8.random(in: 97...104, using: &random) }
        let packed = GzipCodec.compress(input)
        #expect(try GzipCodec.decompress(packed, limit: size) == input)
        #expect(GzipCodec.isGzip(packed))
    }

    @Test func `incompressible bytes come back too`() throws {
        var random = SeededGenerator(state: 7)
        let input = (0..<300_000).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        #expect(try GzipCodec.decompress(GzipCodec.compress(input), limit: input.count) == input)
    }

    @Test func `another program's gzip is read`() throws {
        #expect(try GzipCodec.decompress(foreign, limit: 100) == Array("hello gzip\n".utf8))
    }

    @Test func `several members in a row are one output`() throws {
        let input = GzipCodec.compress(Array("one ".utf8)) + foreign + GzipCodec.compress([])
        #expect(try GzipCodec.decompress(input, limit: 100) == Array("one hello gzip\n".utf8))
    }

    @Test func `zeros behind the last member are padding`() throws {
        let input = foreign + [UInt8](repeating: 0, count: 512)
        #expect(try GzipCodec.decompress(input, limit: 100) == Array("hello gzip\n".utf8))
    }

    @Test func `every cut is truncated, whatever was read before it`() {
        for length in 0..<foreign.count {
            #expect(throws: GzipError.truncated) { try GzipCodec.decompress(Array(foreign[..<length]), limit: 100) }
        }
    }

    @Test(arguments: [0, 1, 2, 20, 24, 27])
    func `a changed byte is corrupt`(index: Int) {
        var input = foreign
        input[index] ^= 0xFF
        #expect(throws: GzipError.corrupt) { try GzipCodec.decompress(input, limit: 100_000) }
    }

    @Test func `something else behind a member is corrupt`() {
        #expect(throws: GzipError.corrupt) { try GzipCodec.decompress(foreign + Array("rest".utf8), limit: 100) }
    }

    @Test func `output over the limit is refused`() {
        let bomb = GzipCodec.compress([UInt8](repeating: 0, count: 10_000_000))
        #expect(throws: GzipError.tooLarge(limit: 9_999_999)) {
            try GzipCodec.decompress(bomb, limit: 9_999_999)
        }
    }
}

struct GzipDecompressorTests {
    @Test(arguments: [1, 3, 7, 1000, 1 << 20])
    func `chunks of any size give the same output`(chunk: Int) throws {
        var random = SeededGenerator(state: 3)
        let text = (0..<50_000).map { _ in UInt8.random(in: 97...110, using: &random) }
        let packed = GzipCodec.compress(text) + GzipCodec.compress(text)
        let decompressor = GzipDecompressor(limit: .max)
        var output: [UInt8] = []
        for start in stride(from: 0, to: packed.count, by: chunk) {
            let end = min(start + chunk, packed.count)
            output += Array(buffer: try decompressor.push(ByteBuffer(bytes: packed[start..<end])))
        }
        try decompressor.finish()
        #expect(output == text + text)
        #expect(decompressor.producedBytes == output.count)
    }

    @Test func `an end inside a member is noticed`() throws {
        let packed = GzipCodec.compress([1, 2, 3])
        let decompressor = GzipDecompressor(limit: 100)
        _ = try decompressor.push(ByteBuffer(bytes: packed.dropLast()))
        #expect(throws: GzipError.truncated) { try decompressor.finish() }
    }

    @Test func `a compressor can be used again`() throws {
        let compressor = GzipCompressor(level: 1)
        for text in ["first", "", "the second is longer than the first"] {
            let packed = compressor.compress(ByteBuffer(string: text))
            #expect(String(buffer: try GzipCodec.decompress(packed, limit: 100)) == text)
        }
    }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
