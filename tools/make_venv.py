"""Make a virtual environment from a hashed lock and install the project into it, editable.

Run as ``python tools/make_venv.py .venv requirements/run.txt``. Needs nothing but Python 3.11 with
``venv`` and pip; says in one message what is missing otherwise.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MINIMUM = (3, 11)
#: What is published as source only: it is built here, everything else comes ready.
SOURCE_ONLY = "pyspark"


def main(folder: Path, lock: Path) -> int:
    """Exit code: 0 when the environment stands, 2 when this machine lacks something named in the message."""
    if sys.version_info < MINIMUM:
        found = ".".join(map(str, sys.version_info[:3]))
        print(f"tidu needs Python 3.11 or later; `{sys.executable}` is {found}.", file=sys.stderr)
        print("Name another one: make run PYTHON=python3.12", file=sys.stderr)
        return 2
    python = folder / "bin" / "python"
    if not python.exists():
        try:
            import ensurepip  # noqa: F401
            import venv
        except ImportError:
            print("This Python lacks `venv`. On Debian: apt-get install python3-venv", file=sys.stderr)
            return 2
        venv.create(folder, with_pip=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    steps = [
        [*pip, "--require-hashes", "--only-binary", ":all:", "--no-binary", SOURCE_ONLY, "-r", str(lock)],
        [*pip, "--no-deps", "--no-build-isolation", "--no-index", "--editable", "."],
    ]
    for step in steps:
        done = subprocess.run(step, check=False)
        if done.returncode:
            print(f"Installing from {lock} failed; the line above says why.", file=sys.stderr)
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
