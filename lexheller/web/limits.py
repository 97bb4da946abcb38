"""Rate limits, counted in Redis over all processes by the `limits` library.

Two strengths while Redis is away: an open limit counts within the process, so that reports and receipts work (P31);
a closed one refuses with 503, because behind it something can be guessed without end (sign-in, P20).
A Redis that did not answer is not asked again for some seconds, so that no queue of requests waits for a frozen one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address, IPv6Network, ip_address
from time import monotonic

import structlog
from flask import Flask, abort, current_app
from flask import request as current_request
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

STORAGE = "lexheller_limit_storage"
FALLBACK = "lexheller_limit_fallback"
ASK_AGAIN = "lexheller_limit_ask_again"
REDIS_WAIT_SECONDS = 0.5
LEFT_ALONE_SECONDS = 5.0


def install(app: Flask, redis_url: str | None) -> None:
    """Without a Redis address (commands, unit tests) limits are counted in memory."""
    app.extensions[FALLBACK] = MemoryStorage()
    app.extensions[ASK_AGAIN] = 0.0
    app.extensions[STORAGE] = _storage(redis_url) if redis_url else app.extensions[FALLBACK]


@dataclass(frozen=True, slots=True)
class Limit:
    """`rates` like "10 per minute; 60 per hour", per name and key."""

    name: str
    rates: str
    closed: bool = False

    def check(self, *keys: str) -> None:
        """Answer 429 if any of the keys has used up its rate; counts nothing."""
        for key in keys:
            for rate in self._items():
                if not self._ask(partial(_test, rate, self.name, key)):
                    abort(429)

    def count(self, *keys: str) -> None:
        """One more attempt by each of the keys."""
        for key in keys:
            for rate in self._items():
                self._ask(partial(_hit, rate, self.name, key))

    def spend(self, key: str) -> None:
        """One more attempt, or 429: counted before what it guards, so that of many at once none slips by uncounted."""
        within = [self._ask(partial(_hit, rate, self.name, key)) for rate in self._items()]
        if not all(within):
            abort(429)

    def _items(self) -> list[RateLimitItem]:
        return parse_many(self.rates)

    def _ask(self, question: Callable[[FixedWindowRateLimiter], bool]) -> bool:
        if monotonic() >= current_app.extensions[ASK_AGAIN]:
            try:
                return question(FixedWindowRateLimiter(current_app.extensions[STORAGE]))
            except (RedisError, OSError) as problem:
                current_app.extensions[ASK_AGAIN] = monotonic() + LEFT_ALONE_SECONDS
                log.warning("limit_not_counted", limit=self.name, problem=type(problem).__name__)
        if self.closed:
            abort(503)
        return question(FixedWindowRateLimiter(current_app.extensions[FALLBACK]))


def sender() -> str:
    """The sender's network address, as trusted proxies tell it; of IPv6 the network of 64 bits, all of which is one
    customer's.
    """
    told = current_request.remote_addr or "unknown"
    try:
        address = ip_address(told.partition("%")[0])
    except ValueError:
        return told
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((address, 64), strict=False))


def _test(rate: RateLimitItem, name: str, key: str, limiter: FixedWindowRateLimiter) -> bool:
    return limiter.test(rate, name, key)


def _hit(rate: RateLimitItem, name: str, key: str, limiter: FixedWindowRateLimiter) -> bool:
    return limiter.hit(rate, name, key)


def _storage(redis_url: str) -> Storage:
    address = f"redis+{redis_url}" if redis_url.startswith("unix://") else redis_url
    return RedisStorage(address, socket_connect_timeout=REDIS_WAIT_SECONDS, socket_timeout=REDIS_WAIT_SECONDS)
