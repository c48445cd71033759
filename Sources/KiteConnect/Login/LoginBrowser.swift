import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL

/// What Kite's web answered.
struct WebAnswer: Sendable {
    var status: Int
    var location: String?
    /// The body where it is small enough to be an envelope; empty otherwise.
    var body = ByteBuffer()
}

/// Speaks to one host of Kite's web as a browser does, cookies included; follows nothing by itself.
struct LoginBrowser {
    /// The largest answer that is read, in bytes; pages are not needed.
    static let bodyLimit = 65_536

    let home: WebAddress
    let http: HTTPClient
    let timeout: Duration
    let userAgent: String
    private var cookies = LoginCookies()

    init(home: WebAddress, http: HTTPClient, timeout: Duration, userAgent: String) {
        self.home = home
        self.http = http
        self.timeout = timeout
        self.userAgent = userAgent
    }

    mutating func post(
        _ path: String, form: [(name: String, value: String)]
    ) async throws(KiteLoginError) -> WebAnswer {
        var request = HTTPClientRequest(url: home.at(path).text)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(ByteBuffer(string: FormEncoding.encode(form)))
        return try await send(request)
    }

    mutating func get(_ address: WebAddress) async throws(KiteLoginError) -> WebAnswer {
        // Whoever follows a redirect has checked this before; a cookie must never leave by mistake.
        guard address.sharesOrigin(with: home) else {
            throw KiteLoginError(.leavesHost, "Kite's login leads to another host; nothing was sent there.")
        }
        return try await send(HTTPClientRequest(url: address.text))
    }

    private mutating func send(_ request: HTTPClientRequest) async throws(KiteLoginError) -> WebAnswer {
        var request = request
        // Passwords go only to whoever can show Kite's certificate, whatever the client's own settings say.
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .fullVerification
        request.tlsConfiguration = tls
        request.headers.add(name: "User-Agent", value: userAgent)
        if let header = cookies.header { request.headers.add(name: "Cookie", value: header) }
        let answer: (WebAnswer, [String])
        do {
            answer = try await Self.exchange(request, http, timeout: timeout)
        } catch {
            throw Self.fault(error)
        }
        cookies.take(answer.1)
        return answer.0
    }

    /// The client's own deadline ends with the head of an answer; this one holds for the body too.
    private static func exchange(
        _ request: HTTPClientRequest, _ http: HTTPClient, timeout: Duration
    ) async throws -> (WebAnswer, [String]) {
        try await withThrowingTaskGroup(of: (WebAnswer, [String]).self) { group in
            group.addTask { try await read(request, http, deadline: .now() + TimeAmount(timeout)) }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw KiteLoginError(.timeout, "Kite's web did not answer in time.")
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }

    private static func read(
        _ request: HTTPClientRequest, _ http: HTTPClient, deadline: NIODeadline
    ) async throws -> (WebAnswer, [String]) {
        let response = try await http.execute(request, deadline: deadline)
        guard response.history.count < 2 else {
            throw KiteLoginError(.settings, "The HTTP client follows redirects; make it with the kite configuration.")
        }
        var answer = WebAnswer(
            status: Int(response.status.code), location: response.headers.first(name: "location"))
        if !(300..<400).contains(answer.status) {
            var body = ByteBuffer()
            for try await var chunk in response.body {
                guard body.readableBytes + chunk.readableBytes <= bodyLimit else {
                    body.clear()
                    break
                }
                body.writeBuffer(&chunk)
            }
            answer.body = body
        }
        return (answer, response.headers["set-cookie"])
    }

    private static func fault(_ error: any Error) -> KiteLoginError {
        switch error {
        case let error as KiteLoginError: error
        case is CancellationError: .cancellation
        case let error as HTTPClientError where error == .cancelled: .cancellation
        case let error as HTTPClientError
        where [.deadlineExceeded, .readTimeout, .connectTimeout, .tlsHandshakeTimeout].contains(error):
            KiteLoginError(.timeout, "Kite's web did not answer in time.")
        default: KiteLoginError(.unreachable, "Kite's web cannot be reached.")
        }
    }
}
