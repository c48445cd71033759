import Trading

/// Finds instruments by what an order names.
package protocol InstrumentDirectory: Sendable {
    /// The instrument under a symbol on an exchange; nil where none is listed.
    func instrument(_ id: InstrumentID) -> Instrument?
    /// The instrument with a broker's number; nil where none is listed.
    func instrument(_ token: InstrumentToken) -> Instrument?
    /// How many instruments are listed.
    var count: Int { get }
}

/// A directory held in memory.
package struct InstrumentIndex: InstrumentDirectory {
    private let instruments: [Instrument]
    private let byID: [InstrumentID: Int]
    private let byToken: [InstrumentToken: Int]

    /// Indexes instruments; of several under one name the last wins.
    package init(_ instruments: [Instrument]) {
        self.instruments = instruments
        var byID = [InstrumentID: Int](minimumCapacity: instruments.count)
        var byToken = [InstrumentToken: Int](minimumCapacity: instruments.count)
        for (index, instrument) in instruments.enumerated() {
            byID[instrument.id] = index
            byToken[instrument.token] = index
        }
        self.byID = byID
        self.byToken = byToken
    }

    package func instrument(_ id: InstrumentID) -> Instrument? { byID[id].map { instruments[$0] } }
    package func instrument(_ token: InstrumentToken) -> Instrument? { byToken[token].map { instruments[$0] } }
    package var count: Int { instruments.count }
}
