import Brokers
import Testing
import Trading

struct InstrumentDirectoryTests {
    private func share(_ symbol: String, _ token: UInt32, name: String = "") -> Instrument {
        Instrument(
            token: InstrumentToken(token), id: InstrumentID(exchange: .nse, symbol: symbol), name: name, kind: .equity,
            tickSize: Price(paise: 5), lotSize: 1)
    }

    @Test func `an instrument is found by name and by number`() {
        let index = InstrumentIndex([share("SBIN", 1), share("IOC", 2)])
        #expect(index.count == 2)
        #expect(index.instrument(InstrumentID(exchange: .nse, symbol: "IOC"))?.token == InstrumentToken(2))
        #expect(index.instrument(InstrumentToken(1))?.id.symbol == "SBIN")
        #expect(index.instrument(InstrumentID(exchange: .bse, symbol: "IOC")) == nil)
        #expect(index.instrument(InstrumentToken(3)) == nil)
    }

    @Test func `of several under one name the last wins`() {
        let index = InstrumentIndex([share("SBIN", 1, name: "old"), share("SBIN", 1, name: "new")])
        #expect(index.instrument(InstrumentID(exchange: .nse, symbol: "SBIN"))?.name == "new")
        #expect(index.instrument(InstrumentToken(1))?.name == "new")
    }
}
