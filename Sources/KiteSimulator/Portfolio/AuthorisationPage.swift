import HTTPTypes
import Hummingbird

/// The pages on which a person lets shares out of the demat account, as little as a browser needs.
enum AuthorisationPage {
    /// What is asked for, with the two answers to it.
    static func form(path: String, _ request: AuthorisationRequest) -> Response {
        let items = request.items.map { "<li>\($0.quantity) of \(LoginPage.escaped($0.isin))</li>" }.joined()
        let list = request.items.isEmpty ? "<p>All holdings.</p>" : "<ul>\(items)</ul>"
        return page(
            """
            <p>Shares of \(LoginPage.escaped(request.userID)) to be sold until 17:30:</p>\(list)
            <form method="post" action="\(LoginPage.escaped(path))">
            <button name="decision" value="allow">Authorise</button>
            <button name="decision" value="refuse">Cancel</button></form>
            """)
    }

    /// Sends the browser to where it ends.
    static func finished(_ path: String, isDone: Bool) -> Response {
        let address = "\(path)/finish?status=\(isDone ? "success" : "error")"
        return Response(status: .found, headers: [.location: address, .cacheControl: "no-store"])
    }

    /// Where it ends.
    static func finish(isDone: Bool) -> Response {
        page(isDone ? "<p>The holdings are authorised.</p>" : "<p>The holdings were not authorised.</p>")
    }

    private static func page(_ body: String) -> Response {
        Reply.page(
            "<!doctype html><html lang=\"en\"><title>Kite simulator</title><h1>Holdings authorisation</h1>"
                + "\(body)</html>")
    }
}
