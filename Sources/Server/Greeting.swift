import Accounts

/// What a person reads once everything answers.
struct Greeting {
    private let ready: ReadyFile

    /// Greets with these addresses and credentials.
    init(_ ready: ReadyFile) {
        self.ready = ready
    }

    /// A few lines: where to look, how to sign in, what to try.
    var text: String {
        var lines = ["", "Quantagro is ready."]
        let places: [(String, String?)] = [
            ("API", ready.addresses.api), ("User service", ready.addresses.user),
            ("Ticker service", ready.addresses.ticker), ("Paper exchange", ready.addresses.exchange),
        ]
        for (name, url) in places {
            if let url { lines.append("  \(name): \(url)") }
        }
        if let url = ready.addresses.exchangeAdmin, let secret = ready.exchangeAdminSecret {
            lines.append("  Paper exchange's admin API: \(url), bearer \(secret.reveal())")
        }
        if let demo = ready.demo, let api = ready.addresses.api {
            lines += [
                "", "Sign in as \(demo.email) with the password \(demo.password.reveal())",
                "(made up at this start and shown only here). Try:", "",
                "  TOKEN=$(curl -s \(api)/api/v1/auth/login -H 'Content-Type: application/json' \\",
                "    -d '{\"email\":\"\(demo.email)\",\"password\":\"\(demo.password.reveal())\"}' \\",
                "    | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')",
                "  curl -s -H \"Authorization: Bearer $TOKEN\" \(api)/accounts/primary/funds", "",
            ]
        }
        return lines.joined(separator: "\n")
    }
}
