import KiteConnect

/// How fast the ticker's packets were decoded.
struct TickDecodeResult: Sendable {
    /// Full packets (184 bytes) decoded.
    let packets: Int
    /// Wall time.
    let elapsed: Duration
    /// Keeps the work from being removed; the same in every run.
    let checksum: UInt64

    /// Full packets a second on one core.
    var packetsPerSecond: Double {
        let parts = elapsed.components
        return Double(packets) / (Double(parts.seconds) + Double(parts.attoseconds) * 1e-18)
    }
}

/// Decodes messages of 250 full packets on the calling thread for about a number of seconds.
func measureTickDecode(seconds: Double) -> TickDecodeResult {
    let message = fullMessage(packets: 250)
    let clock = ContinuousClock()
    let start = clock.now
    let end = start.advanced(by: .seconds(seconds))
    var packets = 0
    var checksum: UInt64 = 0
    message.withUnsafeBytes { bytes in
        repeat {
            for _ in 0..<100 {
                packets +=
                    TickDecoder.decode(bytes) { tick in
                        checksum &+= UInt64(tick.rawLastPrice) &+ UInt64(tick.rawBids[4].quantity)
                        checksum &+= UInt64(tick.rawAsks[4].orders) &+ UInt64(tick.exchangeTime)
                    }.ticks
            }
        } while clock.now < end
    }
    return TickDecodeResult(packets: packets, elapsed: start.duration(to: clock.now), checksum: checksum)
}

private func fullMessage(packets: Int) -> [UInt8] {
    var message: [UInt8] = [UInt8(packets >> 8), UInt8(packets & 255)]
    for number in 0..<packets {
        message += [0, 184]
        for byte in 0..<184 { message.append(UInt8(truncatingIfNeeded: number &* 31 &+ byte &* 7)) }
    }
    return message
}
