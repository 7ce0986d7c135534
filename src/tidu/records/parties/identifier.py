"""The identifier that linking takes: every distinct name of a table of questions put into its legal entity and its group.

Names hang together by credit code, by key (within a city where the name is not one of its kind), by what they say they once bore,
by changes of name that the records tell, by nearness, by what Splink finds likely, and by what people decided, which is above all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tidu.engine import quoted
from tidu.records.linking.plain import type_of
from tidu.records.parties import groups, nodes, probable
from tidu.records.parties.candidates import blocked
from tidu.records.parties.deciding import by_name
from tidu.records.parties.joining import Pair, joined
from tidu.records.parties.keys import key_of
from tidu.records.parties.verdicts import Doubt, Verdict

if TYPE_CHECKING:
    import duckdb

#: Pairs that the rules leave open are one body from this probability on.
LIKELY = 0.95
#: Below this one they are two.
UNLIKELY = 0.2
#: Pairs judged at a time.
PORTION = 50_000
#: What joins nodes beside their keys: how, how surely, and the query of pairs (``a``, ``b``: numbers of nodes).
_JOINS = (
    (
        "key",
        0.99,
        """select a.number as a, b.number as b from party_node a join party_node b on b.key = a.key and b.city = a.city
        where starts_with(a.node, 'text ')""",
    ),
    (
        "cityless",
        0.9,
        """select a.number as a, b.number as b from party_node a join party_node b on b.key = a.key and b.city = '' and a.city <> ''
        join (select key from party_node where city <> '' group by key having count(distinct number) = 1) u on u.key = a.key""",
    ),
    (
        "former",
        0.95,
        """select n.number as a, f.number as b from (select node, unnest(former) as key from party_keyed) k
        join party_node n on n.node = k.node join party_node f on f.key = k.key
        join (select key from party_node group by key having count(distinct number) = 1) u on u.key = k.key""",
    ),
    (
        "renamed",
        0.93,
        """select a.number as a, b.number as b from party_renamed r join party_node a on a.key = r.before
        join party_node b on b.key = r.after
        join (select key from party_node group by key having count(distinct number) = 1) u on u.key = r.before
        join (select key from party_node group by key having count(distinct number) = 1) v on v.key = r.after""",
    ),
)


class Identifier:
    """Answers the questions of linking; the form is that of :data:`tidu.records.linking.lookups.Identify`.

    After a call ``doubts`` holds the pairs that stay open, ``counts`` how many pairs of nodes each method joined.
    """

    def __init__(self, verdicts: Sequence[Verdict] = (), seed: int = 1, keep: Path | None = None) -> None:
        """Takes what people decided, the seed of the sample that Splink is trained on, and a file to keep.

        ``keep`` takes one row a name and city as Parquet: its entity and its group, each with the rule that told it and how surely.
        """
        self.verdicts, self.seed, self.keep = tuple(verdicts), seed, keep
        self.doubts: list[Doubt] = []
        self.counts: Counter[str] = Counter()

    def __call__(self, engine: duckdb.DuckDBPyConnection, asked: str, renamed: str) -> str:
        """The query of answers to a table of questions: ``id``, ``entity``, ``group``, ``type``.

        >>> from tidu.engine import connect
        >>> engine = connect()
        >>> _ = engine.execute("create table q as select * from"
        ...     " (values (1, '虚构（杭州）科技有限公司'), (2, '杭州虚构科技股份有限公司')) x(id, name),"
        ...     " (select null::varchar as standard, null::varchar as credit_code, null::varchar as country, null::varchar as type,"
        ...     " '330100' as city)")
        >>> _ = engine.execute("create table r (before varchar, after varchar)")
        >>> engine.execute(f"select id, entity from ({Identifier()(engine, 'q', 'r')}) order by id").fetchall()
        [(1, '杭州虚构科技股份有限公司'), (2, '杭州虚构科技股份有限公司')]
        """
        self.doubts, self.counts = [], Counter()
        nodes.keyed(engine, asked)
        nodes.make(engine, sorted({text for one in self.verdicts if not one.same for text in one.pair}))
        nodes.renamed_keys(engine, renamed)
        blocked(engine)
        pairs, apart = self._decided(engine)
        for method, confidence, query in _JOINS:
            found = engine.execute(f"select distinct a, b from ({query}) where a <> b order by a, b").fetchall()
            pairs += [Pair(one, other, confidence, method) for one, other in found]
            self.counts[method] += len(found)
        pairs += self._judged(engine)
        coded = [row[0] for row in engine.execute("select distinct number from party_node where coded order by number").fetchall()]
        count = engine.execute("select coalesce(max(number) + 1, 0) from party_node").fetchall()[0][0]
        least = joined(count, pairs, coded, apart)
        _name(engine, least)
        groups.make(engine)
        if self.keep is not None:
            _keep(engine, [one for one in pairs if least[one.left] == least[one.right]], self.keep)
        return f"""select q.id, e.entity, g."group", {type_of("q.type", "coalesce(q.name, q.standard)")} as type
        from {asked} q join party_keyed k on k.id = q.id join party_entity e on e.node = k.node
        join party_group g on g.entity = e.entity"""

    def _decided(self, engine: duckdb.DuckDBPyConnection) -> tuple[list[Pair], list[tuple[int, int]]]:
        """What people decided, as pairs of nodes that are one and of nodes that are not."""
        same: list[Pair] = []
        apart: list[tuple[int, int]] = []
        for one in self.verdicts:
            told = engine.execute(
                "select distinct a.number, b.number from (select distinct node from party_keyed where text = ?) l"
                " join party_node a on a.node = l.node, (select distinct node from party_keyed where text = ?) r"
                " join party_node b on b.node = r.node where a.number <> b.number order by all",
                list(one.pair),
            ).fetchall()
            self.counts["decided"] += bool(told)
            if one.same:
                same += [Pair(left, right, 1.0, "decided") for left, right in told]
            else:
                apart += told
        return same, apart

    def _judged(self, engine: duckdb.DuckDBPyConnection) -> list[Pair]:
        """The candidates that are one body by nearness, or by probability where that leaves them open."""
        found: list[Pair] = []
        opened: list[tuple[int, int, int, int, str, Doubt]] = []
        reader = engine.cursor()
        try:
            reader.execute(
                """select c.l, c.r, a.number, b.number, x.text, x.city, y.text, y.city from party_candidate c
                join party_record x on x.number = c.l join party_record y on y.number = c.r
                join party_node a on a.node = x.node and a.key = x.key join party_node b on b.node = y.node and b.key = y.key
                order by all"""
            )
            while rows := reader.fetchmany(PORTION):
                for one, other, left, right, name, city, second, place in rows:
                    told = by_name(key_of(name), key_of(second), city, place)
                    if told.entity:
                        found.append(Pair(left, right, told.confidence, told.method))
                        self.counts[told.method] += 1
                    elif told.entity is None:
                        doubt = Doubt(name, city, second, place, told.method, told.confidence)
                        opened.append((one, other, left, right, told.method, doubt))
        finally:
            reader.close()
        return found + self._weighed(engine, opened)

    def _weighed(self, engine: duckdb.DuckDBPyConnection, opened: Sequence[tuple[int, int, int, int, str, Doubt]]) -> list[Pair]:
        """The open pairs that are likely one body; the others are kept as doubts."""
        engine.execute("create or replace table party_open (l bigint, r bigint)")
        if opened:
            engine.execute(
                "insert into party_open select unnest(?), unnest(?)", [[one[0] for one in opened], [one[1] for one in opened]]
            )
        told = probable.weighed(engine, "party_open", self.seed)
        found = []
        decided = {verdict.pair for verdict in self.verdicts}
        for one, other, left, right, _, doubt in opened:
            if tuple(sorted((doubt.left, doubt.right))) in decided:
                continue
            probability = told.get((min(one, other), max(one, other)))
            if probability is not None and probability >= LIKELY:
                found.append(Pair(left, right, round(0.8 * probability, 6), "probable"))
                self.counts["probable"] += 1
            elif probability is None or probability >= UNLIKELY:
                self.doubts.append(doubt if probability is None else doubt._replace(probability=round(probability, 4)))
        return found


def _name(engine: duckdb.DuckDBPyConnection, least: np.ndarray) -> None:
    """Makes ``party_entity`` (node → entity).

    An entity is called by the least of its names that names no part of it, with the city where another bears it too.
    """
    engine.register("party_found", {"number": np.arange(len(least), dtype=np.int64), "least": least})
    engine.execute(
        """create or replace table party_joined as select n.node, f.least from (select distinct node, number from party_node) n
        join party_found f using (number)"""
    )
    engine.unregister("party_found")
    engine.execute(
        """create or replace table party_entity as with named as (select e.least,
        coalesce(min(k.text) filter (not k.branch), min(k.text)) as name, coalesce(min(k.city) filter (k.city <> ''), '') as city
        from party_keyed k join party_joined e using (node) group by e.least),
        told as (select *, count(*) over (partition by name) as n, row_number() over (partition by name, city order by least) as m
        from named)
        select e.node, name || case when n > 1 and city <> '' then ' @' || city else '' end
        || case when m > 1 then ' #' || cast(m as varchar) else '' end as entity from party_joined e join told t using (least)"""
    )


def _keep(engine: duckdb.DuckDBPyConnection, pairs: Sequence[Pair], path: Path) -> None:
    """Writes each name with its entity and group, each by which rule and how surely: a node's rule is its surest pair's."""
    best: dict[int, Pair] = {}
    for pair in pairs:
        for number in (pair.left, pair.right):
            if number not in best or pair.confidence > best[number].confidence:
                best[number] = pair
    engine.execute("create or replace table party_reason (number bigint, method varchar, confidence double)")
    if best:
        columns = [list(best), [one.method for one in best.values()], [one.confidence for one in best.values()]]
        engine.execute("insert into party_reason select unnest(?), unnest(?), unnest(?)", columns)
    path.parent.mkdir(parents=True, exist_ok=True)
    engine.execute(
        f"""copy (select distinct k.text as name, k.told_city as city, e.entity,
        coalesce(r.method, case when starts_with(k.node, 'code ') then 'credit_code' else 'name' end) as method,
        coalesce(r.confidence, case when starts_with(k.node, 'code ') then 0.99 else 0.95 end) as confidence,
        g."group", g.method as group_method, g.confidence as group_confidence
        from party_keyed k join party_entity e using (node) join party_group g using (entity)
        left join (select distinct node, number from party_node) n using (node) left join party_reason r using (number)
        order by all) to {quoted(str(path))} (format parquet, compression zstd)"""
    )
