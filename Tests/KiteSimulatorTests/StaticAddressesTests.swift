import JSON
import Testing

@testable import KiteSimulator

@Suite(.timeLimit(.minutes(1))) struct StaticAddressesTests {
    @Test(arguments: [["127.0.0.1"], ["10.0.0.1", "127.0.0.1"], ["::ffff:127.0.0.1"]])
    func `orders from a registered address are taken`(addresses: [String]) async throws {
        try await withKite(configure: { _, configuration in
            configuration.apps[0].staticAddresses = StaticAddresses(addresses)
        }) { running in
            let session = try await running.signIn()
            let answer = try await running.call("POST", "/orders/regular", session: session, form: try running.form())
            #expect(answer.status == 200)
        }
    }

    @Test(
        arguments: [
            ([], "No IPs configured for this app. Add allowed IPs on the Kite developer console."),
            (["10.0.0.1", "::1"], "IP (127.0.0.1) is not allowed to place orders for this app."),
        ] as [([String], String)])
    func `others are refused, but only where orders are changed`(addresses: [String], text: String) async throws {
        try await withKite(configure: { _, configuration in
            configuration.apps[0].staticAddresses = StaticAddresses(addresses)
        }) { running in
            let session = try await running.signIn()
            for (method, path) in [
                ("POST", "/orders/regular"), ("PUT", "/orders/regular/1"), ("DELETE", "/orders/regular/1"),
            ] {
                let answer = try await running.call(method, path, session: session, form: try running.form())
                #expect(answer.status == 403)
                #expect(try answer.errorType == "PermissionException")
                #expect(try answer.message?.hasPrefix(text) == true)
            }
            for path in ["/orders", "/portfolio/positions", "/quote?i=NSE:INFY", "/user/profile"] {
                #expect(try await running.call("GET", path, session: session).status == 200)
            }
            #expect(try await running.call("POST", "/orders/regular", form: "").errorType == "TokenException")
            #expect(running.kite.ledger.entries().isEmpty)
        }
    }

    @Test(arguments: [["1.2.3"], ["localhost"], [""], ["1.1.1.1", "2.2.2.2", "3.3.3.3"]])
    func `two well-formed addresses at most`(addresses: [String]) {
        #expect(StaticAddresses(addresses) == nil)
    }
}
