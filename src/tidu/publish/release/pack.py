"""The site as one file of a release: a ZIP that is the same bytes on any day, and the files in one."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from tidu.publish.release.sums import inside

#: The packed site at a release's root.
SITE = "site.zip"
#: A ZIP gives each file a time; the first that the form can say stands for none.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16


def packed(written: Sequence[Path], base: Path) -> bytes:
    """A ZIP of files that stand under a folder, by their paths from there, sorted; no other file of that folder.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "b").write_text("1"), (Path(folder) / "stale").write_text("2")
    ...     member_files(packed([Path(folder) / "b"], Path(folder)))
    {'site.zip/b': b'1'}
    """
    found = {path.relative_to(base).as_posix(): path for path in written}
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
        for name in sorted(found):
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, _PLAIN_FILE
            pack.writestr(entry, found[name].read_bytes(), compresslevel=9)
    return kept.getvalue()


def member_files(content: bytes) -> dict[str, bytes]:
    """The files in a packed site by the names that a release's hashes give them: ``site.zip/`` and their path.

    Nothing where the bytes are no ZIP or hold a path that leads out; a file that is damaged comes without a byte.

    >>> member_files(b"no pack")
    {}
    """
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(BytesIO(content)) as pack:
            names = [entry.filename for entry in pack.infolist() if not entry.is_dir()]
            for name in names if all(map(inside, names)) else []:
                found[f"{SITE}/{name}"] = b""
                with suppress(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
                    found[f"{SITE}/{name}"] = pack.read(name)
    except (zipfile.BadZipFile, OSError, ValueError):
        return {}
    return found
