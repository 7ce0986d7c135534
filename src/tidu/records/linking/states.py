"""States: the log of events turned once into intervals, each from a day up to another that no longer counts.

A patent is ``in_force`` from the announcement of its grant up to what ends it, and again from its restoration. ``pledged``,
``licensed``, ``open_licence`` and ``preserved`` go from the event that starts them to the one that ends them: that of the same
contract; where no earlier start has that contract, that of the one who took; where there is none either, every earlier one.
Intervals of one state of one application never overlap: where several contracts hold at a time, they stand together, parted by
semicolons, and an interval ends where their number changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import narwhals as nw

from tidu.records.linked import OPEN

if TYPE_CHECKING:
    from tidu.records.linking.workbench import Workbench

Frame = TypeVar("Frame")


def as_of(frame: Frame, day: int) -> Frame:
    """The rows of a frame of intervals (``from_day``, ``to_day``) that hold on a day, as a frame of the same sort.

    Args:
        frame: states or owners: any frame that Narwhals knows, eager or lazy, a relation of the engine too.
        day: days since 1970-01-01.

    >>> import pyarrow as pa
    >>> as_of(pa.table({"appno": ["a", "b"], "from_day": [0, 0], "to_day": [5, 2_000_000]}), 5)["appno"].to_pylist()
    ['b']
    """
    native = nw.from_native(frame)  # type: ignore[call-overload]
    held: Frame = native.filter((nw.col("from_day") <= day) & (nw.col("to_day") > day)).to_native()
    return held


def states(bench: Workbench) -> None:
    """Writes ``state`` and keeps ``ended``: on which day a right or an application ended, as far as the loads know.

    Nothing is in force beyond its statutory term, nor beyond the end that a source prints where no event ends it.
    """
    _in_force(bench)
    _contracts(bench)
    _apart(bench)
    bench.finish("state", "select appno, state, from_day, to_day, contract from state_apart")
    told = bench.engine.execute("select state, count(*) from linked_state group by state order by state").fetchall()
    bench.counts["states"] = dict(told)
    bench.counts["known_to_day"] = bench.count(
        "select coalesce(greatest((select max(published_day) from event_meant), (select max(day) from event_meant where"
        " published_day is null), (select max(published_day) from publications)), 0)"
    )
    bench.keep(
        "ended",
        f"""with last as (select appno, max(to_day) as day from linked_state where state = 'in_force' group by appno),
        early as (select appno, max(day) as day from event_meant e where meaning in ('refused', 'withdrawn')
        and not exists (select 1 from event_meant r where r.appno = e.appno and r.meaning = 'restored' and r.day >= e.day)
        group by appno)
        select a.appno, coalesce(l.day, e.day) as day from application_told a left join last l using (appno)
        left join early e using (appno) where coalesce(l.day, e.day) is not null and coalesce(l.day, e.day) < {OPEN}
        and coalesce(l.day, e.day) <= {bench.counts["known_to_day"]}""",
    )


def _in_force(bench: Workbench) -> None:
    bench.keep(
        "ends",
        """select appno, day, seq from event_numbered where ends = 'in_force' and day is not null
        union all select a.appno, a.expiry_day, 0 from application_told a anti join (select appno from event_numbered
        where ends = 'in_force' and day is not null) e using (appno)
        where a.granted_day is not null and a.expiry_day is not null""",
    )
    # a right is restored only after it has ended, and only where it had been granted
    bench.keep(
        "starts",
        """select appno, granted_day as day, 0 as seq from application_told where granted_day is not null
        union all select e.appno, e.day, e.seq from event_numbered e join application_told a using (appno)
        where e.meaning = 'restored' and e.day > a.granted_day""",
    )
    bench.keep(
        "force",
        f"""select s.appno, 'in_force' as state, s.day as from_day, coalesce(min(e.day), {OPEN}) as to_day,
        cast(null as varchar) as contract
        from starts s left join ends e on e.appno = s.appno and (e.day > s.day or (e.day = s.day and e.seq > s.seq))
        group by s.appno, s.day, s.seq""",
    )


def _contracts(bench: Workbench) -> None:
    """Keeps ``held``: every start of a state other than being in force, with the day on which it ends."""
    bench.keep(
        "begun",
        "select appno, starts as state, seq, day, contract, folded(taker) as taker from event_numbered"
        " where starts is not null and starts <> 'in_force' and day is not null",
    )
    bench.keep(
        "stopped",
        "select appno, ends as state, seq, day, contract, list_transform(parted(giver), lambda x: folded(x)) as givers,"
        " list_transform(parted(taker), lambda x: folded(x)) as takers"
        " from event_numbered where ends is not null and ends <> 'in_force' and day is not null",
    )
    bench.keep(
        "stops",
        """with met as (select b.appno, b.state, b.seq, s.seq as end_seq, s.day as end_day, coalesce(b.contract = s.contract, false)
        as same, coalesce(list_contains(s.givers, b.taker) or list_contains(s.takers, b.taker), false) as party
        from begun b join stopped s on s.appno = b.appno and s.state = b.state and s.seq > b.seq),
        best as (select appno, state, end_seq, bool_or(same) as same, bool_or(party) as party from met group by all)
        select met.appno, met.state, met.seq, min(met.end_day) as day from met join best using (appno, state, end_seq)
        where case when best.same then met.same when best.party then met.party else true end group by all""",
    )
    bench.keep(
        "held",
        f"""select b.appno, b.state, b.day as from_day, coalesce(s.day, {OPEN}) as to_day, b.contract
        from begun b left join stops s using (appno, state, seq)""",
    )


def _apart(bench: Workbench) -> None:
    """Keeps ``state_apart``: intervals that do not overlap, what is without length left out, nothing beyond the term."""
    bench.keep(
        "spans",
        """select f.appno, f.state, f.from_day, cast(least(f.to_day, t.day) as integer) as to_day, f.contract
        from force f left join term t using (appno) where f.from_day < least(f.to_day, coalesce(t.day, f.to_day))
        union all select * from held where from_day < to_day""",
    )
    bench.keep("several", "select appno, state from spans group by appno, state having count(*) > 1")
    bench.keep(
        "points",
        """select appno, state, day, lead(day) over (partition by appno, state order by day) as next from (
        select appno, state, from_day as day from spans semi join several using (appno, state)
        union select appno, state, to_day from spans semi join several using (appno, state))""",
    )
    bench.keep(
        "pieces",
        """select p.appno, p.state, p.day as from_day, p.next as to_day, string_agg(distinct s.contract, '; ' order by s.contract)
        as contract from points p join spans s on s.appno = p.appno and s.state = p.state
        and s.from_day <= p.day and s.to_day >= p.next
        where p.next is not null group by all""",
    )
    bench.keep(
        "islands",
        """select *, sum(fresh) over (partition by appno, state order by from_day) as island from (
        select *, case when lag(to_day) over w = from_day and lag(contract) over w is not distinct from contract then 0 else 1 end
        as fresh from pieces window w as (partition by appno, state order by from_day))""",
    )
    bench.keep(
        "state_apart",
        """select appno, state, min(from_day) as from_day, max(to_day) as to_day, min(contract) as contract from islands
        group by appno, state, island
        union all select s.* from spans s anti join several using (appno, state)""",
    )
