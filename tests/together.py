"""Doing the same thing several times at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from backend.core.errors import Refusal

AT_ONCE = 4


def together(deed: Callable[[], object]) -> list[str]:
    """Do it in several threads at once; tell how each of them ended: "done", or the code of its refusal."""
    start = Barrier(AT_ONCE)

    def one(_number: int) -> str:
        start.wait()
        try:
            deed()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(one, range(AT_ONCE)))
