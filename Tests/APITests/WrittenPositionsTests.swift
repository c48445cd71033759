import Brokers
import Gateway
import NIOCore
import Testing
import Trading

@testable import API

struct WrittenPositionsTests {
    @Test func `another reading or another account is written anew, the same reading is not`() {
        let written = WrittenPositions()
        var count = 0
        let text = { (revision: UInt64, second: Int64, account: Int64) -> String in
            let reading = Reading(
                value: PositionBook(net: [], day: []), time: Timestamp(seconds: second), revision: revision)
            return String(
                buffer: written.body(of: TradingAccountID(account), reading) {
                    count += 1
                    return ByteBuffer(string: "\(count)")
                })
        }
        #expect(text(1, 0, 1) == "1")
        #expect(text(1, 0, 1) == "1")
        #expect(text(2, 0, 1) == "2")
        #expect(text(2, 1, 1) == "3")
        #expect(text(2, 1, 2) == "4")
        #expect(text(2, 1, 1) == "3")
    }
}
