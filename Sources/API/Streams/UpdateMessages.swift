import Brokers
import Gateway
import JSON
import NIOCore
import Trading
import WebSocket

/// What is sent on order WebSockets, each message encoded once for all its receivers.
///
/// Fields stand at the top and again under `data`, because clients of both forms exist.
enum UpdateMessages {
    /// The first message of a connection.
    static func established(accounts: [String], at time: Timestamp) -> PreparedFrame {
        frame { writer in
            writer.key("type")
            writer.value("connection_established")
            writer.key("account_id")
            writer.text(accounts.count == 1 ? accounts.first : nil)
            writer.key("accounts")
            writer.beginArray()
            for account in accounts { writer.value(account) }
            writer.endArray()
            writer.key("message")
            writer.value("Connected to order updates")
            writer.key("timestamp")
            writer.time(time)
        }
    }

    /// News of an account.
    static func update(_ update: AccountUpdate, account: String, at time: Timestamp) -> PreparedFrame {
        switch update {
        case .order(let order): self.order(order, account, time)
        case .position(let position): self.position(position, account, time)
        case .connection(let state): connection(state, account, time)
        }
    }

    /// The answer to a ping in JSON.
    static func pong(at time: Timestamp) -> PreparedFrame {
        frame { writer in
            writer.key("type")
            writer.value("pong")
            writer.key("timestamp")
            writer.time(time)
        }
    }

    /// The answer to what is not understood.
    static func misunderstood() -> PreparedFrame {
        frame { writer in
            writer.key("type")
            writer.value("error")
            writer.key("code")
            writer.value("unknown_message")
            writer.key("detail")
            writer.value("Only {\"type\":\"ping\"} and ping are understood here.")
        }
    }

    private static func order(_ order: Order, _ account: String, _ time: Timestamp) -> PreparedFrame {
        frame { writer in
            writer.key("type")
            writer.value("order_update")
            writer.key("account_id")
            writer.value(account)
            writer.key("order_id")
            writer.text(order.brokerOrderID)
            writer.key("client_order_id")
            writer.text(order.isExternal ? nil : order.clientOrderID)
            writer.key("status")
            writer.value(order.status.word)
            writer.key("filled_quantity")
            writer.quantity(order.filledQuantity)
            writer.key("average_price")
            writer.price(order.averagePrice)
            writer.key("status_message")
            writer.text(order.message)
            writer.key("timestamp")
            writer.time(time)
            writer.key("data")
            writer.order(order)
        }
    }

    private static func position(_ position: Position, _ account: String, _ time: Timestamp) -> PreparedFrame {
        frame { writer in
            writer.key("type")
            writer.value("position_update")
            writer.key("account_id")
            writer.value(account)
            writer.key("tradingsymbol")
            writer.value(position.instrument.symbol)
            writer.key("quantity")
            writer.quantity(position.quantity)
            writer.key("pnl")
            writer.money(position.profit)
            writer.key("timestamp")
            writer.time(time)
            writer.key("data")
            writer.position(position)
        }
    }

    private static func connection(
        _ state: BrokerConnection, _ account: String, _ time: Timestamp
    ) -> PreparedFrame {
        frame { writer in
            writer.key("type")
            writer.value("connection_update")
            writer.key("account_id")
            writer.value(account)
            writer.key("state")
            switch state {
            case .connected: writer.value("connected")
            case .disconnected(let reason):
                writer.value("disconnected")
                writer.key("reason")
                writer.value(reason)
            }
            writer.key("timestamp")
            writer.time(time)
        }
    }

    private static func frame(_ members: (inout JSONWriter) -> Void) -> PreparedFrame {
        var writer = JSONWriter(reservingCapacity: 1_024)
        writer.beginObject()
        members(&writer)
        writer.endObject()
        return PreparedFrame(textBytes: ByteBuffer(bytes: writer.bytes))
    }
}
