import HTTPTypes
import JSON
import Testing
import Trading
import WebSocket

@testable import API

struct WordsTests {
    @Test(arguments: [
        (OrderStatus.pending, "PENDING"), (.unknown, "UNKNOWN"), (.acknowledged, "OPEN PENDING"),
        (.triggerPending, "TRIGGER PENDING"), (.working, "OPEN"), (.filled, "COMPLETE"), (.cancelled, "CANCELLED"),
        (.rejected, "REJECTED"), (.denied, "DENIED"), (.notSent, "NOT_SENT"),
    ])
    func `each state has its word`(status: OrderStatus, word: String) {
        #expect(status.word == word)
    }

    @Test func `codes are told apart and every one has a sentence and an error's status`() {
        #expect(Set(ErrorCode.allCases.map(\.rawValue)).count == ErrorCode.allCases.count)
        for code in ErrorCode.allCases {
            #expect(code.sentence.hasSuffix("."))
            #expect((400...599).contains(code.status.code))
        }
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
        (1_762_488_000_123_456, "2025-11-07T04:00:00Z", "2025-11-07T04:00:00.123Z"),
        (-1, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.999Z"),
        (1_709_251_199_000_000, "2024-02-29T23:59:59Z", "2024-02-29T23:59:59.000Z"),
    ])
    func `times are UTC to the second or millisecond`(microseconds: Int64, second: String, precise: String) {
        var writer = JSONWriter()
        writer.beginArray()
        writer.time(Timestamp(microseconds: microseconds))
        writer.preciseTime(Timestamp(microseconds: microseconds))
        writer.time(nil)
        writer.endArray()
        #expect(writer.text == "[\"\(second)\",\"\(precise)\",null]")
    }

    @Test(arguments: [
        ("ping", ClientMessage.textPing), (#"{"type":"ping"}"#, .jsonPing), (#"{"type":"ping","n":1}"#, .jsonPing),
        (#"{"type":"pong"}"#, .unknown), ("PING", .unknown), ("{", .unknown), ("", .unknown),
    ])
    func `both forms of ping are understood`(text: String, meaning: ClientMessage) {
        #expect(ClientMessage(.text(text)) == meaning)
    }

    @Test func `ten messages at once are allowed, an eleventh is not, a tenth of a second buys one more`() {
        var allowance = MessageAllowance(at: .zero)
        for _ in 0..<10 {
            let isAllowed = allowance.take(at: .zero)
            #expect(isAllowed)
        }
        let answers = [Duration.zero, .milliseconds(100), .milliseconds(150)].map { allowance.take(at: $0) }
        #expect(answers == [false, true, false])
    }

    @Test(arguments: [
        (Duration.microseconds(1_234), "1.234"), (.nanoseconds(999), "0.000"), (.seconds(2), "2000.000"),
    ])
    func `timings have three decimals`(duration: Duration, text: String) {
        #expect(duration.millisecondsText == text)
    }
}
