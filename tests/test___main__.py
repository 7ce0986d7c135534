"""``python -m tidu`` is the program."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version


def test_the_module_is_the_program() -> None:
    done = subprocess.run([sys.executable, "-m", "tidu", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"tidu {version('tidu')}"


def test_without_a_command_the_help_is_shown_and_the_code_is_two() -> None:
    done = subprocess.run([sys.executable, "-m", "tidu"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "build" in done.stdout + done.stderr
