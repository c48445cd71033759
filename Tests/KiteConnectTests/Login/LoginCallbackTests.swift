import Testing

@testable import KiteConnect

@Suite struct LoginCallbackTests {
    @Test(arguments: [
        ("GET", "/cb?request_token=RT1&action=login&status=success&state=S", LoginCallback.token("RT1")),
        ("GET", "/cb?state=S&status=success&request_token=a%2Db", .token("a-b")),
        ("GET", "/cb?request_token=RT1&status=failure&state=S", .declined),
        ("GET", "/cb?request_token=RT1&state=S", .declined),
        ("GET", "/cb?request_token=RT1&status=success&state=T", .wrongState),
        ("GET", "/cb?request_token=RT1&status=success", .wrongState),
        ("GET", "/cb?request_token=RT1&status=success&state=S&state=S", .wrongState),
        ("GET", "/cb", .wrongState),
        ("GET", "/cb?request_token=RT1&request_token=RT2&status=success&state=S", .malformed),
        ("GET", "/cb?request_token=&status=success&state=S", .malformed),
        ("GET", "/cb?status=success&state=S", .malformed),
        ("GET", "/cb?request_token=%zz&status=success&state=S", .malformed),
        ("GET", "/cb?request_token=a%20b&status=success&state=S", .malformed),
        ("GET", "/favicon.ico", .elsewhere),
        ("GET", "/cb/?request_token=RT1&status=success&state=S", .elsewhere),
        ("GET", "//cb?request_token=RT1&status=success&state=S", .elsewhere),
        ("POST", "/cb?request_token=RT1&status=success&state=S", .wrongMethod),
    ])
    func `only the right answer gives a token`(method: String, target: String, meaning: LoginCallback) {
        #expect(LoginCallback.read(method: method, target: target, path: "/cb", state: "S") == meaning)
    }

    @Test func `a token or an address that is too long is none`() {
        let token = String(repeating: "t", count: 257)
        let target = "/cb?status=success&state=S&request_token=\(token)"
        #expect(LoginCallback.read(method: "GET", target: target, path: "/cb", state: "S") == .malformed)
        let long = "/cb?status=success&state=S&request_token=t&x=" + String(repeating: "y", count: 9_000)
        #expect(LoginCallback.read(method: "GET", target: long, path: "/cb", state: "S") == .elsewhere)
    }
}

@Suite struct WebAddressTests {
    @Test(arguments: [
        ("https://kite.zerodha.com/connect/login", "https://kite.zerodha.com/connect/login"),
        ("HTTPS://Kite.Zerodha.com:443", "https://kite.zerodha.com/"),
        ("http://127.0.0.1:8010?x=1", "http://127.0.0.1:8010/?x=1"),
        ("http://[::1]:80/a#b", "http://[::1]/a"),
    ])
    func `an address is read and written`(text: String, written: String) {
        #expect(WebAddress(text)?.text == written)
    }

    @Test(arguments: [
        "", "kite.zerodha.com", "ftp://kite.zerodha.com/", "https://", "https://u:p@kite.zerodha.com/",
        "https://kite.zerodha.com:0/", "https://kite.zerodha.com:x/", "https://kite.zerodha.com\\@evil.example/",
        "https://kite zerodha/", "https://kite.zerodha.com/\r\nX: y",
    ])
    func `what is no plain web address is refused`(text: String) {
        #expect(WebAddress(text) == nil)
    }

    /// From https://kite.zerodha.com/connect/login?v=3.
    @Test(arguments: [
        ("/connect/finish?sess_id=1", true), ("finish?sess_id=1", true), ("?api_key=2", true),
        ("https://kite.zerodha.com/connect/finish", true), ("https://KITE.zerodha.com:443/x", true),
        ("http://kite.zerodha.com/connect/finish", false), ("https://kite.zerodha.com:8443/", false),
        ("https://kite.zerodha.com.evil.example/", false), ("//evil.example/connect", false),
        ("https://evil.example/?u=https://kite.zerodha.com", false), ("javascript:alert(1)", false), ("", false),
        ("/x\\..", false),
    ])
    func `a redirect stays at the host or is not followed`(location: String, stays: Bool) throws {
        let base = try #require(WebAddress("https://kite.zerodha.com/connect/login?v=3"))
        #expect((base.resolving(location)?.sharesOrigin(with: base) ?? false) == stays)
    }

    @Test func `cookies are replaced, ended and kept plain`() {
        var cookies = LoginCookies()
        cookies.take(["a=1; Path=/; HttpOnly", "b=2", "=x", "c", "d=\u{7}", "e=x y"])
        #expect(cookies.header == "a=1; b=2")
        cookies.take(["a=3", "b=; Max-Age=0"])
        #expect(cookies.header == "a=3")
        cookies.take((0..<100).map { "n\($0)=1" })
        #expect((cookies.header?.count ?? 0) < 300)
    }
}
