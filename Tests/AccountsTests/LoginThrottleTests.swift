import Testing
import Trading

@testable import Accounts

struct LoginThrottleTests {
    private let ann = EmailAddress("ann@example.com")
    private let bob = EmailAddress("bob@example.com")

    private func minute(_ count: Int64) -> Timestamp { start.advanced(by: .seconds(60 * count)) }

    @Test func `ten failures are judged and the eleventh waits until the first is fifteen minutes old`() throws {
        let ann = try #require(ann)
        var throttle = LoginThrottle()
        for attempt in 0..<10 {
            #expect(throttle.begin(email: ann, address: "192.0.2.1", at: minute(Int64(attempt))) == .admitted)
        }
        #expect(
            throttle.begin(email: ann, address: "192.0.2.2", at: minute(10)) == .refused(retryAfter: .seconds(300)))
        #expect(throttle.begin(email: ann, address: "192.0.2.2", at: minute(15)) == .admitted)
        #expect(
            throttle.begin(email: ann, address: "192.0.2.2", at: minute(15)) == .refused(retryAfter: .seconds(60)))
    }

    @Test func `one account's failures are not another's`() throws {
        let (ann, bob) = (try #require(ann), try #require(bob))
        var throttle = LoginThrottle()
        for _ in 0..<10 { _ = throttle.begin(email: ann, address: "192.0.2.1", at: start) }
        #expect(throttle.begin(email: bob, address: "192.0.2.1", at: start) == .admitted)
    }

    @Test func `one network address has a hundred failures over all accounts`() throws {
        var throttle = LoginThrottle()
        for number in 0..<100 {
            let email = try #require(EmailAddress("user\(number)@example.com"))
            #expect(throttle.begin(email: email, address: "192.0.2.1", at: start) == .admitted)
        }
        let next = try #require(bob)
        #expect(
            throttle.begin(email: next, address: "192.0.2.1", at: start) == .refused(retryAfter: .seconds(900)))
        #expect(throttle.begin(email: next, address: "192.0.2.9", at: start) == .admitted)
    }

    @Test func `attempts count from their start, so a burst gets no free tries`() throws {
        let ann = try #require(ann)
        var throttle = LoginThrottle()
        let admitted = (0..<50).filter { _ in
            throttle.begin(email: ann, address: "192.0.2.1", at: start) == .admitted
        }
        #expect(admitted.count == 10)
    }

    @Test func `success clears the account but leaves the address the failures of others`() throws {
        let (ann, bob) = (try #require(ann), try #require(bob))
        var throttle = LoginThrottle()
        for _ in 0..<9 { _ = throttle.begin(email: ann, address: "192.0.2.1", at: start) }
        _ = throttle.begin(email: ann, address: "192.0.2.1", at: minute(1))
        throttle.succeed(email: ann, address: "192.0.2.1", at: minute(1))
        for _ in 0..<10 {
            #expect(throttle.begin(email: ann, address: "192.0.2.1", at: minute(2)) == .admitted)
        }
        for number in 0..<81 {
            let email = try #require(EmailAddress("user\(number)@example.com"))
            #expect(throttle.begin(email: email, address: "192.0.2.1", at: minute(2)) == .admitted)
        }
        #expect(throttle.begin(email: bob, address: "192.0.2.1", at: minute(2)) != .admitted)
    }

    @Test func `an attempt that was not judged is taken back`() throws {
        let ann = try #require(ann)
        var throttle = LoginThrottle()
        for _ in 0..<100 {
            #expect(throttle.begin(email: ann, address: "192.0.2.1", at: start) == .admitted)
            throttle.withdraw(email: ann, address: "192.0.2.1", at: start)
        }
        #expect(throttle.count == 0)
    }

    @Test func `a clock set back a day does not lock anybody out for a day`() throws {
        let ann = try #require(ann)
        var throttle = LoginThrottle()
        for _ in 0..<10 { _ = throttle.begin(email: ann, address: "192.0.2.1", at: start) }
        #expect(throttle.begin(email: ann, address: "192.0.2.1", at: minute(-24 * 60)) == .admitted)
    }

    @Test func `what is over is forgotten`() throws {
        var throttle = LoginThrottle()
        for number in 0..<50 {
            let email = try #require(EmailAddress("user\(number)@example.com"))
            _ = throttle.begin(email: email, address: "192.0.2.\(number)", at: start)
        }
        #expect(throttle.count == 100)
        _ = throttle.begin(email: try #require(ann), address: "192.0.2.200", at: minute(16))
        #expect(throttle.count == 2)
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "20:1:d:b8:0:1:0:2/64"), ("2001:db8:1:2::9", "20:1:d:b8:0:1:0:2/64"),
        ("unknown", "unknown"),
    ])
    func `all addresses of one IPv6 network are one`(address: String, network: String) {
        #expect(LoginThrottle.network(of: address) == network)
    }
}
