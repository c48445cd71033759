/// What an answer says of itself once its body was read.
struct AnswerReading: Sendable, Hashable {
    /// The body's kind.
    enum Content: Sendable, Hashable {
        /// An envelope that reports success and carries data, `null` included.
        case success
        /// An envelope that reports an error.
        case failure(type: String?, message: String)
        /// A complete body that is not an envelope: empty, HTML, garbage, truncated JSON.
        case foreign
        /// The body did not arrive in full.
        case cut(WireFault)
        /// The body was larger than the limit.
        case tooLarge
    }

    var status: Int
    var content: Content
}

/// The one place that decides what a fault means and whether a call may have taken effect.
enum OutcomeClassification {
    /// The error of a request that brought no status line.
    static func error(neverSent fault: WireFault) -> KiteError {
        KiteError(code(of: fault), effect: .none, message: sentence(fault) + "; nothing was sent")
    }

    /// The error of a request that may have arrived but was not answered.
    static func error(noAnswer fault: WireFault, intent: Intent) -> KiteError {
        KiteError(code(of: fault), effect: doubt(intent), message: sentence(fault) + "; no answer was read")
    }

    /// The error of an answer; nil when it is a success whose data may be used.
    static func error(_ reading: AnswerReading, intent: Intent) -> KiteError? {
        let status = reading.status
        switch reading.content {
        case .success where (200..<300).contains(status): return nil
        case .failure(let type, let message):
            return envelopeError(status: status, type: type, message: message, intent: intent)
        case .cut(let fault) where fault != .timeout && fault != .cancelled:
            return foreign(status, "the answer was cut off", intent)
        case .cut(let fault):
            return KiteError(
                code(of: fault), effect: doubt(intent), message: "the answer was not complete in time",
                httpStatus: status)
        case .tooLarge:
            return foreign(status, "the answer is larger than allowed", intent)
        case .success, .foreign:
            return foreign(status, "the answer is not what Kite documents", intent)
        }
    }

    /// The error of a success whose data lacks what the call promises.
    static func error(unreadable detail: String, status: Int?, intent: Intent) -> KiteError {
        KiteError(.invalidResponse, effect: doubt(intent), message: detail, httpStatus: status)
    }

    private static func doubt(_ intent: Intent) -> KiteError.Effect {
        intent == .write ? .unknown : .none
    }

    private static func foreign(_ status: Int, _ sentence: String, _ intent: Intent) -> KiteError {
        switch status {
        case 429:
            KiteError(.rateLimited, effect: .none, message: "too many requests", httpStatus: status)
        case 502, 503, 504:
            KiteError(.network, effect: doubt(intent), message: sentence, httpStatus: status)
        case 300..<400:
            KiteError(
                .invalidResponse, effect: doubt(intent), message: "the answer is a redirect, which is not followed",
                httpStatus: status)
        default:
            KiteError(.invalidResponse, effect: doubt(intent), message: sentence, httpStatus: status)
        }
    }

    private static func envelopeError(status: Int, type: String?, message: String, intent: Intent) -> KiteError {
        let code = code(status: status, type: type, message: message, intent: intent)
        return KiteError(
            code, effect: effect(status: status, code: code, intent: intent), message: message, httpStatus: status,
            errorType: type)
    }

    private static func code(status: Int, type: String?, message: String, intent: Intent) -> KiteError.Code {
        if status == 429 { return .rateLimited }
        let folded = message.lowercased().filter { $0 != " " && $0 != "-" }
        if intent == .write, type != "TokenException", speaksOfTimeout(folded) { return .orderTimedOut }
        if folded.hasPrefix("maximumallowedorder") { return .orderLimit }
        if speaksOfAddress(folded) { return .permission }
        if status == 428 { return .authorisationRequired }
        switch type {
        case "TokenException": return .token
        case "UserException", "TwoFAException": return .user
        case "PermissionException", "PermissionError": return .permission
        case "InputException": return status == 404 || status == 405 || status == 410 ? .notFound : .input
        case "OrderException": return .order
        case "MarginException": return .margin
        case "HoldingException": return .holding
        case "NetworkException": return .network
        case "DataException": return .data
        default: return status == 404 || status == 405 || status == 410 ? .notFound : .general
        }
    }

    private static func effect(status: Int, code: KiteError.Code, intent: Intent) -> KiteError.Effect {
        if code == .rateLimited { return .none }
        // A dead session is turned away at the door, whatever number the status carries.
        if code == .token { return .refused }
        guard (400..<500).contains(status) || status == 200, status != 408 else { return doubt(intent) }
        switch code {
        case .orderTimedOut, .network, .data: return doubt(intent)
        case .general where status == 200: return doubt(intent)
        default: return .refused
        }
    }

    /// Whether a message says that the order system was not heard from in time.
    ///
    /// "Check the orderbook for open orders." ends Kite's refusal for lack of funds and is none of these.
    private static func speaksOfTimeout(_ folded: String) -> Bool {
        ["timedout", "timeout", "pleasechecktheorderbook", "pleasecheckorderbook", "pleasecheckyourorderbook"]
            .contains { folded.contains($0) }
    }

    /// Whether a message is the refusal of the caller's address, which comes under three different types.
    private static func speaksOfAddress(_ folded: String) -> Bool {
        folded.hasPrefix("noipsconfigured") || folded.contains("isnotallowedtoplaceordersforthisapp")
    }

    private static func code(of fault: WireFault) -> KiteError.Code {
        switch fault {
        case .connectTimeout, .poolTimeout, .timeout: .timeout
        case .connectFailed, .tlsFailed, .connectionLost: .transport
        case .cancelled: .cancelled
        case .malformed, .redirected: .invalidResponse
        }
    }

    private static func sentence(_ fault: WireFault) -> String {
        switch fault {
        case .connectFailed: "no connection to Kite could be made"
        case .tlsFailed: "no secure connection to Kite could be made"
        case .connectTimeout: "connecting to Kite took too long"
        case .poolTimeout: "no connection became free in time"
        case .timeout: "Kite did not answer in time"
        case .connectionLost: "the connection to Kite was lost"
        case .cancelled: "the call was cancelled"
        case .malformed: "what came back is not HTTP"
        case .redirected: "the call was redirected"
        }
    }
}
