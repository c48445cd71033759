import Glibc
import JSON
import Logging
import Testing

@testable import Telemetry

struct LogHandlerTests {
    /// What a logger of a format writes through a pipe.
    private func written(_ format: LogFormat, _ log: (Logger) -> Void) throws -> String {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let output = LogOutput(descriptor: ends[1])
        let logger = Logger(label: "api") { label in
            format.handler(label: label, output: output) { 1_762_488_000_123_456 }
        }
        log(logger)
        output.flush()
        close(ends[1])
        defer { close(ends[0]) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(ends[0], &chunk, chunk.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }

    @Test func `a JSON record is one object a line with its metadata as members`() throws {
        let text = try written(.json) { logger in
            var logger = logger
            logger[metadataKey: "correlation_id"] = "abc"
            logger.info("request \"x\"\nend", metadata: ["status": .stringConvertible(200), "level": "x"])
            logger.debug("not written")
        }
        let expected = """
            {"ts":"2025-11-07T04:00:00.123Z","level":"info","label":"api","message":"request \\"x\\"\\nend",\
            "correlation_id":"abc","metadata.level":"x","status":200}

            """
        #expect(text == expected)
    }

    @Test func `a text record is one line that no message can break out of`() throws {
        let text = try written(.text) { $0.warning("a\nb\u{1B}", metadata: ["k": "v"]) }
        #expect(text == "2025-11-07T04:00:00.123Z WARNING [api] a\\nb? k=v\n")
    }

    @Test(arguments: [
        ("GET /ws?token=abc.def&x=1", "GET /ws?token=<redacted>&x=1"),
        ("access_token=abc more", "access_token=<redacted> more"), ("TOKEN=abc", "TOKEN=<redacted>"),
        ("Authorization: Bearer abc.def", "Authorization: <redacted>"),
        ("[\"Authorization\": \"token key:abc\"]", "[\"Authorization\": \"<redacted>\"]"),
        (#"{"access_token":"abc","a":1}"#, #"{"access_token":"<redacted>","a":1}"#),
        (#"{"password": "p w"}"#, #"{"password": "<redacted> w"}"#),
        ("token: expired", "token: expired"), ("nothing here", "nothing here"), ("token=", "token="),
    ])
    func `values of tokens never reach the log`(text: String, clean: String) {
        #expect(Redaction.strip(text) == clean)
    }

    @Test func `many lines at once arrive whole`() throws {
        let text = try written(.text) { logger in
            for index in 0..<200 { logger.info("line \(index)") }
        }
        #expect(text.split(separator: "\n").count == 200)
    }
}
