"""How likely the records at hand make it that two names are one body: a Fellegi–Sunter model, trained on the names themselves.

Splink (the extra ``parties``) samples pairs at random for how often different bodies agree, and takes from namesakes of one city,
by expectation maximisation, how often one body's names agree in trade and form. Only pairs that the rules leave open are weighed by
it. With few names there is nothing to learn from: then the pairs stay open.
"""

from __future__ import annotations

import importlib.util
import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

#: Names below which nothing is trained.
LEAST = 500
#: How often two names of one body agree in place and city, and in the own name: exactly, but for one character of four or more, but
#: for one of fewer, not at all. Assumed: namesakes of many cities would mislead the training.
AGREE, OWN = (0.95, 0.05), (0.93, 0.04, 0.01, 0.02)
#: Namesakes below which the shares that training begins with stand.
ENOUGH = 200
#: Pairs sampled at random for how often different bodies agree.
SAMPLED = 2_000_000


def available() -> bool:
    """Whether Splink is installed (the extra ``parties``)."""
    return importlib.util.find_spec("splink") is not None


def weighed(engine: duckdb.DuckDBPyConnection, pairs: str, seed: int = 1) -> dict[tuple[int, int], float]:
    """The probability that two records are one body, for each pair of a table (``l``, ``r``) of numbers of ``party_record``.

    Empty where Splink is not installed or the names are too few to train it.
    """
    few = engine.execute("select count(*) from party_record where kind <> 'latin'").fetchall()[0][0] < LEAST
    if few or not available() or not engine.execute(f"select count(*) from {pairs}").fetchall()[0][0]:
        return {}
    linker, api = _linker(engine)
    _train(engine, linker, seed)
    engine.execute(
        "create or replace table party_weighed as select '0' as match_key, least(l, r) as join_key_l,"
        f" greatest(l, r) as join_key_r from {pairs}"
    )
    linker.table_management.register_blocked_pairs_for_predict(api.register("party_weighed"))
    found = linker.inference.predict(warning_mode="never").physical_name
    told = engine.execute(f"select number_l, number_r, match_probability from {found}").fetchall()
    linker.table_management.delete_tables_created_by_splink_from_db()
    return {(min(one, other), max(one, other)): probability for one, other, probability in told}


def _linker(engine: duckdb.DuckDBPyConnection) -> tuple[Any, Any]:
    import splink.comparison_level_library as level
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    from splink.comparison_library import CustomComparison

    logging.getLogger("splink").setLevel(logging.ERROR)
    engine.execute(
        "create or replace table party_names as select number, own, nullif(trade, '') as trade, nullif(place, '') as place,"
        " nullif(form, '') as form, nullif(city, '') as city, block, left(own, 2) as begins, kind from party_record"
        " where kind <> 'latin'"
    )
    api = DuckDBAPI(connection=engine)

    def comparison(name: str, *levels: Any, assumed: tuple[float, ...] = (), begun: tuple[float, ...] = ()) -> Any:
        every = [*levels, level.ElseLevel()]
        for one, share in zip(every, assumed or begun, strict=True):
            one.configure(m_probability=share, fix_m_probability=bool(assumed))
        return CustomComparison(output_column_name=name, comparison_levels=[level.NullLevel(name), *every])

    # the engine counts bytes: a Chinese character is three
    count = engine.execute("select count(*) from party_names").fetchall()[0][0]
    settings = SettingsCreator(
        link_type="dedupe_only",
        probability_two_random_records_match=(_pairs(engine, "block", "own", "trade") + 1) / (count * (count - 1) / 2),
        unique_id_column_name="number",
        comparisons=[
            comparison(
                "own",
                level.ExactMatchLevel("own", term_frequency_adjustments=True),
                level.CustomLevel("length(own_l) >= 4 and levenshtein(own_l, own_r) <= 3"),
                level.CustomLevel("levenshtein(own_l, own_r) <= 3"),
                assumed=OWN,
            ),
            comparison("trade", level.ExactMatchLevel("trade"), level.LevenshteinLevel("trade", 3), begun=(0.9, 0.05, 0.05)),
            comparison("place", level.ExactMatchLevel("place"), assumed=AGREE),
            comparison("city", level.ExactMatchLevel("city"), assumed=AGREE),
            comparison("form", level.ExactMatchLevel("form"), begun=(0.8, 0.2)),
        ],
        blocking_rules_to_generate_predictions=[block_on("block", "begins")],
        retain_matching_columns=False,
    )
    return Linker(api.register("party_names"), settings, log_level=None), api


def _train(engine: duckdb.DuckDBPyConnection, linker: Any, seed: int) -> None:
    from splink import block_on

    linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLED, seed=seed)
    if _pairs(engine, "own", "city", "place") >= ENOUGH:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("own", "city", "place"), max_pairs=SAMPLED)


def _pairs(engine: duckdb.DuckDBPyConnection, *columns: str) -> int:
    """How many pairs of names agree in columns."""
    told = ", ".join(columns)
    full = " and ".join(f"{one} is not null" for one in columns)
    rows = engine.execute(
        f"select coalesce(sum(n * (n - 1) / 2), 0) from (select count(*) as n from party_names where {full} group by {told})"
    )
    return int(rows.fetchall()[0][0])
