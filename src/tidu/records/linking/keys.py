"""One key an application: other keys of the same one are folded into it, and documents that their source deleted are left out.

Sources that number applications by themselves (PATSTAT, PatentsView) say the printed number in ``alias``. An application without
any number (:data:`P:<tidu.records.schema.TABLES>`) is that which has the same publication, where there is exactly one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidu.engine import named
from tidu.records.linking.components import components
from tidu.records.readers.docdb import DELETED
from tidu.records.schema import TABLES

if TYPE_CHECKING:
    from tidu.records.linking.workbench import Workbench

#: The tables that hang on an application.
HANGING = tuple(name for name, table in TABLES.items() if name != "alias" and "appno" in table.names)


def fold(bench: Workbench) -> None:
    """Makes a view ``told_T`` of every table: its rows under the one key of their application, what was deleted left out.

    Keeps ``keys`` (``other``, ``key``) and ``document`` (``load``, ``record``, ``day``: when the document was published).
    """
    bench.keep(
        "printed",
        "select load, record, appno, authority, printed_number(authority, number) as number, left(upper(kind), 1) as letter,"
        " published_day, publication_number(authority, printed_number(authority, number)) as publication"
        " from raw_publication where number is not null and authority is not null",
    )
    _keys(bench)
    _void(bench)
    for name in HANGING:
        bench.engine.execute(
            f"create view {named('told_' + name)} as select t.* replace (coalesce(k.key, t.appno) as appno)"
            f" from {named('raw_' + name)} t left join keys k on k.other = t.appno"
            " anti join void using (load, record)"
        )
    bench.keep(
        "publications",
        "select load, record, coalesce(k.key, appno) as appno, authority, number, letter, published_day, publication"
        " from printed left join keys k on k.other = printed.appno anti join void using (load, record)",
    )
    bench.keep("document", "select load, record, max(published_day) as day from publications group by load, record")


def _keys(bench: Workbench) -> None:
    unnumbered = " union all ".join(
        f"select appno from {named('raw_' + name)} where starts_with(appno, 'PUBLICATION:')" for name in HANGING
    )
    bench.keep("by_publication", f"select distinct appno from ({unnumbered})")
    bench.keep(
        "sole",
        "select publication, min(appno) as appno from printed where not starts_with(appno, 'P:')"
        " and not starts_with(appno, 'PUBLICATION:') group by publication"
        " having count(distinct appno) = 1",
    )
    pairs = (
        "select appno as a, other as b from raw_alias"
        " union all select p.appno, sole.appno from by_publication p join sole"
        " on sole.publication = publication_number(substr(p.appno, 13, 2), substr(p.appno, 15))"
        " union all select printed.appno, sole.appno from printed join sole using (publication)"
        " where starts_with(printed.appno, 'P:')"
    )
    components(bench, "same", pairs)
    bench.keep(
        "keys",
        "with best as (select least, arg_min(node, (case when starts_with(node, 'P:') then 2 when contains(node, ':') then 1"
        " else 0 end, node)) as key from same group by least)"
        " select node as other, key from same join best using (least) where node <> key",
    )
    bench.counts["keys_folded"] = bench.count("select count(*) from keys")


def _void(bench: Workbench) -> None:
    """Documents of DOCDB that DOCDB deleted later: those of the same publication, read before it."""
    bench.keep(
        "void",
        f"""with gone as (select load, record, cited_parts(detail) as p from raw_event where code = '{DELETED}'),
        last as (select publication_number(p.office, p.number) as publication, left(p.kind, 1) as letter,
        max(later(0, load, record)) as latest from gone group by all)
        select distinct load, record from printed join last using (publication, letter) join loads using (load)
        where loads.kind = 'epo_docdb' and later(0, load, record) < latest""",
    )
    bench.counts["documents_deleted"] = bench.count("select count(*) from void")
