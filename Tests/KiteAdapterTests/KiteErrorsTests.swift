import Brokers
import KiteConnect
import Testing

@testable import KiteAdapter

struct KiteErrorsTests {
    /// Every code of Kite's errors and the sort of fault it is.
    static let causes: [(KiteError.Code, BrokerError.Cause)] = [
        (.token, .session), (.user, .session), (.permission, .permission), (.input, .input), (.notFound, .input),
        (.margin, .margin), (.holding, .holding), (.authorisationRequired, .holding), (.order, .order),
        (.orderTimedOut, .order), (.rateLimited, .rateLimited), (.orderLimit, .rateLimited), (.timeout, .timeout),
        (.network, .unreachable), (.transport, .unreachable), (.cancelled, .unreachable), (.data, .invalidAnswer),
        (.general, .invalidAnswer), (.invalidResponse, .invalidAnswer), ("not_yet_known", .invalidAnswer),
    ]

    static let outcomes: [(KiteError.Effect, BrokerError.Outcome)] = [
        (.none, .notSent), (.refused, .rejected), (.unknown, .unknown),
    ]

    @Test(arguments: causes)
    func `what may have happened and the sort of fault are kept apart`(code: KiteError.Code, cause: BrokerError.Cause) {
        for (effect, outcome) in Self.outcomes {
            let error = BrokerError(KiteError(code, effect: effect, message: "Said so.", httpStatus: 400))
            #expect(error == BrokerError(outcome, cause, "Said so."))
        }
    }
}
