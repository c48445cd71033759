import Accounts
import Glibc
import JSON

/// Tells other programs where the listeners are and, in a demo, how to sign in.
package struct ReadyFile: Sendable {
    /// The addresses of the parts that run.
    package struct Addresses: Sendable {
        package var api: String?
        package var ticker: String?
        package var user: String?
        package var exchange: String?
        package var exchangeWebSocket: String?
        package var exchangeAdmin: String?

        /// No part runs.
        package init() {}
    }

    /// Where the parts listen.
    package var addresses: Addresses
    /// The demo's user and accounts; nil without a demo.
    package var demo: DemoCredentials?
    /// What the exchange's admin API asks for; nil where it is off.
    package var exchangeAdminSecret: Secret?
    /// The server's process.
    package var processID: Int32

    /// The file's JSON.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("api_url")
        writer.optional(addresses.api)
        writer.key("ticker_url")
        writer.optional(addresses.ticker)
        writer.key("user_url")
        writer.optional(addresses.user)
        writer.key("exchange_url")
        writer.optional(addresses.exchange)
        writer.key("exchange_ws_url")
        writer.optional(addresses.exchangeWebSocket)
        if let url = addresses.exchangeAdmin, let secret = exchangeAdminSecret {
            writer.key("exchange_admin_url")
            writer.value(url)
            writer.key("exchange_admin_secret")
            writer.value(secret.reveal())
        }
        if let demo { demo.write(to: &writer) }
        writer.key("pid")
        writer.value(processID)
        writer.endObject()
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    /// Writes the file with mode 0600 under another name and moves it into place, so that no reader sees half of it.
    package func write(to path: String) throws(StartError) {
        let draft = "\(path).\(processID).tmp"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .machine("\(path) cannot be written: \(String(cString: strerror(errno))).")
        }
        let bytes = json
        let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        let isSafe = fchmod(descriptor, 0o600) == 0 && fsync(descriptor) == 0
        close(descriptor)
        guard written == bytes.count, isSafe, rename(draft, path) == 0 else {
            unlink(draft)
            throw .machine("\(path) cannot be written: \(String(cString: strerror(errno))).")
        }
    }
}

extension JSONWriter {
    /// Writes text, or `null` where there is none.
    mutating func optional(_ text: String?) {
        if let text { value(text) } else { null() }
    }
}
