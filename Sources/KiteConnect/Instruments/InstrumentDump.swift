import NIOCore

/// A day's instruments in batches of some thousands, unpacked and read while they are taken.
///
/// The bytes are all here, packed as they came; iterating needs no network and may be done more than once.
public struct InstrumentDump: AsyncSequence, Sendable {
    /// A batch; never empty.
    public typealias Element = [InstrumentRow]
    /// Damaged gzip, a missing column, a field that is no number.
    public typealias Failure = KiteError

    private let body: ByteBuffer

    init(_ body: ByteBuffer) {
        self.body = body
    }

    /// Takes a dump that was kept as a file, gzip or plain.
    public init(bytes: [UInt8]) {
        self.init(ByteBuffer(bytes: bytes))
    }

    /// The bytes as they came, packed when Kite packed them: what to keep as a file.
    public var packedBytes: [UInt8] { Array(body.readableBytesView) }

    /// Starts at the first batch.
    public func makeAsyncIterator() -> Iterator {
        Iterator(unpacker: BodyUnpacker(body))
    }

    /// All rows at once; for a hundred thousand rows this takes some tens of milliseconds on the calling thread.
    public func rows() throws(KiteError) -> [InstrumentRow] {
        var rows: [InstrumentRow] = []
        var iterator = makeAsyncIterator()
        while let batch = try iterator.nextBatch() { rows += batch }
        return rows
    }

    /// Takes one batch after the other.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var unpacker: BodyUnpacker
        private var parser = InstrumentCSVParser()
        private var isFinished = false

        fileprivate init(unpacker: BodyUnpacker) {
            self.unpacker = unpacker
        }

        /// The next batch, nil after the last.
        public mutating func next() async throws(KiteError) -> [InstrumentRow]? {
            if Task.isCancelled { throw KiteError(.cancelled, effect: .none, message: "the reading was cancelled") }
            return try nextBatch()
        }

        /// The next batch, nil after the last; stays on the caller's actor.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(KiteError) -> [InstrumentRow]? {
            if Task.isCancelled { throw KiteError(.cancelled, effect: .none, message: "the reading was cancelled") }
            return try nextBatch()
        }

        fileprivate mutating func nextBatch() throws(KiteError) -> [InstrumentRow]? {
            var rows: [InstrumentRow] = []
            while rows.isEmpty, !isFinished {
                guard let chunk = try unpacker.next() else {
                    isFinished = true
                    try parser.finish(into: &rows)
                    break
                }
                rows.reserveCapacity(chunk.readableBytes / 80)
                let result: Result<Void, KiteError> = chunk.withUnsafeReadableBytes { bytes in
                    do throws(KiteError) {
                        return .success(try parser.append(bytes, to: &rows))
                    } catch {
                        return .failure(error)
                    }
                }
                try result.get()
            }
            return rows.isEmpty ? nil : rows
        }
    }
}
