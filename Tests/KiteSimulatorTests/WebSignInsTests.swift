import JSON
import Synchronization
import Testing
import Trading

@testable import KiteSimulator

/// The user with a one-time code of the tests.
private let asha = SimulatorConfiguration.User(
    userID: "AB1234", password: "pass", totpSecret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", name: "Asha", email: "a@b.c")

@Suite struct WebSignInsTests {
    private let start = Timestamp(seconds: 1_800_000_000)

    private func fresh() -> WebSignIns {
        let generator = Mutex(SplitMix(state: 3))
        return WebSignIns(random: { count in
            generator.withLock { generator in (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) } }
        })
    }

    private func code(_ time: Timestamp) -> String {
        TimeCode.code(secret: asha.totpSecret ?? "", at: time) ?? ""
    }

    private func refusal(_ body: () throws(KiteRefusal) -> Void) -> KiteRefusal? {
        do {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test func `password and code make a visit that ends at six in the morning`() throws {
        var book = fresh()
        let id = try book.begin(asha, password: "pass", at: start)
        let cookie = try book.finish(asha, requestID: id, code: code(start), at: start)
        let six = SessionBook.expiry(ofLoginAt: start)
        #expect(book.user(ofVisit: cookie, at: start) == "AB1234")
        #expect(book.user(ofVisit: cookie, at: six.advanced(by: .microseconds(-1))) == "AB1234")
        #expect(book.user(ofVisit: cookie, at: six) == nil)
        #expect(book.user(ofVisit: "x", at: start) == nil)
        book.endVisits(of: "AB1234")
        #expect(book.user(ofVisit: cookie, at: start) == nil)
    }

    @Test func `a code is taken once, the next one again`() throws {
        var book = fresh()
        let used = code(start)
        try book.check(asha, password: "pass", code: used, at: start)
        let again = refusal { () throws(KiteRefusal) in
            try book.check(asha, password: "pass", code: used, at: start.advanced(by: .seconds(1)))
        }
        #expect(again == .wrongCode)
        let later = start.advanced(by: .seconds(30))
        try book.check(asha, password: "pass", code: code(later), at: later)
    }

    @Test func `codes of the half minute before and after are taken, others not`() throws {
        for (offset, isTaken) in [(-90, false), (-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            var book = fresh()
            let text = code(start.advanced(by: .seconds(offset)))
            let refusal = refusal { () throws(KiteRefusal) in
                try book.check(asha, password: "pass", code: text, at: start)
            }
            #expect((refusal == nil) == isTaken, "\(offset)")
        }
    }

    @Test func `a request number is good once, for its user and for five minutes`() throws {
        var book = fresh()
        let id = try book.begin(asha, password: "pass", at: start)
        let ravi = SimulatorConfiguration.User(userID: "CD5678", password: "word", name: "Ravi", email: "r@b.c")
        func finish(_ user: SimulatorConfiguration.User?, _ id: String, at time: Timestamp) -> KiteRefusal? {
            refusal { () throws(KiteRefusal) in
                _ = try book.finish(user, requestID: id, code: code(time), at: time)
            }
        }
        #expect(finish(ravi, id, at: start) == .signInExpired)
        #expect(finish(asha, "other", at: start) == .signInExpired)
        #expect(finish(asha, id, at: start.advanced(by: .seconds(300))) == .signInExpired)
        #expect(finish(asha, id, at: start.advanced(by: .seconds(299))) == nil)
        #expect(finish(asha, id, at: start.advanced(by: .seconds(299))) == .signInExpired)
    }

    @Test func `five wrong attempts shut a user out for a quarter of an hour`() throws {
        var book = fresh()
        func attempt(_ password: String, _ code: String, at time: Timestamp) -> KiteRefusal? {
            refusal { () throws(KiteRefusal) in try book.check(asha, password: password, code: code, at: time) }
        }
        for _ in 0..<4 { #expect(attempt("wrong", "", at: start) == .wrongPassword) }
        #expect(attempt("pass", "000000", at: start) == .signInLocked)
        #expect(attempt("pass", code(start), at: start) == .signInLocked)
        let end = start.advanced(by: .seconds(900))
        #expect(attempt("pass", code(end), at: end.advanced(by: .microseconds(-1))) == .signInLocked)
        #expect(attempt("pass", code(end), at: end) == nil)
        for _ in 0..<4 { #expect(attempt("wrong", "", at: end) == .wrongPassword) }
        // A right one in between starts the count anew.
        let later = end.advanced(by: .seconds(60))
        #expect(attempt("pass", code(later), at: later) == nil)
        #expect(attempt("wrong", "", at: later) == .wrongPassword)
    }

    @Test func `an unknown user is told no more than a wrong password`() {
        var book = fresh()
        let unknown = refusal { () throws(KiteRefusal) in _ = try book.begin(nil, password: "x", at: start) }
        #expect(unknown == .wrongPassword)
    }
}
