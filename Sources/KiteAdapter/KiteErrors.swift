import Brokers
import KiteConnect

extension BrokerError {
    /// Keeps what Kite's error says of the effect.
    init(_ error: KiteError) {
        let outcome: Outcome =
            switch error.effect {
            case .none: .notSent
            case .refused: .rejected
            case .unknown: .unknown
            }
        self.init(outcome, Cause(error.code), error.message)
    }
}

extension BrokerError.Cause {
    /// The sort of fault behind one of Kite's codes.
    init(_ code: KiteError.Code) {
        self =
            switch code {
            case .token, .user: .session
            case .permission: .permission
            case .input, .notFound: .input
            case .margin: .margin
            case .holding, .authorisationRequired: .holding
            case .order, .orderTimedOut: .order
            case .rateLimited, .orderLimit: .rateLimited
            case .timeout: .timeout
            case .network, .transport, .cancelled: .unreachable
            default: .invalidAnswer
            }
    }
}
