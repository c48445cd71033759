import JSON
import Testing

/// Compares answers with samples by names and kinds, not by values.
enum Shape {
    /// Where two values differ in names or kinds; empty where they have the same shape. Whole numbers and decimals
    /// are one kind; `null` on either side stands for any kind where it is allowed for.
    static func differences(
        _ ours: JSONValue, _ sample: JSONValue, allowingNull: Set<String> = [], at path: String = ""
    ) -> [String] {
        if case .object(let left) = ours, case .object(let right) = sample {
            let names = Set(left.members.map(\.name)).union(right.members.map(\.name))
            return names.sorted().flatMap { name -> [String] in
                guard let mine = left[name] else { return ["\(path).\(name) is missing"] }
                guard let theirs = right[name] else { return ["\(path).\(name) is not in the sample"] }
                if allowingNull.contains(name), mine.isNull || theirs.isNull { return [] }
                return differences(mine, theirs, allowingNull: allowingNull, at: path + "." + name)
            }
        }
        if case .array(let left) = ours, case .array(let right) = sample {
            guard let mine = left.first, let theirs = right.first else { return [] }
            return differences(mine, theirs, allowingNull: allowingNull, at: path + "[0]")
        }
        return ours.kind == sample.kind ? [] : ["\(path) is \(ours.kind), in the sample \(sample.kind)"]
    }
}
