import NIOCore
import Synchronization

/// Whole buffers to gzip and back in one call.
package enum GzipCodec {
    /// `@unchecked Sendable`: the pool's lock hands a compressor to one caller at a time.
    private struct Pooled: @unchecked Sendable {
        let compressor: GzipCompressor
    }

    private static let pool = Mutex<[Pooled]>([])
    private static let pooledCompressors = 8

    /// One gzip member that holds `input`.
    package static func compress(_ input: ByteBuffer) -> ByteBuffer {
        let pooled = pool.withLock { $0.popLast() } ?? Pooled(compressor: GzipCompressor())
        let output = pooled.compressor.compress(input)
        pool.withLock { pool in
            if pool.count < pooledCompressors { pool.append(pooled) }
        }
        return output
    }

    /// One gzip member that holds `input`.
    package static func compress(_ input: [UInt8]) -> [UInt8] {
        Array(buffer: compress(ByteBuffer(bytes: input)))
    }

    /// The content of all members of `input`; throws `tooLarge` rather than produce more than `limit` bytes.
    package static func decompress(_ input: ByteBuffer, limit: Int) throws(GzipError) -> ByteBuffer {
        let decompressor = GzipDecompressor(limit: limit)
        var output = ByteBufferAllocator().buffer(capacity: min(input.readableBytes * 8, limit))
        try decompressor.push(input, into: &output)
        try decompressor.finish()
        return output
    }

    /// The content of all members of `input`; throws `tooLarge` rather than produce more than `limit` bytes.
    package static func decompress(_ input: [UInt8], limit: Int) throws(GzipError) -> [UInt8] {
        Array(buffer: try decompress(ByteBuffer(bytes: input), limit: limit))
    }

    /// Whether bytes begin as a gzip member does (RFC 1952, section 2.3.1).
    package static func isGzip(_ bytes: some Sequence<UInt8>) -> Bool {
        Array(bytes.prefix(2)) == [0x1F, 0x8B]
    }
}
