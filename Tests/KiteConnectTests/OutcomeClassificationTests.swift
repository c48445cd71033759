import Testing

@testable import KiteConnect

/// The table of decisions: what came back, and for a read and a write what it means.
@Suite struct OutcomeClassificationTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var status: Int
        var content: AnswerReading.Content
        var code: KiteError.Code
        var write: KiteError.Effect
        var read: KiteError.Effect

        var testDescription: String { "\(status) \(content)" }

        init(
            _ status: Int, _ content: AnswerReading.Content, _ code: KiteError.Code, write: KiteError.Effect,
            read: KiteError.Effect
        ) {
            self.status = status
            self.content = content
            self.code = code
            self.write = write
            self.read = read
        }
    }

    static func failure(_ type: String?, _ message: String = "a sentence") -> AnswerReading.Content {
        .failure(type: type, message: message)
    }

    static let refusals: [Row] = [
        Row(403, failure("TokenException"), .token, write: .refused, read: .refused),
        Row(403, failure("UserException"), .user, write: .refused, read: .refused),
        Row(403, failure("TwoFAException"), .user, write: .refused, read: .refused),
        Row(403, failure("PermissionException"), .permission, write: .refused, read: .refused),
        Row(403, failure("PermissionError"), .permission, write: .refused, read: .refused),
        Row(400, failure("InputException"), .input, write: .refused, read: .refused),
        Row(400, failure("OrderException"), .order, write: .refused, read: .refused),
        Row(400, failure("MarginException"), .margin, write: .refused, read: .refused),
        Row(400, failure("HoldingException"), .holding, write: .refused, read: .refused),
        Row(428, failure("HoldingException"), .authorisationRequired, write: .refused, read: .refused),
        Row(400, failure("GeneralException"), .general, write: .refused, read: .refused),
        Row(404, failure("InputException"), .notFound, write: .refused, read: .refused),
        Row(405, failure(nil), .notFound, write: .refused, read: .refused),
        Row(200, failure("InputException"), .input, write: .refused, read: .refused),
        Row(
            400, failure("NetworkException", "Maximum allowed order modifications exceeded."), .orderLimit,
            write: .refused, read: .refused),
        Row(
            403, failure("InputException", "No IPs configured for this app. Add allowed IPs on the console."),
            .permission, write: .refused, read: .refused),
        Row(
            403, failure("GeneralException", "IP (1.2.3.4) is not allowed to place orders for this app."), .permission,
            write: .refused, read: .refused),
        Row(
            400,
            failure(
                "MarginException",
                "Insufficient funds. Required margin is 95417.84 but available margin is 74251.80. "
                    + "Check the orderbook for open orders."), .margin, write: .refused, read: .refused),
    ]

    static let doubts: [Row] = [
        Row(500, failure("OrderException"), .order, write: .unknown, read: .none),
        Row(500, failure("GeneralException"), .general, write: .unknown, read: .none),
        Row(502, failure("DataException"), .data, write: .unknown, read: .none),
        Row(503, failure("NetworkException"), .network, write: .unknown, read: .none),
        Row(504, failure("NetworkException"), .network, write: .unknown, read: .none),
        Row(400, failure("NetworkException"), .network, write: .unknown, read: .none),
        Row(400, failure("DataException"), .data, write: .unknown, read: .none),
        Row(408, failure("GeneralException"), .general, write: .unknown, read: .none),
        Row(200, failure("GeneralException"), .general, write: .unknown, read: .none),
        Row(200, failure(nil), .general, write: .unknown, read: .none),
        Row(200, .foreign, .invalidResponse, write: .unknown, read: .none),
        Row(204, .foreign, .invalidResponse, write: .unknown, read: .none),
        Row(302, .foreign, .invalidResponse, write: .unknown, read: .none),
        Row(307, .success, .invalidResponse, write: .unknown, read: .none),
        Row(403, .foreign, .invalidResponse, write: .unknown, read: .none),
        Row(502, .foreign, .network, write: .unknown, read: .none),
        Row(503, .foreign, .network, write: .unknown, read: .none),
        Row(500, .foreign, .invalidResponse, write: .unknown, read: .none),
        Row(200, .cut(.connectionLost), .invalidResponse, write: .unknown, read: .none),
        Row(200, .cut(.timeout), .timeout, write: .unknown, read: .none),
        Row(200, .cut(.cancelled), .cancelled, write: .unknown, read: .none),
        Row(200, .tooLarge, .invalidResponse, write: .unknown, read: .none),
    ]

    static let turnedAway: [Row] = [
        Row(429, failure("NetworkException", "Too many requests"), .rateLimited, write: .none, read: .none),
        Row(429, .foreign, .rateLimited, write: .none, read: .none),
        Row(429, failure(nil), .rateLimited, write: .none, read: .none),
    ]

    @Test(arguments: refusals + doubts + turnedAway)
    func `every answer has one meaning for a read and one for a write`(row: Row) throws {
        let reading = AnswerReading(status: row.status, content: row.content)
        let write = try #require(OutcomeClassification.error(reading, intent: .write))
        let read = try #require(OutcomeClassification.error(reading, intent: .read))
        #expect(write.code == row.code)
        #expect(write.effect == row.write)
        #expect(read.code == row.code)
        #expect(read.effect == row.read)
        #expect(write.httpStatus == row.status)
    }

    @Test(
        arguments: [
            "Gateway timed out. Please check the order book and place the order again.",
            "Order request timed out. Please check the orderbook before placing the order again.",
            "The order management system time-out. Please check the order book.",
            "Request Timeout",
        ], ["OrderException", "NetworkException", "InputException", "GeneralException"])
    func `a 400 that speaks of a timeout leaves a write in doubt`(message: String, type: String) throws {
        let reading = AnswerReading(status: 400, content: .failure(type: type, message: message))
        let write = try #require(OutcomeClassification.error(reading, intent: .write))
        #expect(write.code == .orderTimedOut)
        #expect(write.effect == .unknown)
        let read = try #require(OutcomeClassification.error(reading, intent: .read))
        #expect(read.effect != .unknown)
    }

    @Test(arguments: [
        WireFault.connectFailed, .tlsFailed, .connectTimeout, .poolTimeout, .timeout, .connectionLost, .cancelled,
        .malformed, .redirected,
    ])
    func `what was never sent had no effect, what was not answered leaves a write in doubt`(fault: WireFault) {
        #expect(OutcomeClassification.error(neverSent: fault).effect == .none)
        #expect(OutcomeClassification.error(noAnswer: fault, intent: .write).effect == .unknown)
        #expect(OutcomeClassification.error(noAnswer: fault, intent: .read).effect == .none)
    }

    @Test func `a success is no error`() {
        #expect(OutcomeClassification.error(AnswerReading(status: 200, content: .success), intent: .write) == nil)
    }

    @Test func `only harmless repetitions are called retryable`() {
        #expect(OutcomeClassification.error(neverSent: .connectFailed).isRetryable)
        #expect(!OutcomeClassification.error(noAnswer: .timeout, intent: .write).isRetryable)
        #expect(OutcomeClassification.error(noAnswer: .timeout, intent: .read).isRetryable)
        #expect(!KiteError(.input, effect: .none, message: "").isRetryable)
        #expect(!KiteError(.token, effect: .refused, message: "").isRetryable)
    }

    @Test(arguments: ["", "\"message\":\"\",", "\"message\":null,"])
    func `an error without a message says so`(member: String) {
        let body = "{\"status\":\"error\",\(member)\"error_type\":\"OrderException\"}"
        let error = #expect(throws: KiteError.self) { try KiteAnswer.data(from: Array(body.utf8)) }
        #expect(error?.code == .order && error?.message == "Kite gave no message")
    }

    @Test func `messages are bounded and one line`() {
        let error = KiteError(.general, effect: .refused, message: String(repeating: "a\n", count: 4000))
        #expect(error.message.count == 500)
        #expect(!error.message.contains("\n"))
        #expect(!error.description.contains("\n"))
    }
}
