import NIOCore
import Trading

/// The addresses that an app's orders may come from. Source: Kite Connect, static IP rule of April 2026.
package struct StaticAddresses: Sendable, Hashable {
    /// As many as can be registered.
    package static let limit = 2

    /// The addresses as text, in the form that the system writes them; none refuses every order.
    package let addresses: [String]

    /// Takes up to two addresses; nil where there are more or one is malformed.
    package init?(_ texts: [String]) {
        guard texts.count <= Self.limit else { return nil }
        var addresses: [String] = []
        for text in texts {
            guard let address = try? SocketAddress(ipAddress: text, port: 0), let plain = Self.plain(address) else {
                return nil
            }
            addresses.append(plain)
        }
        self.addresses = addresses
    }

    /// Lets an order's caller in or not.
    func check(_ caller: SocketAddress?) throws(KiteRefusal) {
        guard !addresses.isEmpty else { throw .noStaticAddress }
        let text = caller.flatMap(Self.plain) ?? "unknown"
        guard addresses.contains(text) else { throw .staticAddress(text) }
    }

    /// An IPv4 address behind IPv6 is that IPv4 address.
    private static func plain(_ address: SocketAddress) -> String? {
        guard let text = address.ipAddress else { return nil }
        return text.hasPrefix("::ffff:") && text.contains(".") ? String(text.dropFirst(7)) : text
    }
}

extension KiteRefusal {
    static let noStaticAddress = KiteRefusal(
        status: 403, kind: .permission,
        message: "No IPs configured for this app. Add allowed IPs on the Kite developer console.")

    static func staticAddress(_ address: String) -> KiteRefusal {
        KiteRefusal(
            status: 403, kind: .permission,
            message: "IP (\(address)) is not allowed to place orders for this app. "
                + "Update allowed IPs on the Kite developer console.")
    }
}

extension SimulatedKite {
    /// Checks where an order's request comes from, after its session and before anything else.
    func checkAddress(_ caller: SocketAddress?, _ call: KiteCall) throws(KiteRefusal) {
        guard configuration.hasStaticAddresses else { return }
        guard let allowed = try session(call).app.staticAddresses else { return }
        try allowed.check(caller)
    }
}
