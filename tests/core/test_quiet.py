"""Nothing that compiled code writes to standard output gets out while it is shut, and everything after it does."""

from __future__ import annotations

import subprocess
import sys

WROTE = """
import ctypes, os
from tidu.core.quiet import quiet
print("before")
with quiet():
    os.write(1, b"unasked")
    ctypes.CDLL(None).puts(b"held back in a buffer")
print("after")
"""


def test_only_what_was_asked_for_gets_out() -> None:
    done = subprocess.run([sys.executable, "-c", WROTE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["before", "after"]


def test_a_closed_standard_output_is_no_fault() -> None:
    text = "import os; os.close(1)\nfrom tidu.core.quiet import quiet\nwith quiet():\n    pass\nos.write(2, b'done')"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)
    assert "done" in done.stderr and "Error" not in done.stderr
