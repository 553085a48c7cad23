#!/usr/bin/env python3
"""Writes payloads.jsonl: payloads as the original's msgpack (python3-msgpack) makes and reads them.

    python3 generate.py > payloads.jsonl

A line is one payload: `name`, `hex` (the bytes), and either what Python reads in it (`json` after
the mapping that WirePayload documents, `channel`, `addressed`, `trace_id`; `is_json` if JSON can
hold it all as it is; `packed` if it has no extension, and packb(use_bin_type=True) gives the same
bytes again) or `bad`, why it is refused.
The tests read the committed file and need no Python.
"""
import base64
import datetime
import json
import math
import struct

import msgpack

TRACE = "6f1c2a52-8e0d-4f0e-9d55-0a1b2c3d4e5f"

INBOUND = {
    "channel_key": "discord:112233445566778899",
    "platform": "discord",
    "channel_id": "112233445566778899",
    "user_id": "998877665544332211",
    "username": "stargazer_fan",
    "content": "is the comet visible tonight?",
    "message_id": "1309876543210987654",
    "timestamp": "2024-11-23T14:26:40.123456+00:00",
    "attachments": [],
    "reply_to": None,
    "embeds": [],
    "is_dm": False,
    "member_roles": ["moderator", "observer"],
    "trace_id": TRACE,
    "enqueued_at": 1732372000.1234567,
    "is_addressed": True,
    "user_aliases": {"matrix": "@fan:example.org"},
    "reactions": [],
}

OUTBOUND = {
    "platform": "matrix",
    "channel_id": "!abcdef:example.org",
    "content": "Tonight, low in the west: ☄️",
    "reply_to": "$event:example.org",
    "attachments": [{"filename": "sky.png", "mime": "image/png", "data": bytes(range(256))}],
    "trace_id": TRACE,
    "enqueued_at": 1732372001.5,
}


def inbound(**changed):
    return {**INBOUND, **changed}


def float32_text(value):
    """The shortest decimal that reads back as the same 32-bit float."""
    for digits in range(1, 10):
        text = "%.*g" % (digits, value)
        if struct.pack(">f", float(text)) == struct.pack(">f", value):
            return float(text)
    raise ValueError(value)


def rfc3339(stamp):
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=stamp.seconds)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    for digits, unit in ((0, 10**9), (3, 10**6), (6, 10**3), (9, 1)):
        if stamp.nanoseconds % unit == 0:
            fraction = "%09d" % stamp.nanoseconds
            return text + ("." + fraction[:digits] if digits else "") + "Z"


def key_text(key):
    if key is None:
        return "null"
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, bytes):
        return base64.b64encode(key).decode()
    return str(key)


def as_json(value, single):
    if isinstance(value, dict):
        return {key_text(k): as_json(v, single) for k, v in value.items()}
    if isinstance(value, list):
        return [as_json(v, single) for v in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, msgpack.Timestamp):
        return rfc3339(value)
    if isinstance(value, msgpack.ExtType):
        return {"ext": value.code, "data": base64.b64encode(value.data).decode()}
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return float32_text(value) if single else value
    return value


def is_json(payload):
    try:
        return json.loads(json.dumps(payload, allow_nan=False)) == payload
    except (TypeError, ValueError):
        return False


def has_extension(value):
    if isinstance(value, dict):
        return any(map(has_extension, value.values()))
    if isinstance(value, list):
        return any(map(has_extension, value))
    return isinstance(value, (msgpack.ExtType, msgpack.Timestamp))


def good(name, data, single=False, strict_map_key=True):
    payload = msgpack.unpackb(data, strict_map_key=strict_map_key)
    line = {
        "name": name,
        "hex": data.hex(),
        "json": as_json(payload, single),
        "channel": str(payload.get("channel_id") or "global"),
        "addressed": bool(payload.get("is_addressed", True)),
        "trace_id": str(payload["trace_id"]) if payload.get("trace_id") else None,
        "is_json": not single and is_json(payload),
        "packed": strict_map_key and not has_extension(payload) and msgpack.packb(payload, use_bin_type=True) == data,
    }
    print(json.dumps(line, allow_nan=False))


