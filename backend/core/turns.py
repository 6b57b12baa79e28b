"""Work that waits in a row: one that cannot be done does not stop those behind it."""

import logging
import traceback
from collections.abc import Callable, Iterable

from django.db import InterfaceError, OperationalError, connection

logger = logging.getLogger("vipu.turns")


def in_turn[T](waiting: Iterable[T], deed: Callable[[T], int]) -> int:
    """Do it for one after another, each in a transaction of its own, and add up what the deeds tell.

    What fails is written to the log and comes again at the next turn; a database that does not answer ends
    the turn, since nobody behind would fare better.
    """
    done = 0
    for one in waiting:
        try:
            done += deed(one)
        except Exception as error:  # whatever it is, those behind have nothing to do with it
            if isinstance(error, (OperationalError, InterfaceError)) and not connection.is_usable():
                raise
            logger.error("%s: one could not take its turn: %s", deed.__qualname__, told(error))  # noqa: TRY400 - see ``told``
    return done


def told(error: BaseException) -> str:
    """Name an error and its place, without its words: they may hold somebody's address."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {place.filename}:{place.lineno}"
