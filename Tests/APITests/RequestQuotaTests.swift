import HTTPTypes
import JSON
import Testing
import Trading

@testable import API

struct RequestQuotaTests {
    @Test func `a caller has so many requests a minute and a new minute is a new start`() throws {
        let quota = RequestQuota(limits: RequestLimits(perUser: 2, perAddress: nil))
        let start = Timestamp(seconds: 600)
        let count = { (user: Int64, second: Int64) in
            quota.count(.user(user), isUser: true, at: Timestamp(seconds: second))
        }
        #expect(count(1, 600) == QuotaReading(limit: 2, remaining: 1, reset: 660, isExceeded: false))
        #expect(count(1, 630) == QuotaReading(limit: 2, remaining: 0, reset: 660, isExceeded: false))
        #expect(count(1, 659)?.isExceeded == true)
        #expect(count(2, 659)?.isExceeded == false)
        #expect(count(1, 660)?.remaining == 1)
        #expect(quota.count(.address("192.0.2.1"), isUser: false, at: start) == nil)
    }

    @Test func `over the limit is 429 with the headers of the reference`() async throws {
        try await House.run {
            $0.limits = RequestLimits(perUser: 2, perAddress: 1)
        } _: { house in
            let first = try await house.send(.get, "/accounts", as: house.ann)
            #expect(first.headers[.rateLimitLimit] == "2")
            #expect(first.headers[.rateLimitRemaining] == "1")
            #expect(first.headers[.rateLimitReset] == "1762488060")
            _ = try await house.send(.get, "/accounts", as: house.ann)
            let third = try await house.send(.get, "/accounts", as: house.ann)
            #expect(third.status == 429)
            #expect(third.string("code") == "rate_limited")
            #expect(third.headers[.retryAfter] == "60")
            #expect(third.headers[.rateLimitRemaining] == "0")
            #expect(try await house.send(.get, "/accounts", as: house.tom).status == 200)
            #expect(try await house.send(.get, "/accounts", as: nil).status == 401)
            #expect(try await house.send(.get, "/accounts", as: House.forged).status == 429)
            #expect(try await house.send(.get, "/health", as: nil).status == 200)
            house.clock.advance(by: .seconds(60))
            #expect(try await house.send(.get, "/accounts", as: house.ann).status == 200)
        }
    }
}
