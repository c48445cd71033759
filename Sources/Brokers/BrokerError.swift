/// Why a call to a broker did not succeed; says first whether it may have happened.
package struct BrokerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Whether the request took effect.
    package enum Outcome: Sendable, Hashable {
        /// It certainly did not; sending it again cannot double it.
        case notSent
        /// The broker refused it for good.
        case rejected
        /// It may have; look it up before anything else.
        case unknown
    }

    /// What sort of fault it was.
    package enum Cause: String, Sendable, Hashable {
        case unreachable, timeout, rateLimited, session, permission, input, margin, holding, order, invalidAnswer
        case unsupported
    }

    /// Whether the request took effect.
    package let outcome: Outcome
    /// What sort of fault it was.
    package let cause: Cause
    /// The broker's or our sentence, free of secrets.
    package let message: String

    /// Puts an error together.
    package init(_ outcome: Outcome, _ cause: Cause, _ message: String) {
        self.outcome = outcome
        self.cause = cause
        self.message = message
    }

    /// The sentence.
    package var description: String { message }
}
