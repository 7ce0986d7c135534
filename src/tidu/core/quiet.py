"""The process's standard output shut while compiled code works that writes there unasked."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_LOCK = Lock()


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing that compiled code writes to standard output gets out meanwhile; what Python writes waits or stands before.

    HiGHS prints a line on some mixed-integer programs whatever its options say, which would stand in front of JSON
    (jump-dev/HiGHS.jl issue 312). The whole process is concerned, so keep it short; one thread at a time.

    >>> with quiet():
    ...     done = os.write(1, b"unasked")
    >>> done
    7
    """
    with _LOCK:
        try:
            sys.stdout.flush()
            kept = os.dup(1)
        except (OSError, ValueError):  # there is no standard output to be kept clean
            yield
            return
        shut = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(shut, 1)
            yield
        finally:
            _flush()
            os.dup2(kept, 1)
            os.close(shut)
            os.close(kept)


def _flush() -> None:
    """Writes out what compiled code still holds back."""
    try:
        ctypes.CDLL(None).fflush(None)
    except (OSError, AttributeError, TypeError):
        return
