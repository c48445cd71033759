import Gateway
import Testing
import Trading

struct OrderSubmissionTests {
    private func fingerprint(label: String? = nil, _ change: (inout OrderRequest) -> Void = { _ in }) -> String {
        var request = Trial.submission("a").request
        change(&request)
        return OrderSubmission(request: request, label: label, idempotencyKey: "a", principal: 1).fingerprint
    }

    @Test func `equal terms have equal digests, under any key and sender`() {
        let request = Trial.submission("a").request
        let other = OrderSubmission(request: request, label: nil, idempotencyKey: "b", principal: 2)
        #expect(other.fingerprint == fingerprint())
        #expect(fingerprint().utf8.count == 32)
    }

    @Test func `every term makes another digest`() {
        let changes: [(inout OrderRequest) -> Void] = [
            { $0.instrument = Trial.contract }, { $0.side = .sell }, { $0.type = .market }, { $0.product = .delivery },
            { $0.timeInForce = .immediateOrCancel }, { $0.timeInForce = .minutes(5) }, { $0.quantity = 11 },
            { $0.price = Price(rupees: 801) }, { $0.price = nil }, { $0.triggerPrice = Price(rupees: 800) },
            { $0.disclosedQuantity = 1 }, { $0.marketProtection = .automatic },
            { $0.marketProtection = .basisPoints(100) },
        ]
        let digests = changes.map { fingerprint($0) } + [fingerprint(), fingerprint(label: "scalp")]
        #expect(Set(digests).count == digests.count)
    }
}
