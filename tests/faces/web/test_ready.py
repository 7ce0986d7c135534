"""Answers as bytes: made once although many ask together, the longest unused given up, packed the same each time."""

from __future__ import annotations

import gzip
import threading
import time

from tidu.faces.web.ready import Packed, Ready
from tidu.publish.pages.render import Content


def test_many_askers_make_it_once() -> None:
    ready, made, gate = Ready('"t"'), [], threading.Barrier(8)

    def make() -> Content:
        made.append(1)
        return Content("text/plain", b"x")

    def ask() -> None:
        gate.wait()
        ready.get("a", make)

    askers = [threading.Thread(target=ask) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert made == [1]


def test_different_things_are_made_one_after_the_other() -> None:
    ready, gate = Ready('"t"'), threading.Barrier(6)
    inside, most = [], []

    def make() -> Content:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.01)
        inside.pop()
        return Content("text/plain", b"x")

    def ask(key: str) -> None:
        gate.wait()
        ready.get(key, make)

    askers = [threading.Thread(target=ask, args=(key,)) for key in "abcdef"]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert most == [1] * 6 and all(ready.known(key) is not None for key in "abcdef")


def test_what_fails_is_asked_again_and_not_kept() -> None:
    ready, calls = Ready('"t"'), []

    def make() -> Content:
        calls.append(1)
        if len(calls) == 1:
            raise OSError
        return Content("text/plain", b"x")

    for _ in range(2):
        try:
            ready.get("a", make)
        except OSError:
            assert ready.known("a") is None
    assert len(calls) == 2 and ready.known("a") is not None


def test_the_longest_unused_is_given_up() -> None:
    ready = Ready('"t"', most=2)
    for key in "abac":
        ready.get(key, lambda: Content("text/plain", b"x"))
    assert [ready.known(key) is not None for key in "abc"] == [True, False, True]


def test_packing_is_the_same_each_time() -> None:
    body = b"0123456789" * 300
    assert Packed(Content("x", body)).packed == Packed(Content("x", body)).packed
    assert gzip.decompress(Packed(Content("x", body)).packed) == body


def test_what_is_made_ahead_is_there_when_it_is_asked_for() -> None:
    ready, calls = Ready('"tag"'), []

    def make() -> Content:
        calls.append(1)
        return Content("text/plain", b"x" * 5000)

    ready.make_all({"a": make, "b": make}, ["a"])
    found = ready.known("a")
    assert found is not None and found.is_packed and ready.known("b") is None
    assert ready.get("a", make) is found and calls == [1]
