/// Why bytes could not be decompressed.
package enum GzipError: Error, Sendable, Equatable {
    /// The input ends inside a member.
    case truncated
    /// The input is not gzip, or a checksum or length does not match.
    case corrupt
    /// The output would exceed the limit, in bytes, that the caller set.
    case tooLarge(limit: Int)
}
