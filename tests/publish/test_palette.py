"""A table of colours changes no colour that can be seen, and what cannot be packed so stays as it is."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import numpy.typing as npt
import vl_convert
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tidu.publish.card import card, card_png
from tidu.publish.edition import Edition
from tidu.publish.palette import CLOSE, pixels, with_palette

Pixels = npt.NDArray[np.uint8]


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def drawn(picture: Pixels, filters: list[int]) -> bytes:
    """An RGBA picture as PNG bytes, each row by its own filter, as section 9 of the specification says."""
    height, width = picture.shape[:2]
    rows = []
    for y, kind in enumerate(filters):
        line = picture[y].astype(int)
        if kind == 1:
            line = line - np.concatenate([np.zeros((1, 4), int), line[:-1]])
        if kind == 2 and y:
            line = line - picture[y - 1].astype(int)
        rows.append(bytes([kind]) + (line % 256).astype(np.uint8).tobytes())
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = zlib.compress(b"".join(rows), 0)  # stored, so that any packing is smaller
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def indexed(png: bytes) -> Pixels:
    """The pixels of a PNG with a table of colours whose rows have no filter."""
    width, height, bits, kind = struct.unpack(">IIBB", png[16:26])
    assert (bits, kind) == (8, 3)
    table = packed = b""
    at = 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"PLTE":
            table = png[at + 8 : at + 8 + size]
        if png[at + 4 : at + 8] == b"IDAT":
            packed = png[at + 8 : at + 8 + size]
        at += 12 + size
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()
    colours: Pixels = np.frombuffer(table, np.uint8).reshape(-1, 3)[rows[:, 1:]]
    return colours


@given(
    arrays(np.uint8, (24, 40, 3), elements=st.sampled_from([0, 7, 128, 133, 255])),
    st.lists(st.sampled_from([0, 1, 2]), min_size=24, max_size=24),
)
def test_no_colour_is_moved_farther_than_is_said_and_colours_that_lie_apart_not_at_all(colours: Pixels, filters: list[int]) -> None:
    picture = np.concatenate([colours, np.full((24, 40, 1), 255, np.uint8)], axis=2)
    png = drawn(picture, filters)
    read = pixels(png)
    assert read is not None and np.array_equal(read, picture)
    assert np.abs(indexed(with_palette(png)).astype(int) - colours).max() <= CLOSE
    apart = np.where(colours < 100, 0, np.where(colours < 200, 128, 255)).astype(np.uint8)
    whole = drawn(np.concatenate([apart, picture[..., 3:]], axis=2), filters)
    assert np.array_equal(indexed(with_palette(whole)), apart)


def test_the_colour_of_more_pixels_stays() -> None:
    """Ten pixels of level 100, three of 108, two of 120: 108 becomes 100; 120 lies 12 from 108, which is gone, and 20 from 100."""
    levels = np.repeat(np.array([100, 108, 120], np.uint8), [10, 3, 2]).reshape(3, 5, 1)
    picture = np.concatenate([levels, levels, levels, np.full((3, 5, 1), 255, np.uint8)], axis=2)
    found = indexed(with_palette(drawn(np.tile(picture, (20, 20, 1)), [0] * 60)))
    assert sorted(np.unique(found)) == [100, 120] and np.array_equal(found[:3, :5] == 120, np.repeat(levels == 120, 3, axis=2))


def test_a_card_is_a_sixth_of_what_was_drawn_and_its_large_colours_are_the_same(stranger: Edition) -> None:
    full = vl_convert.svg_to_png(card(stranger, "y"))
    small = card_png(stranger, "y")
    assert len(small) < len(full) / 5
    read = pixels(full)
    assert read is not None
    same = (indexed(small) == read[..., :3]).all(axis=2)
    assert same.mean() > 0.98 and np.abs(indexed(small).astype(int) - read[..., :3]).max() <= CLOSE


def test_what_cannot_be_packed_so_stays_as_it_is() -> None:
    clear = np.zeros((4, 4, 4), np.uint8)
    many = np.random.default_rng(0).integers(0, 256, (32, 32, 4), dtype=np.uint8)
    many[..., 3] = 255
    other = drawn(np.full((2, 2, 4), 255, np.uint8), [0, 4])
    broken = drawn(np.full((2, 2, 4), 255, np.uint8), [0, 0]).replace(b"IDAT", b"IDAX")
    for png in (drawn(clear, [0] * 4), drawn(many, [0] * 32), other, broken, other[:20], b"", b"\x89PNG\r\n\x1a\n"):
        assert with_palette(png) == png
