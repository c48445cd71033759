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

/// Decodes messages of full packets of 9000 instruments and puts them into a ticker's mailbox, on the calling thread.
func measureTickApply(seconds: Double) -> TickDecodeResult {
    let tokens = (1...9000).map { UInt32($0) << 8 | 1 }
    let mailbox = TickMailbox()
    mailbox.open(tokens, at: .zero)
    let messages = stride(from: 0, to: tokens.count, by: 250).map { fullMessage(of: tokens[$0..<($0 + 250)]) }
    let clock = ContinuousClock()
    let start = clock.now
    let end = start.advanced(by: .seconds(seconds))
    var packets = 0
    repeat {
        let time = start.duration(to: clock.now)
        for message in messages { packets += message.withUnsafeBytes { mailbox.deliver($0, at: time) }.ticks }
    } while clock.now < end
    return TickDecodeResult(packets: packets, elapsed: start.duration(to: clock.now), checksum: 0)
}

/// A message with one full packet of each instrument.
func fullMessage(of tokens: some Collection<UInt32>) -> [UInt8] {
    var message = fullMessage(packets: tokens.count)
    for (index, token) in tokens.enumerated() {
        let offset = 4 + index * 186
        for place in 0..<4 { message[offset + place] = UInt8(truncatingIfNeeded: token >> UInt32(24 - 8 * place)) }
    }
    return message
}

private func fullMessage(packets: Int) -> [UInt8] {
    var message: [UInt8] = [UInt8(packets >> 8), UInt8(packets & 255)]
    for number in 0..<packets {
        message += [0, 184]
        for byte in 0..<184 { message.append(UInt8(truncatingIfNeeded: number &* 31 &+ byte &* 7)) }
    }
    return message
}
