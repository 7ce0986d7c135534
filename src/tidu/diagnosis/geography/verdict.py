"""What the test of the gradient answers: supported, partly, or not, check by check, in both languages.

A check holds when its sign is as the sentence says and its p-value is below :data:`SURE`. The sentence is supported when
every check holds, not supported when the score does not fall with distance at all, else partly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isnan, nan
from typing import Literal

from tidu.core.errors import Language
from tidu.core.words import word
from tidu.diagnosis.geography.belts import Difference
from tidu.diagnosis.geography.gradient import Gradient, Slope
from tidu.diagnosis.geography.places import COAST, choices

#: Below this a p-value counts.
SURE = 0.05
Answer = Literal["supported", "partly", "not", "untested"]


@dataclass(frozen=True)
class Check:
    """One check: whether it holds (nothing where it was not tested), and the numbers of its sentence by language.

    ``kind`` says what units are called in it: ``city`` or ``unit``.
    """

    code: str
    holds: bool | None
    values: Mapping[str, Mapping[str, float | str]]
    kind: str = "unit"

    def name(self, lang: Language) -> str:
        """What is checked, in a few words."""
        found: str = choices()["check"][self.code]["name"][lang]
        return found

    def text(self, lang: Language) -> str:
        """The sentence with its numbers; it says by itself what was checked."""
        if self.holds is None:
            return str(choices()["untested"][lang]).format(name=self.name(lang))
        found: str = choices()["check"][self.code]["what"][lang]
        return found.format_map({"cities": word(f"called_{self.kind}", lang), **self.values[lang]})

    def beside(self, lang: Language) -> str:
        """The sentence where the name of the check stands beside it already."""
        return str(choices()["untested_alone"][lang]) if self.holds is None else self.text(lang)


@dataclass(frozen=True)
class Verdict:
    """The answer for a node in a period, and the checks that it stands on."""

    node: str
    period: str
    answer: Answer
    checks: tuple[Check, ...]

    @property
    def held(self) -> int:
        """How many checks hold."""
        return sum(check.holds is True for check in self.checks)

    def text(self, lang: Language) -> str:
        """The answer in one sentence."""
        join = "、" if lang == "zh" else "; "
        failed = join.join(check.name(lang) for check in self.checks if not check.holds)
        found: str = choices()["answer"][self.answer][lang]
        return found.format(held=self.held, tested=len(self.checks), failed=failed)


def verdicts(found: Gradient) -> tuple[Verdict, ...]:
    """The answer for the index, each node of its first level, and its reading, in that order.

    >>> from tidu import app
    >>> from tidu.diagnosis.geography.gradient import gradient
    >>> one = verdicts(gradient(app.make("city-ip-core"), 2023, permutations=99))[0]
    >>> one.answer, [check.code for check in one.checks if not check.holds]
    ('partly', ['belts', 'first', 'beyond'])
    """
    return tuple(_verdict(found, node) for node in found.nodes)


def chance_text(p: float) -> str:
    """A p-value as it stands in a sentence.

    >>> chance_text(0.0301), chance_text(0.00001), chance_text(float("nan"))
    ('p = 0.030', 'p < 0.001', 'p = —')
    """
    return "p = —" if isnan(p) else "p < 0.001" if p < 0.0005 else f"p = {p:.3f}"


def belt_name(found: Gradient, name: str, lang: Language, attribute: str | None = None) -> str:
    """A belt's name in a language, as far as the figures or the gazetteer give it."""
    labels = found.places.labels.get(attribute or found.belt, {})
    return labels.get(name, name) if lang == "en" else name


def sample_name(found: Gradient, sample: str, group: str, lang: Language) -> str:
    """A sample of units in words."""
    belt = belt_name(found, group or (found.belts[0] if found.belts else ""), lang)
    text: str = choices()["sample"][sample][lang]
    return text.format(belt=belt)


