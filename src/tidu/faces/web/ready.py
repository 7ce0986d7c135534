"""Answers as ready bytes: made once an edition, packed once, and told apart by the edition's hash when asked for again."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from tidu.publish.pages.render import Content

#: At most so many answers are kept, the longest unused given up first; answers below this size are not packed.
MOST, SMALL = 4096, 1400


class Packed:
    """A content with its packed form, made when it is first asked for."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self._packed: bytes | None = None

    @property
    def is_packed(self) -> bool:
        """Whether somebody asked for the packed form before."""
        return self._packed is not None

    @property
    def packed(self) -> bytes:
        """The body by gzip, the same bytes each time."""
        if self._packed is None:
            self._packed = gzip.compress(self.content.body, compresslevel=6, mtime=0)
        return self._packed


class Ready:
    """Contents by key, each made once although many ask at the same time, and one after the other.

    Makers that run beside each other share one interpreter: twenty at once make a quarter of what one makes alone.

    >>> ready, made = Ready('"tag"'), []
    >>> def make():
    ...     made.append(1)
    ...     return Content("text/plain", b"x")
    >>> ready.get("a", make) is ready.get("a", make), len(made)
    (True, 1)
    """

    def __init__(self, tag: str, most: int = MOST) -> None:
        self.tag, self.most = tag, most
        self._made: OrderedDict[str, Packed] = OrderedDict()
        self._locks: dict[str, threading.Lock] = {}
        self._guard, self._making = threading.Lock(), threading.Lock()

    def known(self, key: str) -> Packed | None:
        """What is made already under a key."""
        found = self._made.get(key)
        if found is not None:
            with self._guard:
                if key in self._made:
                    self._made.move_to_end(key)
        return found

    def get(self, key: str, make: Callable[[], Content]) -> Packed:
        """What stands under a key, made now if nobody asked for it before."""
        found = self.known(key)
        if found is not None:
            return found
        with self._guard:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            found = self.known(key)
            if found is None:
                with self._making:
                    found = Packed(make())
                with self._guard:
                    self._made[key] = found
                    self._locks.pop(key, None)
                    while len(self._made) > self.most:
                        self._made.popitem(last=False)
        return found

    def make_all(self, table: Mapping[str, Callable[[], Content]], keys: Iterable[str]) -> None:
        """Makes and packs what stands under some keys, one after the other, so that no reader waits for it."""
        for key in keys:
            _ = self.get(key, table[key]).packed

    async def answer(self, request: Request, key: str, make: Callable[[], Content]) -> Response:
        """The answer to a request: not sent again where the reader has it, packed where the reader can unpack it."""
        marks = {"ETag": self.tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        known = self.known(key)
        found = known if known is not None else await run_in_threadpool(self.get, key, make)
        if request.headers.get("if-none-match") == self.tag:
            return Response(status_code=304, headers=marks)
        body = found.content.body
        if len(body) >= SMALL and "gzip" in request.headers.get("accept-encoding", ""):
            packed = found.packed if found.is_packed else await run_in_threadpool(lambda: found.packed)
            return Response(packed, media_type=found.content.kind, headers={**marks, "Content-Encoding": "gzip"})
        return Response(body, media_type=found.content.kind, headers=marks)
