import PaperExchange
import Trading

/// Chooses what the paper exchange lists, its day and its opening prices.
struct MarketOpening {
    let listing: Listing
    let tradingDate: CalendarDate
    let origins: PriceOrigins

    /// Reads the files that were named, or generates a listing for today.
    ///
    /// A dump of an earlier day is traded on its own day: no contract in it has expired then.
    init(_ configuration: ServerConfiguration, today: CalendarDate) throws(StartError) {
        if let path = configuration.instrumentsFile {
            let bytes = try InputFile.read(path)
            do throws(FileFormatError) {
                listing = try Listing.parse(csv: bytes)
            } catch {
                throw .usage("\(path) is not an instrument dump: \(error)")
            }
            tradingDate = min(today, listing.earliestExpiry ?? today)
        } else {
            listing = Listing.builtIn(tradingDate: today)
            tradingDate = today
        }
        guard let path = configuration.bhavcopyFile else {
            origins = PriceOrigins()
            return
        }
        let bytes = try InputFile.read(path)
        do throws(FileFormatError) {
            origins = listing.origins(from: try Bhavcopy.parse(csv: bytes))
        } catch {
            throw .usage("\(path) is not an end-of-day file: \(error)")
        }
    }
}
