import Testing
import Trading

@testable import KiteSimulator

@Suite struct TickerCommandTests {
    @Test(arguments: [
        (#"{"a":"subscribe","v":[408065,884737]}"#, TickerCommand.subscribe([.init(408_065), .init(884_737)])),
        (#"{"a": "unsubscribe", "v": [408065]}"#, .unsubscribe([.init(408_065)])),
        (#"{"a":"mode","v":["full",[408065]]}"#, .mode(.full, [.init(408_065)])),
        (#"{"a" : "mode", "v" : ["ltp", [1, 2]]}"#, .mode(.ltp, [.init(1), .init(2)])),
        (#"{"a":"subscribe","v":["408065",408065,-1,1.5,4294967296]}"#, .subscribe([.init(408_065)])),
    ])
    func `requests are read, tokens that are no numbers are ignored`(text: String, command: TickerCommand) {
        #expect(TickerCommand(text) == command)
    }

    @Test(arguments: ["", "{}", "[]", #"{"a":"subscribe"}"#, #"{"a":"mode","v":["all",[1]]}"#, #"{"a":"x","v":[]}"#])
    func `anything else is not a request`(text: String) {
        #expect(TickerCommand(text) == nil)
    }
}
