/// A number of units (shares), never lots; negative where a position is short.
///
/// Source: FIX tag 38.
package struct Quantity: Sendable, Hashable, Comparable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    /// The number of units.
    package var units: Int64

    /// Takes a number of units.
    package init(_ units: Int64) {
        self.units = units
    }

    /// Takes a literal number of units.
    package init(integerLiteral value: Int64) {
        units = value
    }

    /// No units.
    package static let zero: Quantity = 0

    /// The number as text.
    package var description: String { String(units) }

    /// The number without its sign.
    package var magnitude: Quantity { Quantity(units < 0 ? -units : units) }
}

extension Quantity {
    /// Orders by value.
    package static func < (left: Quantity, right: Quantity) -> Bool { left.units < right.units }

    /// The sum; traps on overflow.
    package static func + (left: Quantity, right: Quantity) -> Quantity { Quantity(left.units + right.units) }

    /// The difference; traps on overflow.
    package static func - (left: Quantity, right: Quantity) -> Quantity { Quantity(left.units - right.units) }

    /// The quantity with its sign turned.
    package static prefix func - (quantity: Quantity) -> Quantity { Quantity(-quantity.units) }

    /// Adds in place; traps on overflow.
    package static func += (left: inout Quantity, right: Quantity) { left = left + right }

    /// Takes away in place; traps on overflow.
    package static func -= (left: inout Quantity, right: Quantity) { left = left - right }

    /// Whether the quantity is a whole number of lots.
    package func isMultiple(ofLot lot: Quantity) -> Bool {
        lot.units > 0 && units % lot.units == 0
    }
}
