extension KiteOrderUpdate {
    /// Whether the checksum shows that the sender knows the app's secret; compared in constant time.
    public func isAuthentic(apiSecret: String) -> Bool {
        let expected = Array(Checksum.hex(order.orderID, orderTimestampText, apiSecret).utf8)
        let given = Array(checksum.utf8)
        guard expected.count == given.count else { return false }
        var difference: UInt8 = 0
        for (left, right) in zip(expected, given) { difference |= left ^ right }
        return difference == 0
    }
}
