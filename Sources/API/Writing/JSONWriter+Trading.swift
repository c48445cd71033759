import JSON
import Trading

extension JSONWriter {
    /// An amount in rupees, exact; `null` where it is unknown.
    mutating func money(_ amount: Money?) {
        guard let amount else { return null() }
        decimal(amount.tenThousandths, scale: 4)
    }

    /// A price in rupees, exact; `null` where there is none.
    mutating func price(_ price: Price?) {
        guard let price else { return null() }
        decimal(price.tenThousandths, scale: 4)
    }

    /// A number of units.
    mutating func quantity(_ quantity: Quantity) {
        value(quantity.units)
    }

    /// Text; `null` where there is none.
    mutating func text(_ text: String?) {
        guard let text else { return null() }
        value(text)
    }

    /// UTC to the second, `2025-11-07T09:15:24Z`; `null` where it is unknown.
    mutating func time(_ time: Timestamp?) {
        guard let time else { return null() }
        write(time, milliseconds: nil)
    }

    /// UTC to the millisecond, `2025-11-07T09:15:24.123Z`.
    mutating func preciseTime(_ time: Timestamp) {
        write(time, milliseconds: (time.microseconds - time.seconds * 1_000_000) / 1_000)
    }

    private mutating func write(_ time: Timestamp, milliseconds: Int64?) {
        let seconds = time.seconds
        let days = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        let clock = seconds - days * 86_400
        let (year, month, day) = CalendarDate(daysSinceEpoch: Int(days)).components
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { buffer in
            var text = DigitBuffer(bytes: buffer)
            text.append(UInt8(ascii: "\""))
            text.append(Int64(year), width: 4)
            text.append(UInt8(ascii: "-"))
            text.append(Int64(month), width: 2)
            text.append(UInt8(ascii: "-"))
            text.append(Int64(day), width: 2)
            text.append(UInt8(ascii: "T"))
            text.append(clock / 3_600, width: 2)
            text.append(UInt8(ascii: ":"))
            text.append(clock / 60 % 60, width: 2)
            text.append(UInt8(ascii: ":"))
            text.append(clock % 60, width: 2)
            if let milliseconds {
                text.append(UInt8(ascii: "."))
                text.append(milliseconds, width: 3)
            }
            text.append(UInt8(ascii: "Z"))
            text.append(UInt8(ascii: "\""))
            encoded(UnsafeBufferPointer(rebasing: buffer[..<text.count]))
        }
    }
}

/// Digits of fixed width in borrowed memory.
private struct DigitBuffer {
    let bytes: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(bytes: UnsafeMutableBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func append(_ byte: UInt8) {
        bytes[count] = byte
        count += 1
    }

    mutating func append(_ number: Int64, width: Int) {
        var rest = number
        for place in stride(from: count + width - 1, through: count, by: -1) {
            bytes[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        count += width
    }
}
