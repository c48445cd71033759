import Glibc
import Gzip

/// Reads a file that was named on the command line, unpacking gzip.
enum InputFile {
    /// The most that is read, packed or unpacked.
    static let limit = 512 * 1_024 * 1_024

    /// The bytes of a file.
    ///
    /// - Throws: `StartError` that names the file.
    static func read(_ path: String) throws(StartError) -> [UInt8] {
        let bytes = try contents(path)
        guard bytes.starts(with: [0x1F, 0x8B]) else { return bytes }
        do {
            return try GzipCodec.decompress(bytes, limit: limit)
        } catch {
            throw .usage("\(path) is not a readable gzip file: \(error).")
        }
    }

    private static func contents(_ path: String) throws(StartError) -> [UInt8] {
        guard let file = fopen(path, "rb") else {
            throw .usage("\(path) cannot be read: \(String(cString: strerror(errno))).")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        let size = 1 << 20
        while true {
            let start = bytes.count
            guard start <= limit else { throw .usage("\(path) is larger than \(limit) bytes.") }
            bytes.append(contentsOf: repeatElement(0, count: size))
            let count = bytes[start...].withUnsafeMutableBytes { fread($0.baseAddress, 1, size, file) }
            bytes.removeLast(size - count)
            if count == 0 { break }
        }
        guard ferror(file) == 0 else {
            throw .usage("\(path) cannot be read: \(String(cString: strerror(errno))).")
        }
        return bytes
    }
}
