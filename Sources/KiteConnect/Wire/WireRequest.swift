import JSON

/// One HTTP request, before it has an address or credentials.
struct WireRequest: Sendable {
    /// The verbs that Kite uses.
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    var method: Method
    /// Whether repeating or losing the request can matter.
    var intent: Intent
    /// Which of Kite's limits it counts against.
    var pacing = Pacing.other
    /// Starts with a slash; segments are already percent-encoded.
    var path: String
    var query: [(name: String, value: String)] = []
    var form: [(name: String, value: String)] = []
    /// A JSON body, which takes the place of the form.
    var json: JSONValue?
    /// What must not show in an error besides the configuration's own secrets.
    var secrets: [String] = []
    var acceptsGzip = false
    /// Most bytes of an answer's body as it comes over the wire.
    var bodyLimit = 16 << 20
    /// Total time; nil for the client's own.
    var timeout: Duration?
    /// False for the calls that come before a session.
    var sendsToken = true

    init(_ method: Method, _ path: String) {
        self.method = method
        self.path = path
        intent = method == .get ? .read : .write
    }
}

/// Which of Kite's limits a request counts against.
enum Pacing: Sendable, Hashable {
    /// Quotes of any length.
    case quote
    /// Historical candles.
    case candles
    /// A placement that makes so many orders.
    case placement(orders: Int)
    /// A change of an order, which takes only so many.
    case modification(orderID: String)
    /// A cancellation.
    case cancellation
    /// Everything else.
    case other
}

/// Whether a request can change anything at the other end.
enum Intent: Sendable, Hashable, CaseIterable {
    case read
    case write
}

/// Text encoding of query strings and forms.
enum FormEncoding {
    /// `name=value` pairs joined by `&`, everything but RFC 3986's unreserved characters percent-encoded.
    static func encode(_ pairs: [(name: String, value: String)]) -> String {
        var text = ""
        for (index, pair) in pairs.enumerated() {
            if index > 0 { text += "&" }
            append(pair.name, to: &text)
            text += "="
            append(pair.value, to: &text)
        }
        return text
    }

    /// One path segment, percent-encoded so that it cannot leave its place.
    static func segment(_ value: String) -> String {
        var text = ""
        append(value, to: &text)
        return text == "." || text == ".." ? text.replacing(".", with: "%2E") : text
    }

    private static func append(_ value: String, to text: inout String) {
        let hex = Array("0123456789ABCDEF".unicodeScalars)
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text += "%"
                text.unicodeScalars.append(hex[Int(byte >> 4)])
                text.unicodeScalars.append(hex[Int(byte & 15)])
            }
        }
    }
}