def _verdict(found: Gradient, node: str) -> Verdict:
    whole = found.slope(node)
    checks = [_slope_check("slope", whole, found)]
    size, p = (whole.effective, whole.p_effective) if whole else (nan, nan)
    numbers: dict[str, float | str] = {"n": whole.line.n if whole else 0, "effective": size, "p": chance_text(p)}
    falls = whole is not None and whole.line.slope < 0
    checks.append(Check("neighbours", None if isnan(p) else falls and p < SURE, {"zh": numbers, "en": numbers}))
    if len(found.belts) > 1:
        checks.append(_belts_check(found, node))
        checks.append(_slope_check("first", found.slope(node, sample="inside", group=found.belts[0]), found))
        checks.append(_slope_check("beyond", found.slope(node, sample="beyond"), found))
    coast = next((row for row in found.differences if (row.node, row.by) == (node, COAST)), None)
    checks.append(_coast_check(coast))
    if found.removed and (found.without is None or node in found.without.nodes):
        checks.append(_slope_check("without", found.without.slope(node) if found.without else None, found))
    if checks[0].holds is None:
        answer: Answer = "untested"
    elif not checks[0].holds:
        answer = "not"
    else:
        answer = "supported" if all(check.holds for check in checks) else "partly"
    kind = "city" if found.index.framework.table.units.kind == "city" else "unit"
    return Verdict(node, found.period, answer, tuple(replace(check, kind=kind) for check in checks))


def _slope_check(code: str, slope: Slope | None, found: Gradient) -> Check:
    if slope is None or isnan(slope.line.p):
        return Check(code, None, {})
    fit = slope.line
    numbers: dict[str, float | str] = {
        "slope": fit.slope,
        "low": fit.low,
        "high": fit.high,
        "r2": fit.r2,
        "n": fit.n,
        "p": chance_text(fit.p),
    }
    values = {}
    for lang, join in (("zh", "、"), ("en", ", ")):
        tongue: Language = "zh" if lang == "zh" else "en"
        belt = belt_name(found, found.belts[0], tongue) if found.belts else ""
        names = join.join(found.index.framework.label(node, tongue) for node in found.removed)
        values[lang] = numbers | {"belt": belt, "names": names}
    return Check(code, fit.slope < 0 and fit.p < SURE, values)


def _belts_check(found: Gradient, node: str) -> Check:
    steps = [row for row in found.differences if (row.node, row.by) == (node, found.belt)]
    if any(isnan(step.p) for step in steps):
        return Check("belts", None, {})
    means = {row.group: row.mean for row in found.means if (row.node, row.by) == (node, found.belt)}
    values: dict[str, dict[str, float | str]] = {}
    for lang in ("zh", "en"):
        tongue: Language = "zh" if lang == "zh" else "en"
        text = f"{belt_name(found, found.belts[0], tongue)} {means[found.belts[0]]:.1f}"
        for step in steps:
            sign = ">" if step.difference > 0 else "<"
            p = f" ({chance_text(step.p)})" if lang == "en" else f"（{chance_text(step.p)}）"
            text += f" {sign} {belt_name(found, step.other, tongue)} {means[step.other]:.1f}{p}"
        values[lang] = {"means": text}
    return Check("belts", all(step.difference > 0 and step.p < SURE for step in steps), values)


def _coast_check(row: Difference | None) -> Check:
    """Whether the coast (1) stands above the rest (0); the difference is turned round where it was taken the other way."""
    if row is None or isnan(row.p) or {row.group, row.other} != {"0", "1"}:
        return Check("coast", None, {})
    sign = 1.0 if row.group == "1" else -1.0
    low, high = sorted((sign * row.low, sign * row.high))
    numbers: dict[str, float | str] = {"slope": sign * row.difference, "low": low, "high": high, "p": chance_text(row.p)}
    return Check("coast", sign * row.difference > 0 and row.p < SURE, {"zh": numbers, "en": numbers})
