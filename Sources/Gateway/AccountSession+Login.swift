import Brokers
import Trading

/// Whether a broker lets an account in.
package enum BrokerLogin: Sendable, Hashable {
    /// It does, until a moment; nil where none is known.
    case valid(until: Timestamp?)
    /// It does not; the reason is a sentence for people.
    case missing(reason: String)
}

extension AccountSession {
    /// Takes news of the account's login at the broker.
    ///
    /// Without one no order leaves and nothing is asked; orders on their way are seen through, and those in doubt stay
    /// in doubt. With a new one the book is read again, since much may have happened meanwhile.
    package func setLogin(_ login: BrokerLogin) {
        let wasOut = signedOutReason != nil
        self.login = login
        guard wasOut, signedOutReason == nil else { return }
        workInput.yield {
            await self.readBook()
            await self.readPortfolio()
        }
    }

    /// Why the broker does not let the account in; nil where it does. The moment decides, not who noticed it.
    var signedOutReason: String? {
        switch login {
        case .missing(let reason): reason
        case .valid(let end?) where parts.time.now() >= end:
            "The login at the broker ended at \(end.indianText) Indian time and has not been renewed yet."
        case .valid: nil
        }
    }

    /// Refuses where no order may leave.
    func requireReady() throws(GatewayError) {
        switch state.readiness {
        case .ready: return
        case .signedOut(let reason): throw .signedOut(reason: reason)
        case .starting(let reason): throw .notReady(reason: reason)
        case .stopped: throw .notReady(reason: "The account's session has stopped.")
        }
    }

    /// Refuses a question to a broker that does not let us in.
    func requireLogin() throws(BrokerError) {
        if let reason = signedOutReason { throw BrokerError(.notSent, .session, reason) }
    }
}
