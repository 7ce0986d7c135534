"""Citations: what an application cites, and which application that is where the loads hold it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidu.records.linking.workbench import Workbench


def citations(bench: Workbench) -> None:
    """Writes ``citation``: of all documents of an application each cited document once, in the order in which they tell it.

    A cited publication is found by office, number and letter of its kind, in whatever form it is printed; by office and number
    alone where one application has it, except for China before 2007 and Japan, where a number means another document under
    another letter. A number that only its source knows is found by ``alias``.
    """
    bench.keep(
        "published_as",
        "select publication, letter, min(appno) as appno from publications where letter is not null"
        " group by publication, letter having count(distinct appno) = 1",
    )
    bench.keep(
        "published_alone",
        "select publication, min(appno) as appno from publications group by publication having count(distinct appno) = 1",
    )
    bench.keep(
        "cited_told",
        """select appno, load, record, seq, cited, literature, p.kind as kind, p.office as office,
        case when p.number <> '' then publication_number(p.office, p.number) end as publication
        from (select *, cited_parts(cited) as p from told_citation where appno is not null
        and (cited is not null or literature is not null))""",
    )
    # one row of each cited document that is told, so that what is cited by many is looked up once
    bench.keep(
        "cited_found",
        """select c.publication, c.kind, coalesce(x.appno, case when c.kind = '' or not (c.office = 'JP'
        or (c.office = 'CN' and length(c.publication) < 11)) then y.appno end) as cited_appno
        from (select distinct publication, kind, office from cited_told where publication is not null) c
        left join published_as x on x.publication = c.publication and x.letter = left(c.kind, 1)
        left join published_alone y on y.publication = c.publication""",
    )
    bench.keep(
        "cited_once",
        """select appno, coalesce(f.cited_appno, k.key, c.publication, c.cited, lower(c.literature)) as what,
        min(cited) as cited, min(coalesce(f.cited_appno, k.key)) as cited_appno, min(literature) as literature,
        min((load, record, coalesce(seq, 32000))) as place
        from cited_told c left join cited_found f on f.publication = c.publication and f.kind = c.kind
        left join keys k on k.other = c.cited group by all""",
    )
    bench.finish(
        "citation",
        """select appno, row_number() over (partition by appno order by place, what) as seq, cited, cited_appno, literature,
        a.first_publication_day as published_day
        from cited_once left join (select appno, first_publication_day from application_told) a using (appno)""",
    )
    bench.counts["citations_of_patents"] = bench.count("select count(*) from linked_citation where cited is not null")
    bench.counts["citations_found"] = bench.count("select count(*) from linked_citation where cited_appno is not null")
