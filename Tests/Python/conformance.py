"""Calls every public method of the broker's own, unmodified Python client against a running demo.

Usage: conformance.py READY_FILE    (needs: pip install kiteconnect)

Prints a table, method by method, and exits with 0 only when none fails and none was left out. The list of methods is
read from the client itself, so a method that a later version adds counts as a failure until it is covered here.
"""

import datetime
import inspect
import json
import os
import sys
import threading
import time
import traceback

import kiteconnect
from conformance_ticker import TickerChecks
from kiteconnect import KiteConnect, KiteTicker, exceptions
from requests.adapters import HTTPAdapter

TIME_LIMIT = 180
IST = datetime.timezone(datetime.timedelta(hours=5, minutes=30))


class CheckFailed(Exception):
    """A call that did not come out as it should."""


def require(condition, sentence):
    if not condition:
        raise CheckFailed(sentence)


def require_keys(row, keys, what):
    missing = sorted(set(keys) - set(row))
    require(not missing, f"{what} lacks {', '.join(missing)}")


def wait_until(probe, sentence, seconds=15, pause=0.3):
    """Asks until the answer is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = probe()
        if answer:
            return answer
        time.sleep(pause)
    raise CheckFailed(sentence)


def refusal(call, kind, words=""):
    """The error that a call must end with."""
    try:
        call()
    except kind as error:
        require(words.lower() in str(error).lower(), f"the refusal says: {error}")
        return error
    raise CheckFailed(f"no {kind.__name__}")


class Table:
    """What was called and how it went."""

    def __init__(self):
        self.rows = []

    def check(self, name, body):
        try:
            detail = body()
            self.rows.append((name, "pass", "" if detail is None else str(detail)))
        except Exception as error:  # pylint: disable=broad-except
            if os.environ.get("CONFORMANCE_TRACE"):
                traceback.print_exc()
            self.rows.append((name, "FAIL", f"{type(error).__name__}: {error}"))

    def leave_out(self, name, reason):
        self.rows.append((name, "n/a", reason))

    def names(self):
        return {name.split(" ")[0] for name, _, _ in self.rows}

    def print(self):
        width = max(len(name) for name, _, _ in self.rows)
        for name, result, detail in self.rows:
            print(f"{name:<{width}}  {result:<4}  {detail[:300]}", flush=True)

    @property
    def failures(self):
        return [row for row in self.rows if row[1] == "FAIL"]


class PacedAdapter(HTTPAdapter):
    """Keeps the broker's rates, which no official client does by itself."""

    # The app's rates are shared with the running server, which signs in with the same key.
    PAUSES = {"quote": 1.06, "candles": 0.4, "others": 0.14}

    def __init__(self):
        super().__init__()
        self.last = {}

    def send(self, request, **options):  # pylint: disable=arguments-differ
        path = request.path_url
        group = "quote" if path.startswith("/quote") else "candles" if "/historical/" in path else "others"
        time.sleep(max(0.0, self.last.get(group, 0.0) + self.PAUSES[group] - time.monotonic()))
        self.last[group] = time.monotonic()
        return super().send(request, **options)


