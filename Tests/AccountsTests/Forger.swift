import Crypto
import Foundation
import Testing

@testable import Accounts

/// Makes tokens that must not be taken, from a genuine one. Source: RFC 8725 sections 2 and 3.
struct Forger {
    typealias Forgery = (name: String, token: String)

    let real: SigningKey
    let genuine: String
    private let stranger = Curve25519.Signing.PrivateKey()

    init(real: SigningKey, genuine: String) {
        self.real = real
        self.genuine = genuine
    }

    /// All of them by name.
    var forgeries: [Forgery] {
        get throws { try algorithms + foreignKeys + headers + payloads + signatures + texts }
    }

    private var parts: [String] { genuine.split(separator: ".").map(String.init) }
    private var body: String { parts[1] }
    private var publicKey: Data { real.privateKey.publicKey.rawRepresentation }

    private func byUs(_ input: Data) throws -> Data { try real.privateKey.signature(for: input) }
    private func byStranger(_ input: Data) throws -> Data { try stranger.signature(for: input) }
    private func byPublicKey(_ input: Data) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: input, using: SymmetricKey(data: publicKey)))
    }

    private func token(_ header: String, _ payload: String? = nil, sign: (Data) throws -> Data) rethrows -> String {
        let input = Base64URL.text(Array(header.utf8)) + "." + (payload ?? body)
        return input + "." + Base64URL.text(try sign(Data(input.utf8)))
    }

    private func header(_ alg: String = "EdDSA", more: String = "") -> String {
        #"{"alg":"\#(alg)","kid":"\#(real.id)","typ":"at+jwt"\#(more)}"#
    }

    private var algorithms: [Forgery] {
        get throws {
            let names = [
                "none", "None", "NONE", "nOnE", "HS256", "HS384", "HS512", "RS256", "PS256", "ES256", "ES512", "",
            ]
            let nameless = Base64URL.text(Array(#"{"alg":"none"}"#.utf8))
            let named = Base64URL.text(Array(header("none").utf8))
            return try names.map { ("alg \($0), our signature", try token(header($0), sign: byUs)) }
                + names.map { ("alg \($0), public key as secret", token(header($0), sign: byPublicKey)) }
                + [("none, no signature", "\(nameless).\(body)."), ("none with kid", "\(named).\(body).")]
        }
    }

    private var foreignKeys: [Forgery] {
        get throws {
            let x = Base64URL.text(stranger.publicKey.rawRepresentation)
            let jwk = #"{"kty":"OKP","crv":"Ed25519","x":"\#(x)"}"#
            return [
                ("stranger's key", try token(header(), sign: byStranger)),
                ("public key as secret", token(header(), sign: byPublicKey)),
                ("own key inside", try token(#"{"alg":"EdDSA","jwk":\#(jwk),"typ":"at+jwt"}"#, sign: byStranger)),
                ("own key beside kid", try token(header(more: #","jwk":\#(jwk)"#), sign: byStranger)),
                ("own key, our signature", try token(header(more: #","jwk":\#(jwk)"#), sign: byUs)),
                ("key by address", try token(header(more: #","jku":"http://e.example/k""#), sign: byUs)),
                ("certificate by address", try token(header(more: #","x5u":"http://e.example/k""#), sign: byUs)),
            ]
        }
    }

    private var headers: [Forgery] {
        get throws {
            let kids = ["x", "../../dev/null", "' OR 1=1 --", ""]
            let headers = [
                #"{"alg":"EdDSA","typ":"at+jwt"}"#, #"{"alg":"EdDSA","kid":1,"typ":"at+jwt"}"#,
                #"{"alg":"EdDSA","kid":null,"typ":"at+jwt"}"#, #"{"alg":"EdDSA","kid":"\#(real.id)"}"#,
                #"{"alg":"EdDSA","kid":"\#(real.id)","typ":"JWT"}"#, header(more: #","crit":["exp"]"#),
                header(more: #","zip":"DEF""#), "[]", "{", "null", "\"EdDSA\"", "",
                String(repeating: "[", count: 500),
            ]
            return try headers.map { ("header \($0.prefix(60))", try token($0, sign: byUs)) }
                + kids.map {
                    ("kid \($0)", try token(#"{"alg":"EdDSA","kid":"\#($0)","typ":"at+jwt"}"#, sign: byUs))
                }
        }
    }

    private var payloads: [Forgery] {
        get throws {
            let fields = [
                #""iss":"quantagro""#, #""aud":"quantagro-api""#, #""typ":"access""#, #""sub":"42""#, #""sid":"s""#,
                #""jti":"j""#, #""iat":1762488000"#, #""exp":1762488900"#,
            ]
            let incomplete = fields.indices.map { left in
                "{" + fields.indices.filter { $0 != left }.map { fields[$0] }.joined(separator: ",") + "}"
            }
            let odd = [
                "{}", "[]", "null", "x", "",
                "{" + fields.joined(separator: ",").replacing("\"42\"", with: "42") + "}",
                "{" + fields.joined(separator: ",").replacing("\"quantagro-api\"", with: "[]") + "}",
                "{" + fields.joined(separator: ",").replacing("1762488900", with: "\"1762488900\"") + "}",
                "{" + fields.joined(separator: ",").replacing("1762488900", with: "1e999") + "}",
            ]
            let exchanged = Base64URL.text(Array("{\(fields.joined(separator: ","))}".utf8))
            return try (incomplete + odd).map {
                ("payload \($0)", try token(header(), Base64URL.text(Array($0.utf8)), sign: byUs))
            } + [("payload exchanged", "\(parts[0]).\(exchanged).\(parts[2])")]
        }
    }

    private var signatures: [Forgery] {
        get throws {
            let (head, signature) = (parts[0], parts[2])
            var flipped = try #require(Base64URL.bytes(signature))
            flipped[10] ^= 1
            let zero = Base64URL.text(Array(repeating: 0, count: 64))
            return [
                ("bit flipped", "\(head).\(body).\(Base64URL.text(flipped))"), ("zero", "\(head).\(body).\(zero)"),
                ("empty", "\(head).\(body)."), ("missing", "\(head).\(body)"),
                ("short", "\(head).\(body).\(signature.dropLast(2))"), ("padded", genuine + "="),
                ("padded twice", genuine + "=="), ("long", genuine + "AA"),
            ]
        }
    }

    private var texts: [Forgery] {
        [
            ("four parts", genuine + ".x"), ("newline", genuine + "\n"), ("space", " " + genuine),
            ("scheme left on", "Bearer " + genuine), ("nothing", ""), ("dots", ".."), ("not ASCII", "é.é.é"),
            ("a megabyte", String(repeating: "a", count: 1_048_576)),
        ]
    }
}
