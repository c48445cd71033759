import Trading

/// How a request names a trading account: `primary`, our number, or the broker's name of its client.
package struct AccountReference: Sendable, Hashable, CustomStringConvertible {
    /// The text as given.
    package let text: String

    /// The reference to the caller's own first account.
    package static let primary = AccountReference(known: "primary")

    /// Takes 1...100 letters, digits and `-_.@` of ASCII; nil for anything else.
    package init?(_ text: some StringProtocol) {
        guard (1...100).contains(text.utf8.count), text.utf8.allSatisfy(Self.isAllowed) else { return nil }
        self.text = String(text)
    }

    /// Refers to an account by our number.
    package init(_ id: TradingAccountID) {
        text = id.description
    }

    private init(known: String) {
        text = known
    }

    /// The text as given.
    package var description: String { text }

    /// The number, where the text is one as we write it: no sign, no leading zero.
    var number: TradingAccountID? {
        guard let number = Int64(text), number > 0, String(number) == text else { return nil }
        return TradingAccountID(number)
    }

    /// Finds the account among those a user may view, given his own first.
    ///
    /// In this order: `primary` is the first of his own active accounts, else the first active one shared with him;
    /// a number is our number where he may view that account; anything else, and a number that is none of his, is
    /// the broker's name of a client. Names of one client at two brokers fall to the account that comes first.
    func pick(from viewable: [AccessibleAccount]) -> AccessibleAccount? {
        if self == .primary {
            let active = viewable.filter { $0.account.status == .active }
            return active.first { $0.isOwned } ?? active.first
        }
        if let number, let found = viewable.first(where: { $0.account.id == number }) { return found }
        return viewable.first { $0.account.brokerUserID == text }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "@"):
            true
        default: false
        }
    }
}