class Rest:
    """The REST client's methods."""

    def __init__(self, ready, table):
        self.details = ready["kite"]
        self.root = ready["exchange_url"]
        self.table = table
        self.kite = KiteConnect(self.details["api_key"], root=self.root)
        self.future = None
        self.option = None
        self.share = None
        self.kite.reqsession.mount("http://", PacedAdapter())

    # Prices

    def last_price(self, exchange, symbol):
        name = f"{exchange}:{symbol}"
        return self.kite.ltp(name)[name]["last_price"]

    @staticmethod
    def on_tick(price, row):
        return round(round(price / row["tick_size"]) * row["tick_size"], 2)

    def place(self, row, side="BUY", order_type="MARKET", variety="regular", **more):
        terms = {
            "exchange": row["exchange"],
            "tradingsymbol": row["tradingsymbol"],
            "transaction_type": side,
            "quantity": row["lot_size"],
            "product": "NRML" if row["exchange"] == "NFO" else "CNC",
            "order_type": order_type,
        }
        terms.update(more)
        if order_type in ("MARKET", "SL-M"):
            terms.setdefault("market_protection", -1)
        return self.kite.place_order(variety, **terms)

    def order(self, order_id):
        return next((row for row in self.kite.orders() if row["order_id"] == order_id), None)

    def reaches(self, order_id, *statuses):
        def probe():
            row = self.order(order_id)
            require(row is None or "REJECTED" in statuses or row["status"] != "REJECTED",
                    f"rejected: {row and row['status_message']}")
            return row if row and row["status"] in statuses else None

        return wait_until(probe, f"{order_id} did not become {' or '.join(statuses)}")

    # The session

    def login_url(self):
        url = self.kite.login_url()
        require(f"api_key={self.details['api_key']}" in url and "v=3" in url, url)

    def generate_session(self):
        refusal(lambda: self.kite.generate_session("wrong", api_secret=self.details["api_secret"]),
                exceptions.TokenException, "expired")
        session = self.kite.generate_session(self.details["request_token"], api_secret=self.details["api_secret"])
        require(isinstance(session["login_time"], datetime.datetime), "login_time is no time")
        require_keys(session, ["user_id", "user_name", "email", "exchanges", "products", "order_types",
                               "access_token", "public_token", "refresh_token", "api_key", "meta"], "the session")
        return session["user_id"]

    def set_access_token(self):
        kept = self.kite.access_token
        self.kite.set_access_token("wrong")
        refusal(self.kite.profile, exceptions.TokenException, "access_token")
        self.kite.set_access_token(kept)
        self.kite.profile()

    def set_session_expiry_hook(self):
        seen = []
        other = KiteConnect(self.details["api_key"], access_token="wrong", root=self.root)
        other.set_session_expiry_hook(lambda: seen.append(1))
        refusal(other.orders, exceptions.TokenException)
        require(seen == [1], "the hook was not called")

    def renew_access_token(self):
        error = refusal(lambda: self.kite.renew_access_token("none", self.details["api_secret"]),
                        exceptions.KiteException)
        return f"refused for an app that is not approved: HTTP {error.code}"

    def invalidate_refresh_token(self):
        # The broker gives ordinary apps no refresh token; ending one that is not there is refused or does nothing.
        try:
            return self.kite.invalidate_refresh_token("none")
        except (exceptions.TokenException, exceptions.InputException) as error:
            return f"refused: {error}"

    def invalidate_access_token(self):
        require(self.kite.invalidate_access_token(self.kite.access_token) is True, "the answer is not true")
        refusal(self.kite.profile, exceptions.TokenException)

    def profile(self):
        profile = self.kite.profile()
        require(profile["user_id"] == self.details["user_id"], "another user's")
        require_keys(profile, ["user_type", "email", "user_name", "user_shortname", "broker", "exchanges", "products",
                               "order_types", "avatar_url", "meta"], "the profile")

    def margins(self):
        both = self.kite.margins()
        require(set(both) == {"equity", "commodity"}, sorted(both))
        for segment in ("equity", "commodity"):
            one = self.kite.margins(segment)
            require_keys(one, ["enabled", "net", "available", "utilised"], segment)
        require_keys(both["equity"]["available"], ["adhoc_margin", "cash", "opening_balance", "live_balance",
                                                   "collateral", "intraday_payin"], "available")
        require_keys(both["equity"]["utilised"], ["debits", "exposure", "m2m_realised", "m2m_unrealised",
                                                  "option_premium", "payout", "span", "holding_sales", "turnover",
                                                  "liquid_collateral", "stock_collateral", "delivery"], "utilised")

    # Instruments and prices

    def instruments(self):
        everything = self.kite.instruments()
        nfo = self.kite.instruments("NFO")
        require(nfo and len(everything) > len(nfo), "the dumps do not fit together")
        futures = [row for row in nfo if row["instrument_type"] == "FUT" and row["name"] == "NIFTY"]
        self.future = min(futures, key=lambda row: row["expiry"])
        require(isinstance(self.future["expiry"], datetime.date), "expiry is no date")
        shares = [row for row in everything if row["exchange"] == "NSE" and row["segment"] == "NSE"]
        self.shares = {row["tradingsymbol"]: row for row in shares}
        self.share = next(row for row in shares if row["tradingsymbol"] in ("INFY", "SBIN", "RELIANCE"))
        spot = self.last_price("NSE", "NIFTY 50")
        calls = [row for row in nfo if row["instrument_type"] == "CE" and row["name"] == "NIFTY"]
        nearest = min(row["expiry"] for row in calls)
        self.option = min((row for row in calls if row["expiry"] == nearest), key=lambda row: abs(row["strike"] - spot))
        return f"{len(everything)} rows; {self.future['tradingsymbol']}, {self.option['tradingsymbol']}"

    def names(self):
        return [f"NFO:{self.future['tradingsymbol']}", f"NSE:{self.share['tradingsymbol']}", "NSE:NIFTY 50"]

    def quote(self):
        names = self.names()
        rows = self.kite.quote(*names, "NSE:NO SUCH THING")
        require(set(rows) == set(names), f"answered for {sorted(rows)}")
        for name in names[:2]:
            row = rows[name]
            require(len(row["depth"]["buy"]) == 5 and len(row["depth"]["sell"]) == 5, "the depth is not 5 + 5")
            require_keys(row, ["instrument_token", "timestamp", "last_trade_time", "last_price", "last_quantity",
                               "buy_quantity", "sell_quantity", "volume", "average_price", "oi", "oi_day_high",
                               "oi_day_low", "net_change", "lower_circuit_limit", "upper_circuit_limit", "ohlc"], name)
            require(isinstance(row["timestamp"], datetime.datetime), "timestamp is no time")
            require(row["lower_circuit_limit"] < row["last_price"] < row["upper_circuit_limit"], "beyond its limits")
            close = row["ohlc"]["close"]
            require(abs(row["net_change"] - (row["last_price"] - close)) < 0.01, "net_change is not last - close")
        token = str(self.share["instrument_token"])
        require(set(self.kite.quote(token)) == {token}, "a numeric token is not answered under its text")

    def ohlc(self):
        rows = self.kite.ohlc(self.names())
        for row in rows.values():
            require(row["ohlc"]["low"] <= row["last_price"] <= row["ohlc"]["high"], f"not within the day: {row}")

    def ltp(self):
        rows = self.kite.ltp(*self.names())
        require(all(row["last_price"] > 0 for row in rows.values()) and len(rows) == 3, rows)

    def historical_data(self):
        today = datetime.datetime.now(IST).replace(tzinfo=None)
        token = self.share["instrument_token"]
        start = (today - datetime.timedelta(days=20)).date()
        counts = {}
        for interval in ("minute", "3minute", "5minute", "10minute", "15minute", "30minute", "60minute", "day"):
            rows = self.kite.historical_data(token, start, today.date(), interval)
            require(rows, f"no candles of {interval}")
            require(all(row["low"] <= min(row["open"], row["close"]) and row["high"] >= max(row["open"], row["close"])
                        for row in rows), f"a candle of {interval} is impossible")
            dates = [row["date"] for row in rows]
            require(dates == sorted(set(dates)), f"candles of {interval} are not in order")
            require(dates[0].utcoffset() == datetime.timedelta(hours=5, minutes=30), "no Indian time")
            counts[interval] = len(rows)
        interest = self.kite.historical_data(self.future["instrument_token"], start, today, "day",
                                             continuous=True, oi=True)
        require(interest and all("oi" in row for row in interest), "no open interest")
        refusal(lambda: self.kite.historical_data(token, "2020-01-01", "2020-12-31", "minute"),
                exceptions.InputException, "interval exceeds max limit: 60 days")
        return f"{counts['minute']} minutes, {counts['day']} days"

    def trigger_range(self):
        names = [f"NSE:{self.share['tradingsymbol']}"]
        for side in ("BUY", "SELL"):
            row = self.kite.trigger_range(side, *names)[names[0]]
            require_keys(row, ["instrument_token", "lower", "upper"], "the range")
            require(row["lower"] < row["upper"], f"{row}")
        return f"{row['lower']} to {row['upper']}"

    # Orders

    def place_order(self):
        order_id = self.place(self.future, tag="conformance")
        row = self.reaches(order_id, "COMPLETE")
        require(row["tag"] == "conformance" and row["filled_quantity"] == row["quantity"], f"{row}")
        refusal(lambda: self.place(self.future, market_protection=0), exceptions.InputException, "market protection")
        refusal(lambda: self.place(self.future, tag="x" * 21), exceptions.InputException)
        refusal(lambda: self.place({**self.future, "tradingsymbol": "NOSUCH"}), exceptions.InputException)
        return f"{order_id} {row['status']} at {row['average_price']}"

    def place_amo(self):
        price = self.on_tick(self.last_price("NFO", self.future["tradingsymbol"]) * 0.97, self.future)
        order_id = self.place(self.future, variety="amo", order_type="LIMIT", price=price)
        row = self.reaches(order_id, "AMO REQ RECEIVED", "OPEN")
        self.kite.cancel_order("amo", order_id)
        return row["status"]

    def place_iceberg(self):
        price = self.on_tick(self.last_price("NFO", self.future["tradingsymbol"]) * 0.97, self.future)
        order_id = self.place(self.future, variety="iceberg", order_type="LIMIT", price=price,
                              quantity=self.future["lot_size"] * 4, iceberg_legs=4,
                              iceberg_quantity=self.future["lot_size"])
        row = self.reaches(order_id, "OPEN")
        leg = row["meta"]["iceberg"]
        require(leg["leg"] == 1 and leg["legs"] == 4 and leg["total_quantity"] == self.future["lot_size"] * 4, f"{leg}")
        self.kite.cancel_order("iceberg", order_id)
        return f"leg {leg['leg']} of {leg['legs']}"

    def place_cover(self):
        last = self.last_price("NSE", self.share["tradingsymbol"])
        trigger = self.on_tick(last * 0.98, self.share)
        parent = self.place(self.share, variety="co", product="MIS", quantity=1, trigger_price=trigger)
        self.reaches(parent, "COMPLETE")
        second = wait_until(lambda: next((row for row in self.kite.orders() if row["parent_order_id"] == parent), None),
                            "no second leg")
        require(second["trigger_price"] == trigger and second["variety"] == "co", f"{second}")
        moved = self.on_tick(last * 0.975, self.share)
        self.kite.modify_order("co", second["order_id"], parent_order_id=parent, trigger_price=moved)
        require(self.kite.exit_order("co", second["order_id"], parent_order_id=parent) == second["order_id"], "exit")
        final = self.reaches(second["order_id"], "COMPLETE", "CANCELLED")
        return f"second leg {final['status']}"

    def place_auction(self):
        refusal(
            lambda: self.place(self.share, "SELL", "LIMIT", "auction", quantity=1, price=100.0, auction_number="none"),
            exceptions.InputException, "auction")
        row = self.kite.get_auction_instruments()[0]
        listed = self.shares[row["tradingsymbol"]]
        order_id = self.place(listed, "SELL", "LIMIT", "auction", quantity=1, auction_number=row["auction_number"],
                              price=self.on_tick(row["last_price"], listed))
        order = wait_until(lambda: self.order(order_id), "the order is not in the book")
        require(order["auction_number"] == row["auction_number"], f"{order}")
        return order["status"]

    def place_ttl(self):
        price = self.on_tick(self.last_price("NFO", self.future["tradingsymbol"]) * 0.97, self.future)
        order_id = self.place(self.future, order_type="LIMIT", price=price, validity="TTL", validity_ttl=2)
        row = self.reaches(order_id, "OPEN")
        require(row["validity"] == "TTL" and row["validity_ttl"] == 2, f"{row}")
        self.kite.cancel_order("regular", order_id)

    def place_autoslice_order(self):
        lots = 40
        answer = self.kite.place_autoslice_order(
            "regular", "NFO", self.option["tradingsymbol"], "BUY", self.option["lot_size"] * lots, "NRML", "MARKET",
            market_protection=-1)
        require(isinstance(answer["order_id"], str) and len(answer["children"]) >= 2, f"{answer}")
        placed = [child["order_id"] for child in answer["children"] if "order_id" in child]
        failed = [child["error"]["message"] for child in answer["children"] if "error" in child]
        for order_id in placed:
            row = wait_until(lambda: self.order(order_id), "a slice is not in the book")  # pylint: disable=cell-var-from-loop
            require(f"autoslice:{answer['order_id']}" in row["tags"], f"{row['tags']}")
        return f"{len(placed)} slices placed, {len(failed)} refused"

    def resting(self):
        price = self.on_tick(self.last_price("NFO", self.future["tradingsymbol"]) * 0.97, self.future)
        order_id = self.place(self.future, order_type="LIMIT", price=price)
        self.reaches(order_id, "OPEN")
        return order_id, price

    def modify_order(self):
        order_id, price = self.resting()
        lower = self.on_tick(price - self.future["tick_size"], self.future)
        require(self.kite.modify_order("regular", order_id, price=lower) == order_id, "another id")
        require(self.reaches(order_id, "OPEN")["price"] == lower, "the price stayed")
        statuses = [row["status"] for row in self.kite.order_history(order_id)]
        require("MODIFIED" in statuses, f"{statuses}")
        for _ in range(24):
            lower = self.on_tick(lower - self.future["tick_size"], self.future)
            self.kite.modify_order("regular", order_id, price=lower)
        refusal(lambda: self.kite.modify_order("regular", order_id, price=price), exceptions.NetworkException,
                "modifications exceeded")
        self.kite.cancel_order("regular", order_id)

    def cancel_order(self):
        order_id, _ = self.resting()
        require(self.kite.cancel_order("regular", order_id) == order_id, "another id")
        self.reaches(order_id, "CANCELLED")
        refusal(lambda: self.kite.cancel_order("regular", order_id), exceptions.KiteException)
        refusal(lambda: self.kite.cancel_order("regular", "1"), exceptions.InputException, "order_id")

    def orders(self):
        rows = self.kite.orders()
        require(rows, "the book is empty")
        for row in rows:
            require_keys(row, ["account_id", "placed_by", "order_id", "exchange_order_id", "parent_order_id", "status",
                               "status_message", "status_message_raw", "order_timestamp", "exchange_update_timestamp",
                               "exchange_timestamp", "variety", "modified", "exchange", "tradingsymbol",
                               "instrument_token", "order_type", "transaction_type", "validity", "product", "quantity",
                               "disclosed_quantity", "price", "trigger_price", "average_price", "filled_quantity",
                               "pending_quantity", "cancelled_quantity", "market_protection", "meta", "tag", "guid"],
                         "an order")
            require(isinstance(row["order_id"], str) and len(row["order_id"]) == 19, "an order id is not 19 digits")
            require(isinstance(row["order_timestamp"], datetime.datetime), "order_timestamp is no time")
        return f"{len(rows)} rows"

    def order_history(self):
        done = next(row for row in self.kite.orders() if row["status"] == "COMPLETE")
        rows = self.kite.order_history(done["order_id"])
        statuses = [row["status"] for row in rows]
        require(statuses[0] == "PUT ORDER REQ RECEIVED" and statuses[-1] == "COMPLETE", f"{statuses}")
        refusal(lambda: self.kite.order_history("1"), exceptions.InputException, "order_id")
        return " > ".join(statuses)

    def trades(self):
        rows = self.kite.trades()
        require(rows, "no trades")
        require_keys(rows[0], ["trade_id", "order_id", "exchange_order_id", "exchange", "tradingsymbol", "product",
                               "instrument_token", "transaction_type", "average_price", "quantity", "fill_timestamp",
                               "exchange_timestamp", "order_timestamp"], "a trade")
        require(isinstance(rows[0]["fill_timestamp"], datetime.datetime), "fill_timestamp is no time")
        return f"{len(rows)} rows"

    def order_trades(self):
        done = next(row for row in self.kite.orders() if row["status"] == "COMPLETE")
        rows = self.kite.order_trades(done["order_id"])
        require(sum(row["quantity"] for row in rows) == done["filled_quantity"], "the trades do not add up")

    # Portfolio

    def positions(self):
        both = self.kite.positions()
        require(set(both) == {"net", "day"}, sorted(both))
        row = next(row for row in both["net"] if row["tradingsymbol"] == self.future["tradingsymbol"])
        require(len(row) == 29, f"{len(row)} fields instead of 29")
        require(row["quantity"] == row["overnight_quantity"] + row["day_buy_quantity"] - row["day_sell_quantity"],
                "the quantities do not add up")
        require(abs(row["pnl"] - row["value"] - row["quantity"] * row["last_price"] * row["multiplier"]) < 0.01,
                "pnl is not value + worth")

    def convert_position(self):
        order_id = self.place(self.future, product="MIS")
        self.reaches(order_id, "COMPLETE")
        require(self.kite.convert_position("NFO", self.future["tradingsymbol"], "BUY", "day", self.future["lot_size"],
                                           "MIS", "NRML") is True, "the answer is not true")
        rows = self.kite.positions()["net"]
        left = [row for row in rows if row["tradingsymbol"] == self.future["tradingsymbol"] and row["product"] == "MIS"]
        require(all(row["quantity"] == 0 for row in left), f"{left}")
        refusal(lambda: self.kite.convert_position("NFO", self.future["tradingsymbol"], "BUY", "day",
                                                   self.future["lot_size"], "MIS", "NRML"), exceptions.KiteException)

    def holdings(self):
        rows = self.kite.holdings()
        require(rows, "no holdings")
        for row in rows:
            require_keys(row, ["tradingsymbol", "exchange", "instrument_token", "isin", "product", "price", "quantity",
                               "used_quantity", "t1_quantity", "realised_quantity", "authorised_quantity",
                               "authorised_date", "opening_quantity", "short_quantity", "collateral_quantity",
                               "collateral_type", "discrepancy", "average_price", "last_price", "close_price", "pnl",
                               "day_change", "day_change_percentage", "mtf"], "a holding")
            require(abs(row["pnl"] - (row["last_price"] - row["average_price"]) * row["opening_quantity"]) < 0.01
                    or abs(row["pnl"] - (row["last_price"] - row["average_price"]) * row["quantity"]) < 0.01,
                    f"pnl of {row['tradingsymbol']}")
        return f"{len(rows)} rows"

    def get_auction_instruments(self):
        rows = self.kite.get_auction_instruments()
        require(rows, "no share is in auction")
        for row in rows:
            require(isinstance(row["auction_number"], str), "auction_number is no text")
        return f"{len(rows)} rows"

    # Standing instructions

    def leg(self, side, price):
        return {"transaction_type": side, "quantity": 1, "order_type": "LIMIT", "product": "CNC", "price": price}

    def place_gtt(self):
        last = self.last_price("NSE", self.share["tradingsymbol"])
        low, high = self.on_tick(last * 0.9, self.share), self.on_tick(last * 1.1, self.share)
        self.gtt = self.kite.place_gtt("single", self.share["tradingsymbol"], "NSE", [low], last,
                                       [self.leg("BUY", low)])["trigger_id"]
        self.oco = self.kite.place_gtt("two-leg", self.share["tradingsymbol"], "NSE", [low, high], last,
                                       [self.leg("SELL", low), self.leg("SELL", high)])["trigger_id"]
        require(isinstance(self.gtt, int), "trigger_id is no number")
        close = self.on_tick(last * 1.0005, self.share)
        refusal(lambda: self.kite.place_gtt("single", self.share["tradingsymbol"], "NSE", [close], last,
                                            [self.leg("BUY", low)]), exceptions.KiteException, "too close")
        return f"{self.gtt}, {self.oco}"

    def get_gtts(self):
        ids = {row["id"]: row["status"] for row in self.kite.get_gtts()}
        require(ids.get(self.gtt) == "active" and ids.get(self.oco) == "active", f"{ids}")

    def get_gtt(self):
        row = self.kite.get_gtt(self.oco)
        require(row["type"] == "two-leg" and len(row["orders"]) == 2, f"{row}")
        require_keys(row, ["id", "user_id", "parent_trigger", "type", "created_at", "updated_at", "expires_at",
                           "status", "condition", "orders", "meta"], "a trigger")
        refusal(lambda: self.kite.get_gtt(1), exceptions.KiteException)

    def modify_gtt(self):
        last = self.last_price("NSE", self.share["tradingsymbol"])
        low = self.on_tick(last * 0.88, self.share)
        answer = self.kite.modify_gtt(self.gtt, "single", self.share["tradingsymbol"], "NSE", [low], last,
                                      [self.leg("BUY", low)])
        require(answer["trigger_id"] == self.gtt, f"{answer}")
        require(self.kite.get_gtt(self.gtt)["condition"]["trigger_values"] == [low], "the value stayed")

    def delete_gtt(self):
        for trigger in (self.gtt, self.oco):
            require(self.kite.delete_gtt(trigger)["trigger_id"] == trigger, "another id")
            require(self.kite.get_gtt(trigger)["status"] == "deleted", "not deleted")

    # Calculators

    def wanted(self, row, side="BUY", **more):
        terms = {"exchange": row["exchange"], "tradingsymbol": row["tradingsymbol"], "transaction_type": side,
                 "variety": "regular", "product": "NRML" if row["exchange"] == "NFO" else "CNC",
                 "order_type": "MARKET", "quantity": row["lot_size"], "price": 0, "trigger_price": 0}
        terms.update(more)
        return terms

    def order_margins(self):
        rows = self.kite.order_margins([self.wanted(self.future), self.wanted(self.share)])
        require(len(rows) == 2 and rows[0]["tradingsymbol"] == self.future["tradingsymbol"], f"{rows}")
        require(rows[0]["total"] > 0 and rows[0]["type"] == "equity", f"{rows[0]}")
        require_keys(rows[0], ["span", "exposure", "option_premium", "additional", "bo", "cash", "var", "pnl",
                               "leverage", "charges", "total"], "a margin")
        return f"{rows[0]['total']}"

    def basket_order_margins(self):
        basket = [self.wanted(self.option, "SELL"), self.wanted(self.future)]
        for consider in (True, False):
            answer = self.kite.basket_order_margins(basket, consider_positions=consider)
            require_keys(answer, ["initial", "final", "orders", "charges"], "the basket")
            require(answer["final"]["total"] <= answer["initial"]["total"], "the basket costs more than its parts")
        compact = self.kite.basket_order_margins(basket, mode="compact")
        require(len(compact["orders"]) == 2, f"{compact}")
        return f"{answer['initial']['total']} alone, {answer['final']['total']} together"

    def get_virtual_contract_note(self):
        wanted = self.wanted(self.share, average_price=1500.0, order_id="any")
        wanted["quantity"] = 10
        rows = self.kite.get_virtual_contract_note([wanted])
        charges = rows[0]["charges"]
        parts = [charges[name] for name in ("transaction_tax", "exchange_turnover_charge", "sebi_turnover_charge",
                                            "brokerage", "stamp_duty")] + [charges["gst"]["total"]]
        require(abs(sum(parts) - charges["total"]) < 0.01, f"the total is not the sum: {charges}")
        return f"{charges['total']:.2f} on 15000"

    # Mutual funds

    def mf_instruments(self):
        rows = self.kite.mf_instruments()
        require(rows and isinstance(rows[0]["purchase_allowed"], bool), "no schemes")
        self.fund = next(row for row in rows if row["purchase_allowed"])
        return f"{len(rows)} schemes"

    def place_mf_order(self):
        self.fund_order = self.kite.place_mf_order(self.fund["tradingsymbol"], "BUY",
                                                   amount=self.fund["minimum_purchase_amount"], tag="conf")["order_id"]
        return self.fund_order

    def mf_orders(self):
        rows = self.kite.mf_orders()
        require(any(row["order_id"] == self.fund_order for row in rows), "the order is not in the list")
        row = self.kite.mf_orders(self.fund_order)
        require_keys(row, ["order_id", "exchange_order_id", "tradingsymbol", "status", "status_message", "folio", "fund",
                           "order_timestamp", "exchange_timestamp", "settlement_id", "transaction_type", "amount",
                           "variety", "purchase_type", "quantity", "average_price", "last_price", "last_price_date",
                           "placed_by", "tag"], "a fund order")
        return row["status"]

    def cancel_mf_order(self):
        require(self.kite.cancel_mf_order(self.fund_order)["order_id"] == self.fund_order, "another id")
        require(self.kite.mf_orders(self.fund_order)["status"] == "CANCELLED", "not cancelled")

    def place_mf_sip(self):
        answer = self.kite.place_mf_sip(self.fund["tradingsymbol"], self.fund["minimum_purchase_amount"], 12, "monthly",
                                        instalment_day=5, tag="conf")
        self.sip = answer["sip_id"]
        return self.sip

    def mf_sips(self):
        require(any(row["sip_id"] == self.sip for row in self.kite.mf_sips()), "the plan is not in the list")
        row = self.kite.mf_sips(self.sip)
        require(row["status"] == "ACTIVE" and row["instalments"] == 12, f"{row}")

    def modify_mf_sip(self):
        require(self.kite.modify_mf_sip(self.sip, instalments=24)["sip_id"] == self.sip, "another id")
        require(self.kite.mf_sips(self.sip)["instalments"] == 24, "the plan stayed")

    def cancel_mf_sip(self):
        require(self.kite.cancel_mf_sip(self.sip)["sip_id"] == self.sip, "another id")
        require(self.kite.mf_sips(self.sip)["status"] == "CANCELLED", "not cancelled")

    def mf_holdings(self):
        return f"{len(self.kite.mf_holdings())} rows"

    # What clients trip over

    def trap_unknown_route(self):
        self.kite._routes["nowhere"] = "/no/such/route"  # pylint: disable=protected-access
        error = refusal(lambda: self.kite._get("nowhere"), exceptions.KiteException)  # pylint: disable=protected-access
        require(error.code == 404, f"HTTP {error.code}")
        return f"JSON and HTTP {error.code}"

    def trap_rate_limit(self):
        other = KiteConnect(self.details["api_key"], access_token=self.kite.access_token, root=self.root)

        def flood():
            for _ in range(40):
                other.ltp("NSE:NIFTY 50")

        error = refusal(flood, exceptions.NetworkException, "too many requests")
        require(error.code == 429, f"HTTP {error.code}")
        time.sleep(1.1)

    def run(self):
        """Every method, in an order in which each finds what it needs."""
        before = [self.login_url, self.generate_session, self.set_access_token, self.set_session_expiry_hook,
                  self.renew_access_token, self.invalidate_refresh_token, self.profile, self.margins]
        market = [self.instruments, self.quote, self.ohlc, self.ltp, self.historical_data, self.trigger_range]
        orders = [self.place_order, ("place_order amo", self.place_amo), ("place_order iceberg", self.place_iceberg),
                  ("exit_order cover order", self.place_cover), ("place_order auction", self.place_auction),
                  ("place_order TTL", self.place_ttl), self.place_autoslice_order, self.modify_order,
                  self.cancel_order, self.orders, self.order_history, self.trades, self.order_trades]
        portfolio = [self.positions, self.convert_position, self.holdings, self.get_auction_instruments]
        gtts = [self.place_gtt, self.get_gtts, self.get_gtt, self.modify_gtt, self.delete_gtt]
        calculators = [self.order_margins, self.basket_order_margins, self.get_virtual_contract_note]
        funds = [self.mf_instruments, self.place_mf_order, self.mf_orders, self.cancel_mf_order, self.place_mf_sip,
                 self.mf_sips, self.modify_mf_sip, self.cancel_mf_sip, self.mf_holdings]
        traps = [("(an unknown route)", self.trap_unknown_route), ("(too many calls)", self.trap_rate_limit)]
        for step in before + market + orders + portfolio + gtts + calculators + funds + traps:
            name, body = step if isinstance(step, tuple) else (step.__name__, step)
            self.table.check(name, body)

    def end(self):
        self.table.check("invalidate_access_token", self.invalidate_access_token)


