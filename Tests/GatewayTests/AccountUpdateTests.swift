import Gateway
import Testing

struct AccountUpdateTests {
    @Test func `every subscriber hears everything that is sent after it came, in sequence`() async {
        let broadcast = Broadcast<Int>()
        broadcast.send(0)
        let first = broadcast.subscribe()
        broadcast.send(1)
        let second = broadcast.subscribe()
        broadcast.send(2)
        broadcast.finish()
        var heard: [[Int]] = [[], []]
        for await number in first { heard[0].append(number) }
        for await number in second { heard[1].append(number) }
        #expect(heard == [[1, 2], [2]])
    }

    @Test func `whoever comes after the end hears that it is over`() async {
        let broadcast = Broadcast<Int>()
        broadcast.finish()
        for await _ in broadcast.subscribe() { Issue.record("nothing is sent any more") }
    }
}
