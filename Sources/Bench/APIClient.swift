import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1

/// The few calls a benchmark makes to the API.
struct APIClient {
    let baseURL: String
    let token: String

    /// Signs in.
    static func signIn(to demo: DemoProcess) async throws -> APIClient {
        let url = try demo.text("api_url")
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("email")
        writer.value(try demo.text("user", "email"))
        writer.key("password")
        writer.value(try demo.text("user", "password"))
        writer.endObject()
        let answer = try await APIClient(baseURL: url, token: "").call("POST", "/api/v1/auth/login", writer.bytes)
        guard let token = answer.body.object?["access_token"]?.string else {
            throw DemoProcess.Failure(description: "sign-in failed with status \(answer.status)")
        }
        return APIClient(baseURL: url, token: token)
    }

    /// What came back.
    struct Answer {
        let status: Int
        let body: JSONValue
        let serverTiming: String?
    }

    /// Makes one call.
    func call(_ method: String, _ path: String, _ body: [UInt8]? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = .init(rawValue: method)
        if !token.isEmpty { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let bytes = Array(try await response.body.collect(upTo: 8 << 20).readableBytesView)
        return Answer(
            status: Int(response.status.code), body: (try? JSONValue(parsing: bytes)) ?? .null,
            serverTiming: response.headers.first(name: "Server-Timing"))
    }

    /// The JSON of an order.
    static func order(
        _ symbol: String, _ exchange: String, _ side: String, _ quantity: Int, type: String = "MARKET"
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        for (name, value) in [
            ("tradingsymbol", symbol), ("exchange", exchange), ("transaction_type", side), ("order_type", type),
            ("product", "NRML"), ("validity", "DAY"),
        ] {
            writer.key(dynamic: name)
            writer.value(value)
        }
        writer.key("quantity")
        writer.value(quantity)
        writer.endObject()
        return writer.bytes
    }
}
