/// Why a file of instruments or prices cannot be read. Lines count from 1, the header line included.
package enum FileFormatError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file has no lines.
    case empty
    /// A column that is needed is not in the header.
    case columnMissing(String)
    /// The header is of no known kind of file.
    case unknownLayout
    /// A line has fewer or more fields than the header.
    case fieldCount(line: Int, expected: Int, found: Int)
    /// A quoted field never ends.
    case quoteNotClosed(line: Int)
    /// A field cannot be read; the problem completes "line 17: expiry …".
    case field(line: Int, column: String, problem: String)
    /// A token stands in two lines.
    case tokenRepeated(line: Int, firstLine: Int, token: UInt32)
    /// The file has a header and nothing else.
    case noRows

    /// A sentence that names line and column.
    package var description: String {
        switch self {
        case .empty: "the file is empty"
        case .columnMissing(let name): "line 1: the column \(name) is missing"
        case .unknownLayout: "line 1: the header is of no known layout"
        case .fieldCount(let line, let expected, let found): "line \(line): \(found) fields instead of \(expected)"
        case .quoteNotClosed(let line): "line \(line): a quoted field is not closed"
        case .field(let line, let column, let problem): "line \(line): \(column) \(problem)"
        case .tokenRepeated(let line, let first, let token):
            "line \(line): instrument_token \(token) already stands in line \(first)"
        case .noRows: "the file has a header but no rows"
        }
    }
}
