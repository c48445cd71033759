import HTTPTypes
import Hummingbird

/// The sign-in page, as little as a browser needs. Source: Kite Connect, login flow.
enum LoginPage {
    /// The form; `message` says what went wrong before.
    static func form(apiKey: String, redirectParameters: String?, message: String? = nil) -> Response {
        let note = message.map { "<p role=\"alert\">\(escaped($0))</p>" } ?? ""
        return page(
            """
            \(note)<form method="post" action="/connect/login">
            <input type="hidden" name="api_key" value="\(escaped(apiKey))">
            <input type="hidden" name="redirect_params" value="\(escaped(redirectParameters ?? ""))">
            <label>User ID <input name="user_id" autocomplete="username" required></label>
            <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
            <label>One-time code <input name="totp" inputmode="numeric" autocomplete="one-time-code"></label>
            <button>Sign in</button></form>
            """, status: message == nil ? .ok : .forbidden)
    }

    /// Where the browser goes with its token: the app's address, or a page of the simulator where the app has none.
    static func granted(
        _ token: String, app: SimulatorConfiguration.App, redirectParameters: String?
    ) -> Response {
        let address = app.redirectURL ?? "/" + landingPath
        var query = "request_token=\(token)&action=login&type=login&status=success"
        if let redirectParameters, !redirectParameters.isEmpty, isQuery(redirectParameters) {
            query += "&" + redirectParameters
        }
        let separator = address.contains("?") ? "&" : "?"
        return Response(status: .found, headers: [.location: address + separator + query, .cacheControl: "no-store"])
    }

    /// Where browsers go for apps without an address of their own.
    static let landingPath = "connect/landing"

    /// Shows the token to a person who signs in without an app that could take it.
    static func landing(_ token: String?) -> Response {
        page("<p>Request token: <code>\(escaped(token ?? "none"))</code></p>")
    }

    private static func page(_ body: String, status: HTTPResponse.Status = .ok) -> Response {
        Reply.page(
            "<!doctype html><html lang=\"en\"><title>Kite simulator</title><h1>Kite simulator</h1>\(body)</html>",
            status: status)
    }

    /// Printable ASCII only: the text goes into a header.
    private static func isQuery(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }
    }

    /// Text with the characters that mean something in HTML replaced.
    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { output, character in
            switch character {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&#39;"
            default: output.append(character)
            }
        }
    }
}
