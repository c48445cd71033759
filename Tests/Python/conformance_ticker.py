"""The ticker's half of the conformance table: every public method of the Python client's KiteTicker."""

import threading
import time

from kiteconnect import KiteTicker


class Collected:
    """What the ticker brings, from the client's own thread."""

    def __init__(self):
        self.changed = threading.Condition()
        self.modes = {}
        self.connections = 0
        self.closes = []
        self.errors = []
        self.updates = []
        self.heartbeats = 0

    def note(self, change):
        with self.changed:
            change()
            self.changed.notify_all()

    def wait(self, probe, sentence, seconds=15):
        with self.changed:
            if not self.changed.wait_for(probe, timeout=seconds):
                raise AssertionError(f"{sentence}; errors {self.errors[-2:]}")


class TickerChecks:
    """One connection of the client, driven through its methods."""

    def __init__(self, ready, rest, table):
        self.rest = rest
        self.table = table
        self.seen = Collected()
        self.details = ready["kite"]
        self.root = ready["exchange_ws_url"]
        self.ticker = None

    def connect(self):
        self.ticker = KiteTicker(self.details["api_key"], self.rest.kite.access_token, root=self.root)
        seen = self.seen
        self.ticker.on_connect = lambda ws, response: seen.note(lambda: setattr(seen, "connections", seen.connections + 1))
        self.ticker.on_close = lambda ws, code, reason: seen.note(lambda: seen.closes.append(code))
        self.ticker.on_error = lambda ws, code, reason: seen.note(lambda: seen.errors.append((code, reason)))
        self.ticker.on_order_update = lambda ws, data: seen.note(lambda: seen.updates.append(data))
        self.ticker.on_message = self.on_message
        self.ticker.on_ticks = self.on_ticks
        self.ticker.connect(threaded=True)
        seen.wait(lambda: seen.connections == 1, "no connection")

    def on_message(self, _, payload, is_binary):
        if is_binary and len(payload) == 1:
            self.seen.note(lambda: setattr(self.seen, "heartbeats", self.seen.heartbeats + 1))

    def on_ticks(self, _, ticks):
        def take():
            for tick in ticks:
                self.seen.modes[tick["instrument_token"]] = tick

        self.seen.note(take)

    def is_connected(self):
        if not self.ticker.is_connected():
            raise AssertionError("the client says that it is not connected")
        self.seen.wait(lambda: self.seen.heartbeats >= 2, "no heartbeats", 10)
        return f"{self.seen.heartbeats} heartbeats"

    def subscribe(self):
        self.token = self.rest.future["instrument_token"]
        self.index = 256265
        self.ticker.subscribe([self.token, self.index])
        self.seen.wait(lambda: {self.token, self.index} <= set(self.seen.modes), "no ticks")
        return f"mode {self.seen.modes[self.token]['mode']}"

    def set_mode(self):
        for mode in ("full", "quote", "ltp", "full"):
            self.ticker.set_mode(mode, [self.token, self.index])
            self.seen.wait(lambda: all(self.seen.modes[token]["mode"] == mode for token in (self.token, self.index)),  # pylint: disable=cell-var-from-loop
                           f"no ticks in mode {mode}")
        tick, index = self.seen.modes[self.token], self.seen.modes[self.index]
        depth = tick["depth"]
        if len(depth["buy"]) != 5 or len(depth["sell"]) != 5 or not tick["tradable"] or index["tradable"]:
            raise AssertionError(f"odd ticks: {tick} {index}")
        if not index["ohlc"]["low"] <= index["last_price"] <= index["ohlc"]["high"]:
            raise AssertionError(f"the index is beyond its day: {index}")
        return "full, quote, ltp"

    def order_update(self):
        order_id = self.rest.place(self.rest.future, "SELL")
        self.seen.wait(lambda: any(row["order_id"] == order_id and row["status"] == "COMPLETE"
                                   for row in self.seen.updates), "no order message")
        row = next(row for row in self.seen.updates if row["order_id"] == order_id)
        for name in ("user_id", "app_id", "checksum", "unfilled_quantity"):
            if name not in row:
                raise AssertionError(f"the message lacks {name}")
        return row["status"]

    def resubscribe(self):
        self.seen.note(self.seen.modes.clear)
        self.ticker.resubscribe()
        self.seen.wait(lambda: self.token in self.seen.modes, "no ticks afterwards")
        return "full" if self.seen.modes[self.token]["mode"] == "full" else "other mode"

    def unsubscribe(self):
        self.ticker.unsubscribe([self.token, self.index])
        time.sleep(1.5)
        self.seen.note(self.seen.modes.clear)
        time.sleep(1.5)
        if self.seen.modes:
            raise AssertionError(f"ticks of {sorted(self.seen.modes)} still come")
        if not self.ticker.is_connected():
            raise AssertionError("the connection went with the subscriptions")

    def stop_retry(self):
        self.ticker.stop_retry()

    def close(self):
        self.ticker.close()
        self.seen.wait(lambda: self.seen.closes, "the closing was not reported")
        return f"code {self.seen.closes[0]}"

    def stop(self):
        # Ends the reactor of the whole process, so it comes last.
        self.ticker.stop()

    def run(self):
        """Every method, in the order of a connection's life."""
        steps = [self.connect, self.is_connected, self.subscribe, self.set_mode,
                 ("(order messages)", self.order_update), self.resubscribe, self.unsubscribe, self.stop_retry,
                 self.close, self.stop]
        for step in steps:
            name, body = step if isinstance(step, tuple) else (step.__name__, step)
            self.table.check(name, body)
