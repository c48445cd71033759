import Gzip
import NIOCore
import PaperExchange
import Trading

/// The instruments dump, written once per exchange and encoding, then kept.
actor InstrumentDumps {
    private struct Key: Hashable {
        let exchange: Exchange?
        let isCompressed: Bool
    }

    private let listing: Listing
    private var kept: [Key: ByteBuffer] = [:]

    init(listing: Listing) {
        self.listing = listing
    }

    /// The dump of an exchange, or of all; costs one pass over the listing the first time.
    func dump(of exchange: Exchange?, compressed: Bool) -> ByteBuffer {
        let key = Key(exchange: exchange, isCompressed: compressed)
        if let known = kept[key] { return known }
        let plain = kept[Key(exchange: exchange, isCompressed: false)]
        let text = plain ?? ByteBuffer(bytes: listing.csv(exchange: exchange))
        let made = compressed ? GzipCodec.compress(text) : text
        kept[key] = made
        return made
    }
}
