import Accounts
import HTTPTypes
import Hummingbird
import JSON
import Trading

/// `POST /api/v1/auth/login`: e-mail address and password against an access token.
struct LoginRoute: Sendable {
    let signIn: SignIn
    let now: WallClock

    var routes: [Route] {
        [.open(.post, "/api/v1/auth/login") { request, context in try await login(request, context) }]
    }

    private func login(_ request: Request, _ context: APIContext) async throws -> Response {
        let fields = try await BodyFields.read(
            request, allowed: ["email", "password", "persist_session", "device_fingerprint"])
        let email = try fields.required("email", fields.text("email", 1...254))
        let password = try fields.required("password", fields.text("password", 1...BodyFields.maximumBytes))
        _ = try fields.flag("persist_session")
        _ = try fields.text("device_fingerprint", 0...255)
        // What is no address belongs to nobody; the answer tells no more than that.
        guard let address = EmailAddress(email) else { throw Refusal(.wrongCredentials) }
        do throws(SignInError) {
            let done = try await signIn.login(
                email: address, password: Secret(password), address: context.address, at: now())
            return JSONAnswer.response(Self.body(of: done))
        } catch {
            throw Refusal(error)
        }
    }

    private static func body(of done: SignedIn) -> JSONWriter {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("access_token")
        writer.value(done.accessToken.reveal())
        writer.key("token_type")
        writer.value("Bearer")
        writer.key("expires_in")
        writer.value(done.expiresIn.components.seconds)
        writer.key("user")
        writer.beginObject()
        writer.key("user_id")
        writer.value(done.user.id.description)
        writer.key("email")
        writer.value(done.user.email.text)
        writer.key("name")
        writer.value(done.user.name)
        writer.key("roles")
        writer.beginArray()
        for role in done.user.roles.map(\.rawValue).sorted() { writer.value(role) }
        writer.endArray()
        writer.key("mfa_enabled")
        writer.value(false)
        writer.endObject()
        writer.key("refresh_token")
        writer.null()
        writer.endObject()
        return writer
    }
}
