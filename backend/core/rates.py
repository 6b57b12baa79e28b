"""How often somebody may do one thing: counted in the cache, so that every process counts the same tries.

A count in two windows of the cache is one atomic step for each try, so that a hundred requests at the same
moment are counted as a hundred: a bucket of ``tries`` that fills again within ``seconds``. Without a cache
everybody may pass: losing what a person came to do would be worse than a busy minute.
"""

import logging
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from backend.core.errors import Sentence, TooMany

logger = logging.getLogger("vipu.rates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many tries within so many seconds."""

    tries: int
    seconds: int


def spend(name: str, *, who: str, rate: Rate, sentence: Sentence) -> None:
    """Count one try; refuse with this sentence when there were enough of them."""
    if not settings.RATE_LIMITS:
        return
    weigh, wait = tries(name, who=who, rate=rate)
    if weigh > rate.tries:
        raise TooMany(sentence, retry_after=max(1, int(wait)))


def tries(name: str, *, who: str, rate: Rate) -> tuple[float, float]:
    """Count one try; give how many weigh now, and in how many seconds they weigh less."""
    window, into = divmod(time.time(), rate.seconds)
    secret = salted_hmac("backend.core.rates", who, algorithm="sha256").hexdigest()[:32]
    keys = [f"limit:{name}:{secret}:{int(window) - back}" for back in (0, 1)]
    try:
        cache.add(keys[0], 0, timeout=2 * rate.seconds)
        weigh = cache.incr(keys[0]) + cache.get(keys[1], 0) * (1 - into / rate.seconds)
    except (RedisError, OSError, ValueError) as error:  # ValueError: the count ended between the two steps
        logger.warning("tries could not be counted: %s", type(error).__name__)
        return 0, 0
    return weigh, rate.seconds - into
