import JSON

/// Changes one place of a JSON tree, so that inputs stay JSON and reach what reads its meaning.
enum JSONMutation {
    /// The text with one place changed; nil where it is no JSON.
    static func changed(_ text: UnsafeRawBufferPointer, seed: UInt32) -> [UInt8]? {
        guard let tree = try? JSONValue(parsing: text) else { return nil }
        var chance = Chance(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1)
        var place = chance.below(count(tree))
        var writer = JSONWriter()
        writer.value(changed(tree, &place, &chance))
        return writer.bytes
    }

    private static func count(_ tree: JSONValue) -> Int {
        switch tree {
        case .array(let elements): 1 + elements.reduce(0) { $0 + count($1) }
        case .object(let object): 1 + object.members.reduce(0) { $0 + count($1.value) }
        default: 1
        }
    }

    /// Changes the node in a place, counted in the order of the text.
    private static func changed(_ tree: JSONValue, _ place: inout Int, _ chance: inout Chance) -> JSONValue {
        if place < 0 { return tree }
        place -= 1
        if place < 0 { return other(tree, &chance) }
        switch tree {
        case .array(let elements): return .array(elements.map { changed($0, &place, &chance) })
        case .object(let object):
            return .object(
                JSONObject(object.members.map { .init(name: $0.name, value: changed($0.value, &place, &chance)) }))
        default: return tree
        }
    }

    private static func other(_ tree: JSONValue, _ chance: inout Chance) -> JSONValue {
        switch (tree, chance.below(4)) {
        case (.object(let object), 0...2):
            var members = object.members
            let known = EveryField.object.members
            if !members.isEmpty, chance.below(3) == 0 { members.remove(at: chance.below(members.count)) }
            for _ in 0..<(1 + chance.below(8)) {
                let added = known[chance.below(known.count)]
                if !members.contains(where: { $0.name == added.name }) { members.append(added) }
            }
            return .object(JSONObject(members))
        case (.array(let elements), 0...1) where !elements.isEmpty:
            return .array(elements + [elements[chance.below(elements.count)]])
        case (.array(let elements), 2) where !elements.isEmpty:
            return .array(Array(elements.dropLast()))
        case (_, 3): return .array([tree])
        default: return leaves[chance.below(leaves.count)]
        }
    }

    private static let leaves: [JSONValue] =
        [
            "0", "-1", "1.5", "4294967295", "4294967296", "9007199254740993", "9007199254740993.0", "-0",
            "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e3", "1e400", "1e-400", "1e18",
            "123456789012345678901234567890",
        ].map { .number(JSONNumber(text: $0)) }
        + [
            "", "0", "1.0", "0x10", "0x1p3", "nan", "inf", "-infinity", "1e3", " 1", "1_000", "true", "regular", "\n",
            "2026-11-20 09:15:00", "2026-11-20T09:15:00+0530", "2026-11-20", "0001-01-01 00:00:00",
            "9999-12-31 23:59:59",
            "24:00:00", "2026-02-30", "\u{0}", "\u{1F600}", "e\u{301}", String(repeating: "x", count: 600),
        ].map { .string($0) }
        + [.null, .bool(true), .bool(false), .array([]), .object(JSONObject([]))]
}

/// Numbers from a seed (xorshift64*).
private struct Chance {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return Int((state &* 0x2545_F491_4F6C_DD1D) >> 33) % max(1, bound)
    }
}
