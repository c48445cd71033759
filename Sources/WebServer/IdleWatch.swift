import NIOCore

/// Since when a connection's client owes something, if it does.
struct IdleWatch {
    enum Verdict: Equatable {
        case expired
        /// Nothing is overdue before then.
        case lookAgain(NIODeadline)
    }

    let timeout: TimeAmount
    /// Since when a request, or the rest of one, is awaited; parts that trickle in do not reset it.
    var waitingSince: NIODeadline?
    /// Since when the client has not read what was written.
    var stalledSince: NIODeadline?

    func verdict(now: NIODeadline) -> Verdict {
        let dues = [waitingSince, stalledSince].compactMap { $0.map { $0 + timeout } }
        if dues.contains(where: { $0 <= now }) { return .expired }
        return .lookAgain(dues.min() ?? now + timeout)
    }
}
