import Gzip
import NIOCore

/// Hands out a body in chunks of bounded size, unpacking it when it is gzip.
///
/// The bytes decide, not the header: an HTTP client set to unpack leaves the header in place.
struct BodyUnpacker {
    private var rest: ByteBuffer
    private let decompressor: GzipDecompressor?

    /// Most bytes that a packed body may grow to.
    static let unpackedLimit = 256 << 20
    private static let packedChunk = 32 << 10
    private static let plainChunk = 256 << 10

    init(_ body: ByteBuffer) {
        rest = body
        let isPacked = body.getInteger(at: body.readerIndex, as: UInt16.self) == 0x1F8B
        decompressor = isPacked ? GzipDecompressor(limit: Self.unpackedLimit) : nil
    }

    /// The next chunk, never empty; nil at the end.
    mutating func next() throws(KiteError) -> ByteBuffer? {
        guard let decompressor else { return takeSlice(Self.plainChunk) }
        do {
            while let packed = takeSlice(Self.packedChunk) {
                let chunk = try decompressor.push(packed)
                if chunk.readableBytes > 0 { return chunk }
            }
            try decompressor.finish()
            return nil
        } catch {
            throw .unreadable("gzip: the body is \(error)")
        }
    }

    private mutating func takeSlice(_ length: Int) -> ByteBuffer? {
        rest.readableBytes == 0 ? nil : rest.readSlice(length: min(rest.readableBytes, length))
    }
}
