"""Makes strange inputs from good ones, by a seed: bytes flipped, pieces moved, JSON turned inside out."""

import json
from random import Random
from typing import Any

TOKENS = (
    b"\x00", b"\r\n", b"\r\n\r\n", b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"%00", b"%u0000", b"../", b"{", b"[",
    b'"', b"\\u0000", b"\\ud800", b"null", b"1e999", b"-0", b"18446744073709551616", b"#", b"*", b":", b"\xe2\x80\xae",
    b"--", b";", b"=", b"&", b"'", b"data:", b"id:", b"Content-Length: -1\r\n", b"Transfer-Encoding: chunked\r\n",
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 2**53, 2**63, 2**70, -(2**70), 1e308, "", "\0", "\ud800", "#x", "*", "x" * 300, [], {},
    {"": None}, ["#"], "2026-13-45T25:61:61Z", "9999-12-31T23:59:59.999Z", {"resultOf": "0", "name": "x", "path": "/*"},
)  # fmt: skip
_MOST = 200_000


def mutated(octets: bytes, chance: Random, others: list[bytes]) -> bytes:
    """One to six changes."""
    for _ in range(chance.randint(1, 6)):
        if chance.random() < 0.4:
            octets = _json(octets, chance)
        octets = chance.choice(_WAYS)(octets, chance, others)[:_MOST]
    return octets


def _flip(octets: bytes, chance: Random, _others: list[bytes]) -> bytes:
    if not octets:
        return bytes([chance.randrange(256)])
    place = chance.randrange(len(octets))
    return octets[:place] + bytes([chance.randrange(256)]) + octets[place + 1 :]


def _insert(octets: bytes, chance: Random, _others: list[bytes]) -> bytes:
    place = chance.randint(0, len(octets))
    return octets[:place] + chance.choice(TOKENS) * chance.choice((1, 1, 1, 2, 300)) + octets[place:]


def _cut(octets: bytes, chance: Random, _others: list[bytes]) -> bytes:
    start, end = sorted(chance.randint(0, len(octets)) for _ in range(2))
    return octets[:start] + octets[end:] if chance.random() < 0.7 else octets[:start]


def _repeat(octets: bytes, chance: Random, _others: list[bytes]) -> bytes:
    start, end = sorted(chance.randint(0, len(octets)) for _ in range(2))
    return octets[:end] + octets[start:end] * chance.choice((1, 2, 50)) + octets[end:]


def _splice(octets: bytes, chance: Random, others: list[bytes]) -> bytes:
    other = chance.choice(others)
    return octets[: chance.randint(0, len(octets))] + other[chance.randint(0, len(other)) :]


def _keep(octets: bytes, _chance: Random, _others: list[bytes]) -> bytes:
    return octets


_WAYS = (_flip, _insert, _cut, _repeat, _splice, _keep, _keep)


def _json(octets: bytes, chance: Random) -> bytes:
    """With one value somewhere inside replaced, taken out or doubled; what is no JSON stays."""
    try:
        value = json.loads(octets)
    except (ValueError, RecursionError):
        return octets
    try:
        return json.dumps(_changed(value, chance), ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    except RecursionError:
        return octets


def _changed(value: Any, chance: Random) -> Any:
    if chance.random() < 0.25 or not isinstance(value, dict | list) or not value:
        return chance.choice(ODD)
    if isinstance(value, list):
        place = chance.randrange(len(value))
        return [*value[:place], _changed(value[place], chance), *value[place + (chance.random() < 0.9) :]]
    name = chance.choice(list(value))
    if chance.random() < 0.1:
        return {(f"{name}x" if one == name else one): held for one, held in value.items()}
    return {one: _changed(held, chance) if one == name else held for one, held in value.items()}