def public_methods(kind):
    return {name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with open(sys.argv[1], encoding="utf-8") as file:
        ready = json.load(file)
    rest_table, ticker_table = Table(), Table()
    rest = Rest(ready, rest_table)
    rest.run()
    TickerChecks(ready, rest, ticker_table).run()
    rest.end()
    version = kiteconnect.__version__.__version__
    failed = 0
    for title, table, kind in (("KiteConnect", rest_table, KiteConnect), ("KiteTicker", ticker_table, KiteTicker)):
        for name in sorted(public_methods(kind) - table.names()):
            table.rows.append((name, "FAIL", "not covered here"))
        print(f"\n{title} {version} (Python), {len(public_methods(kind))} public methods")
        table.print()
        failed += len(table.failures)
    total = len(rest_table.rows) + len(ticker_table.rows)
    print(f"\nconformance of the Python client: {total - failed} passed, {failed} failed")
    return 1 if failed else 0


def give_up():
    print(f"failed: not done within {TIME_LIMIT} s", file=sys.stderr, flush=True)
    os._exit(1)


if __name__ == "__main__":
    timer = threading.Timer(TIME_LIMIT, give_up)
    timer.daemon = True
    timer.start()
    try:
        CODE = main()
    except Exception as error:  # pylint: disable=broad-except
        traceback.print_exc()
        CODE = 1
    sys.stdout.flush()
    # The ticker's reactor thread would keep the interpreter from ending by itself.
    os._exit(CODE)
