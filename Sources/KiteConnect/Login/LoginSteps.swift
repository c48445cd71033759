import JSON
import NIOCore

/// Reads the answers of Kite's web during a login. Pure.
enum LoginSteps {
    /// Where a visit of the login page led.
    enum Visit: Hashable {
        case token(String)
        case follow(WebAddress)
    }

    /// The request id in the answer to user id and password.
    static func requestID(_ answer: WebAnswer) throws(KiteLoginError) -> String {
        let data = try data(answer, refusal: .wrongPassword)
        let types =
            [data["twofa_type"]].compactMap { $0?.string }
            + (data["twofa_types"]?.array ?? []).compactMap(\.string)
        guard types.isEmpty || types.contains("totp") else {
            throw KiteLoginError(
                .secondFactor, "Kite asks for another second factor than time codes; set up TOTP at Kite.")
        }
        if data["captcha"]?.bool == true { throw KiteLoginError(.captcha, "Kite asks for a captcha.") }
        guard let id = data["request_id"]?.string, !id.isEmpty else {
            throw KiteLoginError(.unknownPage, "Kite's answer to the password has no request id.")
        }
        return id
    }

    /// Checks the answer to the one-time code.
    static func confirm(_ answer: WebAnswer) throws(KiteLoginError) {
        _ = try data(answer, refusal: .wrongCode)
    }

    /// What a visit of the login page with cookies led to.
    static func visit(_ answer: WebAnswer, at address: WebAddress) throws(KiteLoginError) -> Visit {
        guard (300..<400).contains(answer.status), let location = answer.location else {
            if let trouble = trouble(answer.status) { throw trouble }
            throw KiteLoginError(
                .unknownPage, "Kite shows a page instead of going on; log in once in a browser to see what it asks.",
                httpStatus: answer.status)
        }
        if let query = QueryText.query(of: location), let pairs = QueryText.pairs(query),
            pairs.contains(where: { $0.name == "request_token" })
        {
            let status = QueryText.only("status", in: pairs)
            guard status == nil || status == "success" else {
                throw KiteLoginError(.declined, "Kite came back without success.")
            }
            guard let token = QueryText.only("request_token", in: pairs), LoginCallback.isToken(token) else {
                throw KiteLoginError(.unknownPage, "Kite's redirect has no request token that can be read.")
            }
            return .token(token)
        }
        guard let next = address.resolving(location), next.sharesOrigin(with: address) else {
            throw KiteLoginError(
                .leavesHost, "Kite's login leads to another host without a request token; nothing was sent there.")
        }
        return .follow(next)
    }

    /// How long to wait before a second code where the first may have come too late; nil where it was simply wrong.
    ///
    /// A code made in the last five seconds of its step may have arrived in the next.
    static func waitForNextCode(codeMade: KiteTime, now: KiteTime) -> Duration? {
        guard KiteTimeCode.secondsLeft(at: codeMade) <= 5 else { return nil }
        let step = KiteTimeCode.stepSeconds
        let isNextStep = now.unixSeconds / step > codeMade.unixSeconds / step
        return isNextStep ? .zero : .seconds(KiteTimeCode.secondsLeft(at: now))
    }

    /// The data of a success; a refusal becomes a typed error.
    private static func data(
        _ answer: WebAnswer, refusal: KiteLoginError.Code
    ) throws(KiteLoginError) -> JSONObject {
        if let trouble = trouble(answer.status) { throw trouble }
        switch Envelope(answer.body) {
        case .success(let data) where answer.status == 200: return data.object ?? JSONObject([])
        case .failure(let type, let message):
            throw KiteLoginError(
                code(type: type, message: message, refusal: refusal), message, httpStatus: answer.status)
        case .success, .foreign:
            throw KiteLoginError(
                .unknownPage, "Kite's web answers with a page that is not known here.", httpStatus: answer.status)
        }
    }

    /// Faults that say nothing of what was sent.
    private static func trouble(_ status: Int) -> KiteLoginError? {
        switch status {
        case 429: KiteLoginError(.rateLimited, "Kite asks to slow down.", httpStatus: status)
        case 500...599: KiteLoginError(.unavailable, "Kite's web has trouble of its own.", httpStatus: status)
        default: nil
        }
    }

    private static func code(type: String?, message: String, refusal: KiteLoginError.Code) -> KiteLoginError.Code {
        let folded = message.lowercased()
        if folded.contains("captcha") { return .captcha }
        if ["locked", "blocked", "disabled", "suspended", "maximum", "too many"].contains(where: folded.contains) {
            return .accountLocked
        }
        if type == "NetworkException" || type == "GeneralException" { return .unavailable }
        return refusal
    }
}
