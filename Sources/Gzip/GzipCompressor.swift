import CZlib
import NIOCore

/// Deflates whole messages to gzip, one after the other, reusing its quarter megabyte of working memory.
///
/// Not `Sendable`: one task at a time. `GzipCodec.compress` shares a few of them.
package final class GzipCompressor {
    private let stream: UnsafeMutablePointer<z_stream>

    /// A compressor; `level` goes from 1, fast, to 9, small.
    package init(level: Int = 5) {
        precondition((1...9).contains(level), "a gzip level is 1 to 9")
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window plus 16 for gzip; 8 is zlib's default memory level. Fails only without memory.
        let status = deflateInit2_(
            stream, Int32(level), Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib could not be initialised")
    }

    deinit {
        deflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// One gzip member that holds `input`.
    package func compress(_ input: ByteBuffer) -> ByteBuffer {
        input.withUnsafeReadableBytes { compress($0) }
    }

    /// One gzip member that holds `input`; at most 4 GiB.
    package func compress(_ input: UnsafeRawBufferPointer) -> ByteBuffer {
        deflateReset(stream)
        var output = ByteBufferAllocator().buffer(capacity: Int(deflateBound(stream, UInt(input.count))))
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: output.capacity) { bytes in
            stream.pointee.next_out = bytes.bindMemory(to: UInt8.self).baseAddress
            stream.pointee.avail_out = UInt32(clamping: bytes.count)
            let offered = Int(stream.pointee.avail_out)
            let status = deflate(stream, Z_FINISH)
            precondition(status == Z_STREAM_END, "deflateBound promises that one step is enough")
            return offered - Int(stream.pointee.avail_out)
        }
        return output
    }
}
