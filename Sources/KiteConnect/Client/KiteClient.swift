import AsyncHTTPClient
import JSON
import NIOCore

/// A client of the Kite Connect v3 HTTP API.
///
/// A value: cheap to copy, safe to share. It follows no redirect and verifies every certificate. Calls keep Kite's rate
/// limits by waiting their turn at the pacer, every attempt ends within the configured time, and attempts are repeated
/// only as the retry policy says. Calls throw `KiteError`, whose `effect` says whether the call may have happened.
/// Source: Kite Connect v3 documentation.
public struct KiteClient: Sendable {
    /// Addresses and credentials.
    public let configuration: KiteConfiguration
    /// Who says when a call may leave; nil when nobody does.
    public let pacer: KitePacer?
    /// When a failed call is made again.
    public let retryPolicy: KiteRetryPolicy
    let transport: any HTTPTransport
    let timing: KiteCallTiming

    /// A client over an `HTTPClient`, which the caller shuts down; make that one with `HTTPClient.Configuration.kite`.
    ///
    /// - Parameters:
    ///   - pacer: keeps the rate limits; the process's own unless given, nil to keep none.
    ///   - retryPolicy: when a failed call is made again.
    ///   - timing: the clock and the chance of new attempts; the system's unless given.
    public init(
        configuration: KiteConfiguration, httpClient: HTTPClient, pacer: KitePacer? = .shared,
        retryPolicy: KiteRetryPolicy = .standard, timing: KiteCallTiming = .system
    ) {
        self.init(
            configuration: configuration, transport: AsyncHTTPTransport(client: httpClient), pacer: pacer,
            retryPolicy: retryPolicy, timing: timing)
    }

    init(
        configuration: KiteConfiguration, transport: any HTTPTransport, pacer: KitePacer? = nil,
        retryPolicy: KiteRetryPolicy = .never, timing: KiteCallTiming = .system
    ) {
        self.configuration = configuration
        self.transport = transport
        self.pacer = pacer
        self.retryPolicy = retryPolicy
        self.timing = timing
    }

    /// The same client with another session, or with none.
    public func with(accessToken: String?) -> KiteClient {
        var changed = configuration
        changed.accessToken = accessToken
        return KiteClient(
            configuration: changed, transport: transport, pacer: pacer, retryPolicy: retryPolicy, timing: timing)
    }
}

extension KiteClient: CustomStringConvertible, CustomReflectable {
    /// The configuration's description, without secrets.
    public var description: String { "KiteClient(\(configuration))" }

    /// Shows nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

extension KiteClient {
    /// Sends a request and reads one value from the answer's data.
    func value<Value: KiteDecodable>(
        _ request: WireRequest, as type: Value.Type = Value.self
    ) async throws(KiteError) -> Value {
        try await decode(request) { (data) throws(KiteError) in try Value(json: data) }
    }

    /// Sends a request and reads a list.
    func list<Value: KiteDecodable>(
        _ request: WireRequest, of type: Value.Type = Value.self
    ) async throws(KiteError) -> [Value] {
        try await decode(request) { (data) throws(KiteError) in try KiteAnswer.list(of: type, in: data) }
    }

    /// Sends a request and reads an object keyed by instrument.
    func table<Value: KiteDecodable>(
        _ request: WireRequest, of type: Value.Type = Value.self
    ) async throws(KiteError) -> [String: Value] {
        try await decode(request) { (data) throws(KiteError) in try KiteAnswer.table(of: type, in: data) }
    }

    /// Sends a request and lets a closure read the answer's data.
    func decode<Value>(
        _ request: WireRequest, _ read: (JSONValue) throws(KiteError) -> Value
    ) async throws(KiteError) -> Value {
        try await attempts(request) { (permit) throws(KiteError) in try await decodeOnce(request, permit, read) }
    }

    /// Sends a request and returns a complete body that is not an envelope.
    func document(_ request: WireRequest) async throws(KiteError) -> ByteBuffer {
        try await attempts(request) { (permit) throws(KiteError) in try await documentOnce(request, permit) }
    }

