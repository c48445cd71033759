import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import KiteConnect

@Suite(.timeLimit(.minutes(1))) struct KiteLoginListenerTests {
    private func get(_ url: String, _ http: HTTPClient) async throws -> (status: Int, text: String) {
        let response = try await http.execute(HTTPClientRequest(url: url), timeout: .seconds(5))
        return (Int(response.status.code), String(buffer: try await response.body.collect(upTo: 65_536)))
    }

    @Test func `the browser's way back gives the token and closes the port`() async throws {
        let listener = try await KiteLoginListener.open(path: "/kite")
        try await withHTTPClient({ _ in }) { http in
            async let token = listener.requestToken(within: .seconds(20))
            let base = "http://127.0.0.1:\(listener.port)"
            #expect(listener.redirectURL == base + "/kite")
            #expect(try await get(base + "/favicon.ico", http).status == 404)
            #expect(try await get(base + "/kite?request_token=bad&status=success&state=guess", http).status == 400)
            let answer = FormEncoding.encode(
                [("request_token", "RT77"), ("status", "success")] + listener.redirectParameters)
            let page = try await get(base + "/kite?" + answer, http)
            #expect(page.status == 200)
            #expect(page.text.contains("close this window"))
            #expect(!page.text.contains("RT77"))
            #expect(try await token == "RT77")
            await #expect(throws: (any Error).self) { try await get(base + "/kite", http) }
        }
    }

    @Test func `a login that was not finished ends the wait`() async throws {
        let listener = try await KiteLoginListener.open(state: "S")
        try await withHTTPClient({ _ in }) { http in
            async let token = listener.requestToken(within: .seconds(20))
            _ = try await get(listener.redirectURL + "?status=cancelled&state=S", http)
            do {
                _ = try await token
                Issue.record("a login that was not finished gave a token")
            } catch let error as KiteLoginError {
                #expect(error.code == .declined)
            }
        }
    }

    @Test func `nobody coming ends at the limit`() async throws {
        let listener = try await KiteLoginListener.open()
        let error = await #expect(throws: KiteLoginError.self) {
            try await listener.requestToken(within: .seconds(300)) { #expect($0 == .seconds(300)) }
        }
        #expect(error?.code == .timeout)
    }

    @Test func `cancelling the task ends the wait`() async throws {
        let listener = try await KiteLoginListener.open()
        let result = await withTaskGroup(of: KiteLoginError?.self) { group in
            group.addTask {
                do throws(KiteLoginError) {
                    _ = try await listener.requestToken()
                    return nil
                } catch {
                    return error
                }
            }
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(result?.code == .cancelled)
    }

    @Test func `a port in use is said, and so is a path that is none`() async throws {
        let listener = try await KiteLoginListener.open()
        let taken = await #expect(throws: KiteLoginError.self) { try await KiteLoginListener.open(port: listener.port) }
        #expect(taken?.code == .port)
        await listener.close()
        await listener.close()
        let path = await #expect(throws: KiteLoginError.self) { try await KiteLoginListener.open(path: "x?y") }
        #expect(path?.code == .settings)
    }

    @Test func `two listeners have different states, and none shows it`() async throws {
        let (one, two) = (try await KiteLoginListener.open(), try await KiteLoginListener.open())
        #expect(one.state != two.state)
        #expect(one.state.count == 64)
        #expect(!"\(one)".contains(one.state))
        await one.close()
        await two.close()
    }

    @Test func `a request without end does not keep the listener from its login`() async throws {
        let listener = try await KiteLoginListener.open(state: "S")
        let peer = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: listener.port).get()
        try await peer.writeAndFlush(ByteBuffer(string: "GET /?state=S HTTP/1.1\r\nHost: x\r\nX: "))
        try await withHTTPClient({ _ in }) { http in
            async let token = listener.requestToken(within: .seconds(20))
            _ = try await get(listener.redirectURL + "?status=success&state=S&request_token=RT", http)
            #expect(try await token == "RT")
        }
        try await peer.closeFuture.get()
    }
}
