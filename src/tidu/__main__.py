"""``python -m tidu``: the command line."""

from __future__ import annotations

from tidu.faces.cli import main

if __name__ == "__main__":
    main()
