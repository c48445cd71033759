import Foundation
import GRDB
import Trading

/// A stored value that no version of the program writes.
struct StoredValueFault: Error, CustomStringConvertible {
    let column: String

    var description: String { "the column \(column) holds a value that this version cannot read" }
}

/// Reads a row's columns by name and refuses what does not fit, instead of trapping.
struct StoredRow {
    let row: Row

    init(_ row: Row) {
        self.row = row
    }

    func int(_ column: String) throws -> Int64 { try required(column, as: Int64.self) }
    func text(_ column: String) throws -> String { try required(column, as: String.self) }
    func bytes(_ column: String) throws -> [UInt8] { Array(try required(column, as: Data.self)) }
    func truth(_ column: String) throws -> Bool { try int(column) != 0 }
    func time(_ column: String) throws -> Timestamp { Timestamp(microseconds: try int(column)) }

    func optionalInt(_ column: String) throws -> Int64? { try optional(column, as: Int64.self) }
    func optionalText(_ column: String) throws -> String? { try optional(column, as: String.self) }
    func optionalPrice(_ column: String) throws -> Price? { try optionalInt(column).map(Price.init(tenThousandths:)) }

    func value<Value: RawRepresentable<String>>(_ column: String, as _: Value.Type) throws -> Value {
        guard let value = Value(rawValue: try text(column)) else { throw StoredValueFault(column: column) }
        return value
    }

    /// What `make` reads from a column's text.
    func value<Value>(_ column: String, _ make: (String) -> Value?) throws -> Value {
        guard let value = make(try text(column)) else { throw StoredValueFault(column: column) }
        return value
    }

    private func required<Value: DatabaseValueConvertible>(_ column: String, as _: Value.Type) throws -> Value {
        guard let value = try optional(column, as: Value.self) else { throw StoredValueFault(column: column) }
        return value
    }

    private func optional<Value: DatabaseValueConvertible>(_ column: String, as _: Value.Type) throws -> Value? {
        let stored: DatabaseValue? = row[column]
        guard let stored, !stored.isNull else { return nil }
        guard let value = Value.fromDatabaseValue(stored) else { throw StoredValueFault(column: column) }
        return value
    }
}

extension GRDB.Database {
    /// Runs a prepared statement and tells how many rows it changed.
    @discardableResult
    func run(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?]) throws -> Int {
        try cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
        return changesCount
    }

    /// All rows of a prepared query.
    func rows(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?]) throws -> [StoredRow] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: StatementArguments(arguments)).map(StoredRow.init)
    }

    /// The first row of a prepared query; nil where there is none.
    func row(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?]) throws -> StoredRow? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: StatementArguments(arguments)).map(StoredRow.init)
    }

    /// A number that was never given out before under a name.
    func nextNumber(_ name: String) throws -> Int64 {
        let row = try row("UPDATE counters SET value = value + 1 WHERE name = ? RETURNING value", [name])
        guard let row else { throw StoredValueFault(column: "counters.value") }
        return try row.int("value")
    }
}
