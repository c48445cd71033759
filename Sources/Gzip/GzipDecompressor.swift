import CZlib
import NIOCore

/// Inflates gzip members as their bytes arrive (RFC 1952); several members in a row are one output.
///
/// Not `Sendable`: one task at a time. After an error it is of no more use.
package final class GzipDecompressor {
    private enum Position {
        case betweenMembers
        case inMember
    }

    /// zlib keeps a pointer to its stream and refuses one that has moved, hence the fixed place.
    private let stream: UnsafeMutablePointer<z_stream>
    private let limit: Int
    private var position = Position.betweenMembers
    private var members = 0
    /// Bytes produced so far.
    package private(set) var producedBytes = 0

    /// A decompressor that refuses to produce more than `limit` bytes altogether.
    package init(limit: Int) {
        self.limit = limit
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, plus 16 for gzip and nothing else. Fails only without memory, or with another zlib.
        let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib could not be initialised")
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Inflates what `chunk` completes.
    package func push(_ chunk: ByteBuffer) throws(GzipError) -> ByteBuffer {
        var output = ByteBuffer()
        try push(chunk, into: &output)
        return output
    }

    /// Inflates what `chunk` completes and appends it to `output`.
    package func push(_ chunk: ByteBuffer, into output: inout ByteBuffer) throws(GzipError) {
        let outcome = chunk.withUnsafeReadableBytes { bytes in
            Result { () throws(GzipError) in try inflate(bytes, into: &output) }
        }
        try outcome.get()
    }

    /// Call at the input's end; throws `truncated` unless it came at a member's end.
    package func finish() throws(GzipError) {
        guard position == .betweenMembers, members > 0 else { throw .truncated }
    }

    private func inflate(_ input: UnsafeRawBufferPointer, into output: inout ByteBuffer) throws(GzipError) {
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        while stream.pointee.avail_in > 0 || (position == .inMember && stream.pointee.avail_out == 0) {
            if position == .betweenMembers {
                if members > 0, inflateReset(stream) != Z_OK { throw .corrupt }
                position = .inMember
            }
            if try step(into: &output) == Z_STREAM_END {
                position = .betweenMembers
                members += 1
                // Some writers pad the last member with zeros to a block's end.
                if skipPadding() { break }
            }
        }
    }

    private func step(into output: inout ByteBuffer) throws(GzipError) -> Int32 {
        let room = max(Int(stream.pointee.avail_in) * 4, 16 << 10)
        var status = Z_OK
        let produced = output.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { bytes in
            stream.pointee.next_out = bytes.bindMemory(to: UInt8.self).baseAddress
            stream.pointee.avail_out = UInt32(clamping: bytes.count)
            let offered = Int(stream.pointee.avail_out)
            status = CZlib.inflate(stream, Z_NO_FLUSH)
            return offered - Int(stream.pointee.avail_out)
        }
        producedBytes += produced
        guard producedBytes <= limit else { throw .tooLarge(limit: limit) }
        switch status {
        case Z_OK, Z_STREAM_END: return status
        case Z_BUF_ERROR where produced == 0 && stream.pointee.avail_in == 0: return status
        default: throw .corrupt
        }
    }

    private func skipPadding() -> Bool {
        let rest = UnsafeBufferPointer(start: stream.pointee.next_in, count: Int(stream.pointee.avail_in))
        guard !rest.isEmpty, rest.allSatisfy({ $0 == 0 }) else { return false }
        stream.pointee.avail_in = 0
        return true
    }
}
