"""Walks the path of an order as a user does: sign in, open the order socket, trade, watch the P&L move.

Takes the ready file of a running demo. Prints a line a step; exits 1 at the first that fails.
"""
import asyncio
import json
import sys
import urllib.request

import websockets


def call(method, url, token=None, body=None):
    request = urllib.request.Request(url, method=method)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    data = None
    if body is not None:
        request.add_header("Content-Type", "application/json")
        data = json.dumps(body).encode()
    with urllib.request.urlopen(request, data, timeout=15) as answer:
        return json.load(answer)


def near_future(exchange):
    with urllib.request.urlopen(f"{exchange}/instruments/NFO", timeout=30) as answer:
        rows = [line.split(",") for line in answer.read().decode().splitlines()[1:]]
    futures = [row for row in rows if row[9] == "FUT" and row[2].startswith("NIFTY") and row[2][5].isdigit()]
    row = min(futures, key=lambda row: row[5])
    return row[2], int(row[8])


async def main(ready):
    api, exchange = ready["api_url"], ready["exchange_url"]
    answer = call("POST", f"{api}/api/v1/auth/login", body=ready["user"])
    token = answer["access_token"]
    assert answer["token_type"] == "Bearer" and answer["expires_in"] > 0 and answer["user"]["email"], answer
    print("ok: sign in")

    symbol, lot = near_future(exchange)
    socket_url = api.replace("http", "ws", 1) + f"/ws/orders/primary?token={token}"
    async with websockets.connect(socket_url) as socket:
        first = json.loads(await asyncio.wait_for(socket.recv(), 5))
        assert first["type"] == "connection_established", first
        await socket.send(json.dumps({"type": "ping"}))
        order = {"tradingsymbol": symbol, "exchange": "NFO", "transaction_type": "BUY", "quantity": lot,
                 "order_type": "MARKET", "product": "NRML"}
        placed = await asyncio.to_thread(call, "POST", f"{api}/accounts/primary/orders", token, order)
        assert placed["status"] == "success" and placed["success"] is True and placed["order_id"], placed
        print(f"ok: placed {symbol}, order {placed['order_id']}")
        seen = set()
        while not {"pong", "complete", "position"} <= seen:
            message = json.loads(await asyncio.wait_for(socket.recv(), 10))
            if message["type"] == "pong":
                seen.add("pong")
            if message["type"] == "order_update" and message["order_id"] == placed["order_id"]:
                if message["status"] == "COMPLETE":
                    assert message["filled_quantity"] == lot and message["average_price"] > 0, message
                    seen.add("complete")
            if message["type"] == "position_update" and message["tradingsymbol"] == symbol:
                seen.add("position")
        print("ok: order_update to COMPLETE and position_update arrived")

    results = set()
    for _ in range(60):
        answer = call("GET", f"{api}/accounts/primary/positions", token)
        row = next(row for row in answer["positions"] if row["tradingsymbol"] == symbol)
        assert row["quantity"] >= lot and row["average_price"] > 0, row
        results.add(row["pnl"])
        if len(results) > 2:
            break
        await asyncio.sleep(0.25)
    assert len(results) > 2, f"the profit does not move: {results}"
    print("ok: positions show it with a profit that moves")


with open(sys.argv[1]) as file:
    asyncio.run(asyncio.wait_for(main(json.load(file)), 60))