    private func decodeOnce<Value>(
        _ request: WireRequest, _ permit: PacePermit?, _ read: (JSONValue) throws(KiteError) -> Value
    ) async throws(KiteError) -> Value {
        let answer = try await exchange(request, permit)
        guard case .complete(let buffer) = answer.body else {
            throw failure(of: answer, content: answer.body.fault, request)
        }
        let envelope = Envelope(buffer)
        let reading = AnswerReading(status: answer.status, content: envelope.content)
        if let error = OutcomeClassification.error(reading, intent: request.intent) {
            throw withoutSecrets(error, request)
        }
        guard case .success(let data) = envelope else { throw failure(of: answer, content: .foreign, request) }
        do {
            return try read(data)
        } catch {
            throw OutcomeClassification.error(
                unreadable: error.message, status: answer.status, intent: request.intent)
        }
    }

    private func documentOnce(
        _ request: WireRequest, _ permit: PacePermit?
    ) async throws(KiteError) -> ByteBuffer {
        let answer = try await exchange(request, permit)
        guard case .complete(let buffer) = answer.body else {
            throw failure(of: answer, content: answer.body.fault, request)
        }
        guard answer.status == 200 else { throw failure(of: answer, content: Envelope(buffer).content, request) }
        return buffer
    }

    private func exchange(_ request: WireRequest, _ permit: PacePermit?) async throws(KiteError) -> WireAnswer {
        var prepared = prepare(request)
        if let permit { prepared.leaves = { permit.isOnItsWay() } }
        switch await transport.send(prepared) {
        case .neverSent(let fault): throw OutcomeClassification.error(neverSent: fault)
        case .noAnswer(let fault): throw OutcomeClassification.error(noAnswer: fault, intent: request.intent)
        case .answer(let answer): return answer
        }
    }

    private func failure(
        of answer: WireAnswer, content: AnswerReading.Content, _ request: WireRequest
    ) -> KiteError {
        let reading = AnswerReading(status: answer.status, content: content)
        let error = OutcomeClassification.error(reading, intent: request.intent)
        return withoutSecrets(
            error
                ?? OutcomeClassification.error(
                    unreadable: "the answer is not what Kite documents", status: answer.status,
                    intent: request.intent), request)
    }

    private func withoutSecrets(_ error: KiteError, _ request: WireRequest) -> KiteError {
        var error = error
        error.message = configuration.redacted(error.message, and: request.secrets)
        error.errorType = error.errorType.map { configuration.redacted($0, and: request.secrets) }
        return error
    }

    private func prepare(_ request: WireRequest) -> PreparedRequest {
        var url = configuration.baseURL + request.path
        if !request.query.isEmpty { url += "?" + FormEncoding.encode(request.query) }
        var headers = [("X-Kite-Version", "3"), ("User-Agent", configuration.userAgent)]
        if request.sendsToken, let token = configuration.accessToken {
            headers.append(("Authorization", "token \(configuration.apiKey):\(token)"))
        }
        if request.acceptsGzip { headers.append(("Accept-Encoding", "gzip")) }
        var body: ByteBuffer?
        if request.method == .post || request.method == .put {
            let type = request.json == nil ? "application/x-www-form-urlencoded" : "application/json"
            headers.append(("Content-Type", type))
            body = ByteBuffer(string: request.json?.text ?? FormEncoding.encode(request.form))
        }
        return PreparedRequest(
            method: request.method, url: url, headers: headers, body: body, bodyLimit: request.bodyLimit,
            timeout: request.timeout ?? configuration.timeout)
    }
}

extension WireAnswer.Body {
    /// How the classification sees a body that is not complete.
    fileprivate var fault: AnswerReading.Content {
        switch self {
        case .complete: .foreign
        case .cut(let fault): .cut(fault)
        case .tooLarge: .tooLarge
        }
    }
}
