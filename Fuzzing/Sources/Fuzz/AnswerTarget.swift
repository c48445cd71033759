import JSON

@testable import KiteConnect

/// Answers, postbacks and text messages: anything gives a value or a `KiteError`; a number is exact or refused.
///
/// The first byte picks the type that the rest is read as.
enum AnswerTarget {
    static let target = FuzzTarget(
        name: "answers", seeds: seeds, words: EveryField.object.members.map { "\"\($0.name)\":" } + words,
        jsonStart: 1, check: check)

    @Sendable static func check(_ input: UnsafeRawBufferPointer) {
        guard let selector = input.first else { return }
        let model = Model.all[Int(selector) % Model.all.count]
        let bytes = Array(input.dropFirst())
        readEnvelope(bytes)
        guarded { () throws(KiteError) in try model.decode(bytes) }
        guarded { () throws(KiteError) in _ = try KiteOrderUpdate(postback: bytes) }
        guarded { () throws(KiteError) in _ = try TickerText(String(decoding: bytes, as: UTF8.self)) }
        guard let json = try? JSONValue(parsing: bytes) else { return }
        guarded { () throws(KiteError) in try model.read(json) }
        readNumbers(json)
        readTimes(json)
    }

    private static func guarded(_ read: () throws(KiteError) -> Void) {
        do throws(KiteError) {
            try read()
        } catch {
            require(error.message.count <= 500 && !error.message.isEmpty, "a message of \(error.message.count)")
            require(error.errorType?.count ?? 0 <= 60, "a long type")
            let isPlain = error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
            require(isPlain, "a description over several lines")
        }
    }

    /// What an answer says of an order's fate: doubt is never taken for certainty.
    private static func readEnvelope(_ bytes: [UInt8]) {
        let envelope = bytes.withUnsafeBytes { Envelope(parsing: $0) }
        for status in [200, 302, 400, 403, 404, 408, 429, 500, 502, 503] {
            let reading = AnswerReading(status: status, content: envelope.content)
            let write = OutcomeClassification.error(reading, intent: .write)
            let read = OutcomeClassification.error(reading, intent: .read)
            require((write == nil) == (read == nil), "success depends on the intent")
            require(read?.effect != .unknown, "a read leaves doubt")
            guard let write else {
                require(status == 200, "success with status \(status)")
                continue
            }
            if case .foreign = envelope, status != 429 {
                require(write.effect == .unknown, "status \(status) with a foreign body is taken for certain")
            }
            if status >= 500, write.code != .token, write.code != .rateLimited {
                require(write.effect == .unknown, "status \(status) is taken for certain")
            }
        }
    }

    /// A whole number is the one that stands there.
    private static func readNumbers(_ json: JSONValue) {
        guard let object = json.object, let fields = try? Fields(json, "fuzz") else { return }
        for member in object.members {
            if let double = try? fields.optionalDouble(member.name) {
                require(double.isFinite, "\(member.name) is not finite")
            }
            guard let text = member.value.number?.text ?? member.value.string,
                let value = try? fields.optionalInt(member.name)
            else { continue }
            require(ExactNumber(text)?.whole == value, "\(member.name) reads as \(value)")
        }
    }

    private static func readTimes(_ json: JSONValue) {
        switch json {
        case .string(let text):
            if let time = KiteTime(text) {
                require(KiteTime(time.description) == time, "\(time) reads otherwise")
                require(0..<86_400 ~= time.secondsOfDay, "second \(time.secondsOfDay)")
            }
            if let date = KiteDate(text) {
                require(KiteDate(date.description) == date && date.description == text, "\(date) reads otherwise")
                require(KiteDate(daysSinceEpoch: date.daysSinceEpoch) == date, "\(date) counts otherwise")
            }
        case .array(let elements): for element in elements { readTimes(element) }
        case .object(let object): for member in object.members { readTimes(member.value) }
        default: break
        }
    }

    private static let words = [
        "{\"status\":\"success\",\"data\":", "{\"status\":\"error\",\"message\":\"", "\"error_type\":\"",
        "{\"type\":\"order\",\"data\":", "TokenException", "OrderException", "NetworkException", "GeneralException",
        "timed out", "COMPLETE", "TRIGGER PENDING", "\u{FEFF}",
    ]

    private static let seeds: [[UInt8]] = {
        var seeds: [[UInt8]] = []
        for (index, model) in Model.all.enumerated() {
            guard let value = model.seed else { continue }
            var writer = JSONWriter()
            writer.value(value)
            seeds.append([UInt8(index)] + writer.bytes)
        }
        var texts = [
            "{\"status\":\"error\",\"message\":\"Order timed out\",\"error_type\":\"OrderException\",\"data\":null}",
            "{\"status\":\"error\",\"message\":\"Too many requests\",\"error_type\":\"NetworkException\"}",
            "{\"status\":\"success\",\"data\":null}", "<html><body>502 Bad Gateway</body></html>", "",
            "{\"type\":\"error\",\"data\":\"limit\"}", "{\"type\":\"message\",\"data\":{\"a\":1}}",
            "[{\"order_id\":\"1\"},{\"error\":{\"code\":400,\"error_type\":\"MarginException\",\"message\":\"m\"}}]",
        ]
        if let order = seeds.first { texts.append("{\"type\":\"order\",\"data\":\(text(order))}") }
        if let order = seeds.first { texts.append("{\"status\":\"success\",\"data\":\(text(order))}") }
        return seeds + texts.map { [0] + Array($0.utf8) } + [[3] + Array(texts[7].utf8)]
    }()

    private static func text(_ seed: [UInt8]) -> String { String(decoding: seed.dropFirst(), as: UTF8.self) }
}
