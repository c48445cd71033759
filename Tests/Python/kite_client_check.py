"""Drives a running demo with the broker's own, unmodified Python client.

Usage: kite_client_check.py READY_FILE    (needs: pip install kiteconnect)

Prints one line per step and exits with 0 only when all of them succeed within a minute.
"""

import datetime
import json
import os
import sys
import threading
import time
from urllib.parse import urlparse

from kiteconnect import KiteConnect, KiteTicker

TIME_LIMIT = 60
# The app's limit of ten calls a second is shared with whoever else is signed in with its key.
PAUSE = 0.2
FULL_TICKS = 5


class CheckFailed(Exception):
    """A step that did not come out as it should."""


def ok(step, detail=""):
    print(f"ok: {step}" + (f" ({detail})" if detail else ""), flush=True)
    time.sleep(PAUSE)


def require(condition, sentence):
    if not condition:
        raise CheckFailed(sentence)


def wait_until(probe, sentence, seconds=15, pause=0.3):
    """Asks until the answer is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = probe()
        if answer:
            return answer
        time.sleep(pause)
    raise CheckFailed(sentence)


def near_future(kite):
    rows = kite.instruments("NFO")
    require(rows, "the NFO dump is empty")
    futures = [
        row
        for row in rows
        if row["instrument_type"] == "FUT" and row["name"] == "NIFTY" and isinstance(row["expiry"], datetime.date)
    ]
    require(futures, "the NFO dump has no NIFTY future")
    ok("instruments", f"{len(rows)} rows")
    return min(futures, key=lambda row: row["expiry"])


def place(kite, future, side):
    return kite.place_order(
        variety=kite.VARIETY_REGULAR,
        exchange=kite.EXCHANGE_NFO,
        tradingsymbol=future["tradingsymbol"],
        transaction_type=side,
        quantity=future["lot_size"],
        product=kite.PRODUCT_NRML,
        order_type=kite.ORDER_TYPE_MARKET,
        market_protection=-1,
        tag="pycheck",
    )


def find_order(kite, order_id, status):
    for row in kite.orders():
        if row["order_id"] == order_id:
            require(row["status"] != "REJECTED", f"the order was rejected: {row['status_message']}")
            if row["status"] == status:
                return row
    return None


def check_rest(kite, details):
    session = kite.generate_session(details["request_token"], api_secret=details["api_secret"])
    require(session["user_id"] == details["user_id"], "the session is another user's")
    require(isinstance(session["login_time"], datetime.datetime), "login_time is no time")
    ok("generate_session", session["user_id"])

    require(kite.profile()["user_id"] == details["user_id"], "the profile is another user's")
    ok("profile")
    margins = kite.margins()
    require("equity" in margins and "commodity" in margins, "a purse is missing")
    require(kite.margins("equity")["enabled"] is True, "the equity purse is closed")
    ok("margins", f"net {margins['equity']['net']}")

    future = near_future(kite)
    name = f"NFO:{future['tradingsymbol']}"
    price = kite.ltp(name, "NSE:NIFTY 50", "NSE:NO SUCH THING")
    require(set(price) == {name, "NSE:NIFTY 50"}, f"ltp answered for {sorted(price)}")
    ok("ltp", f"{name} {price[name]['last_price']}")
    time.sleep(1.1)
    quote = kite.quote(name)[name]
    require(len(quote["depth"]["buy"]) == 5 and len(quote["depth"]["sell"]) == 5, "the depth is not 5 + 5")
    ok("quote")
    time.sleep(1.1)
    require("ohlc" in kite.ohlc(name)[name], "ohlc is missing")
    ok("ohlc")

    order_id = place(kite, future, kite.TRANSACTION_TYPE_BUY)
    ok("place_order", order_id)
    order = wait_until(lambda: find_order(kite, order_id, "COMPLETE"), "the order did not complete")
    require(order["filled_quantity"] == future["lot_size"], "the order is complete but not filled")
    require(order["tag"] == "pycheck", "the tag was lost")
    ok("orders", f"{order['status']} at {order['average_price']}")
    held = [row for row in kite.positions()["net"] if row["tradingsymbol"] == future["tradingsymbol"]]
    require(held, "the fill is not in positions")
    ok("positions", f"{held[0]['quantity']} units")
    statuses = [row["status"] for row in kite.order_history(order_id)]
    require(statuses[0] == "PUT ORDER REQ RECEIVED" and statuses[-1] == "COMPLETE", f"odd history {statuses}")
    ok("order_history", " > ".join(statuses))
    trades = kite.order_trades(order_id)
    require(sum(row["quantity"] for row in trades) == future["lot_size"], "the trades do not add up")
    require(any(row["order_id"] == order_id for row in kite.trades()), "trades() misses the order")
    ok("trades", f"{len(trades)} of the order")
    require(isinstance(kite.holdings(), list), "holdings is no list")
    ok("holdings")
    check_resting_order(kite, future, quote)
    return future


def check_resting_order(kite, future, quote):
    tick = future["tick_size"]
    price = round(round(quote["last_price"] * 0.97 / tick) * tick, 2)
    order_id = kite.place_order(
        variety=kite.VARIETY_REGULAR,
        exchange=kite.EXCHANGE_NFO,
        tradingsymbol=future["tradingsymbol"],
        transaction_type=kite.TRANSACTION_TYPE_BUY,
        quantity=future["lot_size"],
        product=kite.PRODUCT_NRML,
        order_type=kite.ORDER_TYPE_LIMIT,
        price=price,
    )
    lower = round(price - tick, 2)
    require(kite.modify_order(kite.VARIETY_REGULAR, order_id, price=lower) == order_id, "modify names another order")
    ok("modify_order", f"{price} > {lower}")
    require(kite.cancel_order(kite.VARIETY_REGULAR, order_id) == order_id, "cancel names another order")
    wait_until(lambda: find_order(kite, order_id, "CANCELLED"), "the order was not cancelled")
    ok("cancel_order")


class TickerCheck:
    """Collects what the ticker brings, from the client's own thread."""

    def __init__(self, api_key, access_token, root, token):
        self.token = token
        self.full_ticks = 0
        self.faults = []
        self.updates = {}
        self.enough = threading.Event()
        self.news = threading.Condition()
        self.ticker = KiteTicker(api_key, access_token, root=root)
        self.ticker.on_connect = self.on_connect
        self.ticker.on_ticks = self.on_ticks
        self.ticker.on_order_update = self.on_order_update
        self.ticker.on_error = lambda ws, code, reason: self.faults.append(f"{code}: {reason}")

    def on_connect(self, ws, response):
        ws.subscribe([self.token])
        ws.set_mode(ws.MODE_FULL, [self.token])

    def on_ticks(self, ws, ticks):
        for tick in ticks:
            if tick["instrument_token"] != self.token or tick["mode"] != "full":
                continue
            depth = tick["depth"]
            if len(depth["buy"]) != 5 or len(depth["sell"]) != 5 or tick["last_price"] <= 0:
                self.faults.append(f"an odd tick: {tick}")
            self.full_ticks += 1
            if self.full_ticks >= FULL_TICKS:
                self.enough.set()

    def on_order_update(self, ws, data):
        with self.news:
            self.updates.setdefault(data["order_id"], []).append(data)
            self.news.notify_all()

    def wait_for(self, order_id, status, seconds=15):
        def arrived():
            return [row for row in self.updates.get(order_id, []) if row["status"] == status]

        with self.news:
            require(self.news.wait_for(arrived, timeout=seconds), f"no {status} message for {order_id}")
            return arrived()[0]