def packed(name, payload, **options):
    good(name, msgpack.packb(payload, use_bin_type=True, **options))


def bad(name, data, why, python_refuses=True):
    try:
        refused = not isinstance(msgpack.unpackb(data), dict)
    except Exception:
        refused = True
    assert refused == python_refuses, name
    print(json.dumps({"name": name, "hex": data.hex(), "bad": why}))


packed("inbound", INBOUND)
packed("outbound with bytes", OUTBOUND)
packed("empty payload", {})
packed("channel is a Discord id as an integer", inbound(channel_id=112233445566778899))
packed("channel is a negative Telegram id", inbound(channel_id=-1001234567890))
packed("channel is the largest unsigned integer", inbound(channel_id=2**64 - 1))
packed("channel is the smallest integer", inbound(channel_id=-(2**63)))
for number in (1, 127, 128, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**63 - 1, 2**63):
    packed("channel %d" % number, {"channel_id": number})
for number in (-1, -32, -33, -128, -129, -32768, -32769, -(2**31), -(2**31) - 1):
    packed("channel %d" % number, {"channel_id": number})
for number in (0.1, 1.0, -2.5, 1e15, 1e16, 123456789012345680.0, 1e-4, 1e-5, 1.5e300, 5e-324,
               1.7976931348623157e308, float("inf"), float("-inf"), float("nan"), 0.30000000000000004):
    packed("channel %r" % number, {"channel_id": number})
for nothing in (None, "", 0, False, 0.0, -0.0, [], {}, b""):
    packed("channel %r is global" % (nothing,), inbound(channel_id=nothing))
    packed("is_addressed %r is passive" % (nothing,), inbound(is_addressed=nothing))
    packed("trace_id %r is none" % (nothing,), inbound(trace_id=nothing))
packed("channel True", {"channel_id": True})
for something in (1, -1, "no", 0.5, float("nan"), [0], {"a": 0}, b"\0", msgpack.Timestamp(0),
                  msgpack.ExtType(5, b"")):
    packed("is_addressed %r is addressed" % (something,), {"is_addressed": something})
