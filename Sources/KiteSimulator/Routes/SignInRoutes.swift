import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Synchronization
import Trading

/// Signing in as the broker's website does it. Source: Kite Connect, login flow; the web's own calls as people script
/// them.
extension SimulatedKite {
    /// `GET` and `POST /connect/login`: the page, or the way back to the app for who is signed in already.
    func login(_ call: KiteCall) async throws(KiteRefusal) -> Response {
        let fields = call.fields
        let apiKey = try fields.required("api_key")
        guard let app = sessions.withLock({ $0.app(apiKey) }) else { throw .apiKey }
        let parameters = fields["redirect_params"]
        if call.method == .get {
            guard let userID = visitor(call) else {
                return LoginPage.form(apiKey: apiKey, redirectParameters: parameters)
            }
            return try grant(userID, app, parameters, at: call.time)
        }
        let user = sessions.withLock { $0.user(fields["user_id"] ?? "") }
        do {
            try signIns.withLock { (signIns) throws(KiteRefusal) in
                try signIns.check(user, password: fields["password"], code: fields["totp"], at: call.time)
            }
        } catch {
            counts.add(.signInFailures)
            let message =
                error == .signInLocked ? error.message : "User ID, password or one-time code is wrong."
            return LoginPage.form(apiKey: apiKey, redirectParameters: parameters, message: message)
        }
        return try grant(user?.userID ?? "", app, parameters, at: call.time)
    }

    /// `POST /api/login`
    func beginSignIn(_ call: KiteCall) throws(KiteRefusal) -> Response {
        let userID = try call.fields.required("user_id")
        let password = try call.fields.required("password")
        let user = sessions.withLock { $0.user(userID) }
        let requestID = try counted { () throws(KiteRefusal) in
            try signIns.withLock { (signIns) throws(KiteRefusal) in
                try signIns.begin(user, password: password, at: call.time)
            }
        }
        return Reply.success { writer in
            writer.beginObject()
            writer.key("user_id")
            writer.value(userID)
            writer.key("request_id")
            writer.value(requestID)
            writer.key("twofa_type")
            writer.value("totp")
            writer.key("twofa_types")
            writer.strings(["totp"])
            writer.key("twofa_status")
            writer.value("active")
            writer.key("profile")
            writer.beginObject()
            writer.key("user_name")
            writer.value(user?.name ?? "")
            writer.key("avatar_url")
            writer.null()
            writer.endObject()
            writer.endObject()
        }
    }

    /// `POST /api/twofa`
    func finishSignIn(_ call: KiteCall) throws(KiteRefusal) -> Response {
        let userID = try call.fields.required("user_id")
        let requestID = try call.fields.required("request_id")
        let code = try call.fields.required("twofa_value")
        if let type = call.fields["twofa_type"], !["totp", "app_code"].contains(type) { throw .invalid("twofa_type") }
        let user = sessions.withLock { $0.user(userID) }
        let cookie = try counted { () throws(KiteRefusal) in
            try signIns.withLock { (signIns) throws(KiteRefusal) in
                try signIns.finish(user, requestID: requestID, code: code, at: call.time)
            }
        }
        var response = Reply.success { writer in
            writer.beginObject()
            writer.key("profile")
            writer.beginObject()
            writer.endObject()
            writer.endObject()
        }
        // The second and third stand for tokens of the website's own, which are not offered here.
        for (name, value, isHidden) in [
            (WebVisit.cookieName, cookie, true), ("user_id", userID, false),
            ("public_token", SessionBook.hexSHA256("public" + cookie), false),
            ("enctoken", SessionBook.hexSHA256("enc" + cookie), true),
        ] {
            response.headers.append(
                HTTPField(name: .setCookie, value: WebVisit.cookie(name, value, isHidden: isHidden)))
        }
        return response
    }

    /// The user who is signed in on the website with the browser of a call.
    private func visitor(_ call: KiteCall) -> String? {
        guard let cookie = WebVisit.cookie(in: call.cookie) else { return nil }
        return signIns.withLock { $0.user(ofVisit: cookie, at: call.time) }
    }

    private func grant(
        _ userID: String, _ app: SimulatorConfiguration.App, _ parameters: String?, at now: Timestamp
    ) throws(KiteRefusal) -> Response {
        let token = sessions.withLock {
            $0.mintRequestToken(
                userID: userID, apiKey: app.apiKey, lifetime: SessionBook.requestTokenLife, at: now)
        }
        guard let token else { throw .session }
        return LoginPage.granted(token, app: app, redirectParameters: parameters)
    }

    private func counted<Value>(_ attempt: () throws(KiteRefusal) -> Value) throws(KiteRefusal) -> Value {
        do {
            return try attempt()
        } catch {
            counts.add(.signInFailures)
            throw error
        }
    }
}

/// The cookie by which the website knows who is signed in.
enum WebVisit {
    static let cookieName = "kf_session"

    /// The visit's cookie out of a `Cookie` header; nil where it is not there.
    static func cookie(in header: String?) -> String? {
        for pair in (header ?? "").split(separator: ";") {
            let sides = pair.split(separator: "=", maxSplits: 1)
            guard sides.count == 2, sides[0].trimmingPrefix(while: { $0 == " " }) == cookieName else { continue }
            return String(sides[1])
        }
        return nil
    }

    /// A `Set-Cookie` value for the whole site until the browser closes; hidden ones are kept from scripts.
    static func cookie(_ name: String, _ value: String, isHidden: Bool) -> String {
        "\(name)=\(value); Path=/; SameSite=Lax" + (isHidden ? "; HttpOnly" : "")
    }
}
