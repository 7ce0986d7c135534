"""A whole index file as one pydantic model: its tables, and uncertain factors that point somewhere."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from tidu.core.errors import raise_all
from tidu.index.factor_faults import uncertain_faults
from tidu.index.spec import FileTables


class IndexFile(FileTables):
    """A whole index file."""

    @model_validator(mode="after")
    def _uncertain_points_somewhere(self) -> Self:
        raise_all([fault for name, item in self.uncertain.items() for fault in uncertain_faults(self, name, item)])
        return self
