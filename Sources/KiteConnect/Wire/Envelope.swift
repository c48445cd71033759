import JSON
import NIOCore

/// Kite's response envelope, read from an answer's bytes.
enum Envelope: Sendable {
    case success(data: JSONValue)
    case failure(type: String?, message: String)
    case foreign

    /// Reads a body; anything that is no JSON object with `status` or `error_type` is foreign.
    init(parsing bytes: UnsafeRawBufferPointer) {
        guard let value = try? JSONValue(parsing: bytes.withoutByteOrderMark), let object = value.object else {
            self = .foreign
            return
        }
        let status = object["status"]?.string
        let type = object["error_type"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        if status == "error" || type != nil {
            let message = object["message"]?.string.flatMap { $0.isEmpty ? nil : $0 }
            self = .failure(type: type, message: message ?? "Kite gave no message")
        } else if let data = object["data"], status == nil || status == "success" {
            self = .success(data: data)
        } else {
            self = .foreign
        }
    }

    /// Reads a buffer's readable bytes.
    init(_ buffer: ByteBuffer) {
        self = buffer.withUnsafeReadableBytes { Envelope(parsing: $0) }
    }

    /// What the classification needs to know.
    var content: AnswerReading.Content {
        switch self {
        case .success: .success
        case .failure(let type, let message): .failure(type: type, message: message)
        case .foreign: .foreign
        }
    }
}

extension UnsafeRawBufferPointer {
    /// The bytes after a UTF-8 byte order mark, which some recorded answers begin with.
    var withoutByteOrderMark: UnsafeRawBufferPointer {
        guard count >= 3, self[0] == 0xEF, self[1] == 0xBB, self[2] == 0xBF else { return self }
        return UnsafeRawBufferPointer(rebasing: self[3...])
    }
}