packed("unicode", inbound(username="Zoë ☄ 彗星", content="\U0001f52d\U0001f468\u200d\U0001f680 \x00\x1f\x7f\"\\ \u2028"))
packed("channel is an emoji", inbound(channel_id="\U0001f52d" * 70))
for length in (31, 32, 255, 256):
    packed("text of %d" % length, {"channel_id": "c" * length, "content": "é" * (length // 2)})
for length in (0, 255, 256):
    packed("bytes of %d" % length, {"blob": bytes(length)})
for length in (15, 16):
    packed("list of %d" % length, {"list": [7] * length, "channel_id": "after"})
for length in (15, 16):
    packed("map of %d" % length, {"k%d" % i: i for i in range(length)})
packed("nested", inbound(embeds=[{"fields": [{"name": "a", "inline": [True, None, [[]], {}]}]}]))
deep = []
for _ in range(61):
    deep = [deep]
packed("nested 63 levels", {"deep": deep})
packed("attachments", inbound(attachments=[{"url": "https://cdn.example.org/a.png", "size": 2**40,
                                            "spoiler": False, "hash": b"\xff\xfe\x00"}]))
packed("reactions", inbound(reactions=[{"emoji": "☄️", "count": 3, "users": [1, 2**63, -5]}]))
packed("floats", {"list": [0.1, 1e308, -0.0, 5e-324, 3.0, float("nan"), float("-inf")]})
good("32-bit floats",
     msgpack.packb({"list": [0.1, 1.5, 3.4e38, -1e-40, 16777216.0]}, use_single_float=True), single=True)
good("channel is a 32-bit float", msgpack.packb({"channel_id": 0.1}, use_single_float=True), single=True)
good("old raw format", msgpack.packb(inbound(content="x" * 200, blob=b"as text"), use_bin_type=False))
packed("timestamps", {"list": [msgpack.Timestamp(0), msgpack.Timestamp(2**32 - 1), msgpack.Timestamp(2**32),
                               msgpack.Timestamp(1732372000, 123456789), msgpack.Timestamp(1, 500000000),
                               msgpack.Timestamp(-1, 999999999), msgpack.Timestamp(2**34 + 5, 1000)]})
packed("extensions", {"list": [msgpack.ExtType(5, b"x" * n) for n in (0, 1, 2, 3, 4, 8, 16, 17, 255, 256)]})
good("keys that are not text",
     msgpack.packb({"map": {7: "a", -1: "b", None: "c", True: "d", 0.5: "e", b"\xff": "f", 2**64 - 1: "g"}}),
     strict_map_key=False)
good("the last of two channels", b"\x83\xaachannel_id\xa1a\xaachannel_id\xa1b\xacis_addressed\xc2")
good("the last of three is_addressed", b"\x83" + b"\xacis_addressed\xc2" * 2 + b"\xacis_addressed\xc3")
good("a channel below the top", msgpack.packb({"author": {"channel_id": "no", "is_addressed": False}}))
good("lengths wider than needed",
     b"\xdf\x00\x00\x00\x02\xdb\x00\x00\x00\x0achannel_id\xd9\x01c\xda\x00\x01l\xdc\x00\x01\xcf" + bytes(7) + b"\x09")

whole = msgpack.packb(INBOUND)
for cut in (0, 1, 2, 30, len(whole) // 2, len(whole) - 1):
    bad("cut after %d" % cut, whole[:cut], "cut short")
bad("two payloads", whole + whole, "bytes left over")
bad("zero byte after", whole + b"\0", "bytes left over")
bad("a list", msgpack.packb([INBOUND]), "not a map")
bad("text", msgpack.packb("hello"), "not a map")
bad("nil", b"\xc0", "not a map")
bad("pickle", b"\x80\x04\x95\x10\x00", "bytes left over")
bad("never used byte", b"\x81\xa1a\xc1", "never uses")
bad("never used byte first", b"\xc1", "never uses")
bad("integer key at the top", msgpack.packb({1: 2}), "key of the payload is not text")
bad("bytes key at the top", msgpack.packb({b"channel_id": "c"}), "key of the payload is not text",
    python_refuses=False)
bad("list as a key", b"\x81\xa1m\x81\x90\x01", "a key is a list")
bad("map as a key", b"\x81\xa1m\x81\x80\x01", "a key is a list")
bad("latin-1 text", b"\x81\xa1a\xa4caf\xe9", "not UTF-8")
bad("overlong text", b"\x81\xa1a\xa2\xc0\x80", "not UTF-8")
bad("surrogate in text", b"\x81\xa1a\xa3\xed\xa0\x80", "not UTF-8")
bad("text above U+10FFFF", b"\x81\xa1a\xa4\xf4\x90\x80\x80", "not UTF-8")
bad("old raw format with bytes", msgpack.packb({"blob": b"\xff\xfe"}, use_bin_type=False), "not UTF-8")
bad("text of 4 GiB", b"\x81\xa1a\xdb\xff\xff\xff\xff", "cut short")
bad("bytes of 2 GiB", b"\x81\xa1a\xc6\x7f\xff\xff\xff", "cut short")
bad("list of 4 G", b"\x81\xa1a\xdd\xff\xff\xff\xff", "cut short")
bad("map of 2 G", b"\xdf\x80\x00\x00\x00", "cut short")
bad("nested 65 levels", msgpack.packb({"deep": [[deep]]}), "nested deeper", python_refuses=False)
bad("nested 5000 levels", b"\x81\xa1a" + b"\x91" * 5000, "nested deeper")
bad("channel is a list", msgpack.packb(inbound(channel_id=["c"])), "ordering field", python_refuses=False)
bad("channel is a map", msgpack.packb(inbound(channel_id={"c": 1})), "ordering field", python_refuses=False)
bad("channel is bytes", msgpack.packb(inbound(channel_id=b"c")), "ordering field", python_refuses=False)
bad("channel is a timestamp", msgpack.packb(inbound(channel_id=msgpack.Timestamp(0))), "ordering field",
    python_refuses=False)
