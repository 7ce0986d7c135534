"""A picture of few colours packed small: a PNG with a table of its colours.

Source: Portable Network Graphics (PNG) Specification, W3C (second edition, 2003), sections 5, 9 and 11.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: Width, height, bits a sample, kind of colour, packing, filtering, interlacing.
_HEAD = struct.Struct(">IIBBBBB")
_RGBA, _INDEXED = 6, 3
#: How many colours a table has room for.
MOST = 256
#: How far red, green and blue may each be moved (of 255) to a colour that more pixels have.
CLOSE = 10


def with_palette(png: bytes) -> bytes:
    """The same picture with a table of its colours, where that is smaller; the bytes as they are where it cannot be said so.

    A colour that lies closer than :data:`CLOSE` to one that more pixels have becomes that one, as along the rims of letters.
    Pictures that need more than 256 colours, transparent ones and such as are packed in another way (other than 8-bit RGBA
    with plain filters) stay as they are.

    >>> from vl_convert import svg_to_png
    >>> drawn = svg_to_png('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64"/></svg>')
    >>> len(with_palette(drawn)) < len(drawn), with_palette(b"no picture")
    (True, b'no picture')
    """
    found = pixels(png)
    if found is None or (found[..., 3] != 255).any():
        return png
    height, width = found.shape[:2]
    code = found[..., 0].astype(np.uint32) << 16 | found[..., 1].astype(np.uint32) << 8 | found[..., 2]
    colours, place, count = np.unique(code, return_inverse=True, return_counts=True)
    levels = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1).astype(np.int16)
    table, position = np.empty((0, 3), np.int16), np.empty(len(colours), np.uint8)
    for at in np.argsort(-count, kind="stable"):
        near = np.flatnonzero((np.abs(table - levels[at]) <= CLOSE).all(axis=1))
        if not len(near):
            if len(table) == MOST:
                return png
            table, near = np.vstack([table, levels[at]]), np.array([len(table)])
        position[at] = near[0]
    rows = np.zeros((height, width + 1), np.uint8)
    rows[:, 1:] = position[place].reshape(height, width)
    made = [
        _SIGNATURE,
        _chunk(b"IHDR", _HEAD.pack(width, height, 8, _INDEXED, 0, 0, 0)),
        *(_chunk(kind, body) for kind, body in _chunks(png) if kind == b"pHYs"),
        _chunk(b"PLTE", table.astype(np.uint8).tobytes()),
        _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
        _chunk(b"IEND", b""),
    ]
    return min(png, b"".join(made), key=len)


def pixels(png: bytes) -> npt.NDArray[np.uint8] | None:
    """The pixels of an 8-bit RGBA picture, height × width × 4; nothing where it is none or uses a filter that is not plain.

    Filters 0 (none), 1 (the pixel to the left) and 2 (the pixel above) are read.
    """
    if not png.startswith(_SIGNATURE):
        return None
    parts = list(_chunks(png))
    head = next((body for kind, body in parts if kind == b"IHDR"), b"")
    if len(head) != _HEAD.size:
        return None
    width, height, *rest = _HEAD.unpack(head)
    if rest != [8, _RGBA, 0, 0, 0]:
        return None
    try:
        packed = zlib.decompress(b"".join(body for kind, body in parts if kind == b"IDAT"))
    except zlib.error:
        return None
    if len(packed) != height * (4 * width + 1):
        return None
    rows = np.frombuffer(packed, np.uint8).reshape(height, 4 * width + 1)
    if rows[:, 0].max(initial=0) > 2:
        return None
    found = rows[:, 1:].reshape(height, width, 4).copy()
    left = rows[:, 0] == 1
    found[left] = np.cumsum(found[left], axis=1, dtype=np.uint8)
    for at in np.flatnonzero(rows[:, 0] == 2):
        if at:
            found[at] += found[at - 1]
    return found


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and body of each chunk."""
    at = len(_SIGNATURE)
    while at + 12 <= len(png):
        (size,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        at += 12 + size


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
