"""What the tests need from the system: a browser, a spreadsheet, Chinese fonts, tools that read PDF files, Java for Spark.

Run as ``python tools/system_packages.py``. On Debian as root what is missing is installed; elsewhere one message names it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

#: Debian's package → how it is seen to be there: a command, or a folder of fonts.
WANTED = {
    "chromium": "chromium",
    "libreoffice-calc": "soffice",
    "poppler-utils": "pdftotext",
    "default-jre-headless": "java",
    "fonts-noto-cjk": "/usr/share/fonts/opentype/noto",
}


def missing() -> list[str]:
    """The packages that are not there."""
    there = {
        name: bool(list(Path(sign).glob("*CJK*"))) if "/" in sign else bool(shutil.which(sign)) for name, sign in WANTED.items()
    }
    return [name for name, seen in there.items() if not seen]


def main() -> int:
    """Exit code: 0 when all is there, 2 when this machine lacks something named in the message."""
    lacking = missing()
    if not lacking:
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *lacking]):
            subprocess.run(["apt-get", *step], check=False, env=quiet, stdout=subprocess.DEVNULL)
        lacking = missing()
    if lacking:
        print(f"The tests need: {', '.join(lacking)}. On Debian: apt-get install {' '.join(lacking)}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
