import Foundation
import Trading

/// Counts failed sign-ins by e-mail address and by network address, and says when enough is enough.
///
/// An attempt counts from its start, so that a hundred at once are not a hundred free ones; one that succeeds, or that
/// was never judged, is taken back.
package struct LoginThrottle: Sendable {
    /// Whether an attempt may be made.
    package enum Admission: Sendable, Hashable {
        case admitted
        /// Not before this time has passed.
        case refused(retryAfter: Duration)
    }

    /// How far back failures count.
    package static let window: Duration = .seconds(15 * 60)
    /// How many failures an e-mail address has in a window.
    package static let failuresPerAccount = 10
    /// How many failures a network address has in a window.
    package static let failuresPerAddress = 100

    private var byAccount: [EmailAddress: [Timestamp]] = [:]
    private var byAddress: [String: [Timestamp]] = [:]
    private var nextSweep: Timestamp?

    /// Starts without a failure.
    package init() {}

    /// Counts an attempt, unless there were too many; whether the account exists makes no difference.
    package mutating func begin(email: EmailAddress, address: String, at now: Timestamp) -> Admission {
        sweep(at: now)
        let network = Self.network(of: address)
        let ofAccount = Self.recent(byAccount[email] ?? [], at: now)
        let ofAddress = Self.recent(byAddress[network] ?? [], at: now)
        let waits = [
            Self.wait(ofAccount, limit: Self.failuresPerAccount, at: now),
            Self.wait(ofAddress, limit: Self.failuresPerAddress, at: now),
        ].compactMap { $0 }
        if let longest = waits.max() { return .refused(retryAfter: longest) }
        byAccount[email] = ofAccount + [now]
        byAddress[network] = ofAddress + [now]
        return .admitted
    }

    /// Takes an attempt back that was not judged, as when the machine was too busy.
    package mutating func withdraw(email: EmailAddress, address: String, at start: Timestamp) {
        remove(start, of: email)
        removeAddress(start, of: address)
    }

    /// Clears an account's failures after a right password; its network address keeps those of others.
    package mutating func succeed(email: EmailAddress, address: String, at start: Timestamp) {
        byAccount[email] = nil
        removeAddress(start, of: address)
    }

    /// How many addresses of either sort are held.
    var count: Int { byAccount.count + byAddress.count }

    private mutating func remove(_ start: Timestamp, of email: EmailAddress) {
        guard var starts = byAccount[email], let index = starts.lastIndex(of: start) else { return }
        starts.remove(at: index)
        byAccount[email] = starts.isEmpty ? nil : starts
    }

    private mutating func removeAddress(_ start: Timestamp, of address: String) {
        let network = Self.network(of: address)
        guard var starts = byAddress[network], let index = starts.lastIndex(of: start) else { return }
        starts.remove(at: index)
        byAddress[network] = starts.isEmpty ? nil : starts
    }

    /// Once a minute, forgets whoever has no failure left in the window.
    private mutating func sweep(at now: Timestamp) {
        if let due = nextSweep, now < due, due.since(now) <= .seconds(60) { return }
        nextSweep = now.advanced(by: .seconds(60))
        byAccount = byAccount.filter { !Self.recent($0.value, at: now).isEmpty }
        byAddress = byAddress.filter { !Self.recent($0.value, at: now).isEmpty }
    }

    /// Failures a whole window ahead of a clock that was set back do not count for ever.
    private static func recent(_ times: [Timestamp], at now: Timestamp) -> [Timestamp] {
        times.filter { now.since($0) < window && $0.since(now) < window }
    }

    private static func wait(_ times: [Timestamp], limit: Int, at now: Timestamp) -> Duration? {
        guard times.count >= limit else { return nil }
        return times[times.count - limit].advanced(by: window).since(now)
    }

    /// An IPv4 address, or the first 64 bits of an IPv6 address: one household has them all.
    static func network(of address: String) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        if isMapped { return bytes[12...].map(String.init).joined(separator: ".") }
        return bytes[..<8].map { String($0, radix: 16) }.joined(separator: ":") + "/64"
    }
}