def check_ticker(kite, details, root, future):
    check = TickerCheck(details["api_key"], kite.access_token, root, future["instrument_token"])
    check.ticker.connect(threaded=True)
    require(check.enough.wait(20), f"only {check.full_ticks} full ticks came; {check.faults}")
    ok("full ticks", f"{check.full_ticks} with 5 + 5 levels")
    order_id = place(kite, future, kite.TRANSACTION_TYPE_SELL)
    update = check.wait_for(order_id, "COMPLETE")
    require(update["user_id"] == details["user_id"] and update["checksum"], "the message lacks user or checksum")
    require(not check.faults, f"the ticker complained: {check.faults}")
    ok("order update", f"{order_id} {update['status']}")
    check.ticker.close()


def give_up():
    print(f"failed: not done within {TIME_LIMIT} s", file=sys.stderr, flush=True)
    os._exit(1)


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    timer = threading.Timer(TIME_LIMIT, give_up)
    timer.daemon = True
    timer.start()
    with open(sys.argv[1], encoding="utf-8") as file:
        ready = json.load(file)
    details = ready["kite"]
    require(urlparse(ready["exchange_ws_url"]).scheme in ("ws", "wss"), "exchange_ws_url is no WebSocket address")
    kite = KiteConnect(details["api_key"], root=ready["exchange_url"])
    future = check_rest(kite, details)
    check_ticker(kite, details, ready["exchange_ws_url"], future)
    ok("all steps")
    return 0


if __name__ == "__main__":
    try:
        CODE = main()
    except Exception as error:  # pylint: disable=broad-except
        print(f"failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        CODE = 1
    sys.stdout.flush()
    # The ticker's reactor thread would keep the interpreter from ending by itself.
    os._exit(CODE)
