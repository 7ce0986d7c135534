"""Profiles name canonical columns only, and tell files apart by their headings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from tidu.core.errors import DataError
from tidu.records import profiles as room
from tidu.records.load import Account, read
from tidu.records.profiles import profile, profile_of, profiles
from tidu.records.schema import TABLES
from tidu.records.store import Store


@pytest.mark.parametrize("code", profiles())
def test_a_profile_is_whole(code: str) -> None:
    one = profile(code)
    assert set(one.title) == {"zh", "en"} and one.needs and one.groups
    heads = [name.split("|")[0] for name in one.needs] + [names[0] for group in one.groups for names in group.headings.values()]
    found = profile_of(heads)
    assert found is not None and found.code == code
    for group in one.groups:
        assert {*group.headings, *group.fixed} <= set(TABLES[group.table].names)


def test_a_column_that_the_model_lacks_is_told() -> None:
    with pytest.raises(DataError) as caught:
        room._profile("x", "[list]\ntitle = {zh='甲', en='a'}\nneeds = ['k']\n[patent]\nappnr = 'k'\n")
    assert (caught.value.code, caught.value.values["key"], caught.value.address) == (
        "profile_column",
        "appnr",
        "x.toml patent..appnr",
    )


def test_an_unknown_reader_is_told_with_the_nearest() -> None:
    with pytest.raises(DataError) as caught:
        profile("incopatt")
    assert caught.value.did_you_mean == "incopat"


def test_what_no_profile_knows() -> None:
    assert profile_of(["城市", "面积"]) is None and profile_of([]) is None
    assert profiles()["incopat"].fits(["申请号", "公开(公告)号"]) == 0
    assert profiles()["incopat"].fits(["申请号", "公开（公告）号", "合享价值度"]) >= 3


@pytest.fixture
def loaded(tmp_path: Path) -> Any:
    """Takes the text of a file, and the queries on its tables; gives the account and the answers."""

    def load(text: str, *queries: str) -> tuple[Account, list[list[tuple[Any, ...]]]]:
        path, store = tmp_path / "a.csv", Store(tmp_path / "store")
        path.write_text(text, encoding="utf-8", newline="")
        (account,) = read([path], store)
        assert account.balanced
        folder = store.loads / store.manifest()[-1]["load"]
        return account, [
            duckdb.sql(one.replace("from ", f"from '{folder}/").replace(" order", ".parquet' order")).fetchall() for one in queries
        ]

    return load


def test_patstat_hangs_together_by_its_own_numbers(loaded: Any) -> None:
    head = "appln_id,appln_auth,appln_nr,appln_kind,appln_filing_date,appln_nr_original,earliest_filing_date,docdb_family_id"
    head += ",inpadoc_family_id"
    account, (patents, aliases) = loaded(
        f"{head}\n123456789,US,2366704,A ,2004-12-28,11023667,2004-12-28,5,6\n2,EP,95810560,A,9999-12-31,95810560,9999-12-31,0,0\n"
        "3,WO,US2012034567,W,2012-01-02,,2012-01-02,0,0\n",
        "select appno, authority, kind, filing, family from patent order by filing nulls last",
        "select appno, other from alias order by all",
    )
    assert account.kind == "patstat_applications" and account.good == 3
    assert [(one[0], one[1], one[2], str(one[3]), one[4]) for one in patents] == [
        ("PATSTAT:123456789", "US", "invention", "2004-12-28", "5"),
        ("PATSTAT:3", "WO", "invention", "2012-01-02", None),
        ("PATSTAT:2", "EP", "invention", "None", None),
    ]
    assert aliases == [
        ("PATSTAT:123456789", "US11023667"),
        ("PATSTAT:123456789", "US20040023667"),
        ("PATSTAT:2", "EP95810560"),
        ("PATSTAT:3", "WOPCTUS2012034567"),
    ]


def test_a_person_is_applicant_or_inventor_where_the_place_is_not_nought(loaded: Any) -> None:
    account, (parties,) = loaded(
        "person_id,appln_id,applt_seq_nr,invt_seq_nr\n7,123456789,1,0\n8,123456789,2,1\n",
        "select appno, role, seq, person from party order by role, seq",
    )
    assert account.kind == "patstat_parties" and parties == [
        ("PATSTAT:123456789", "applicant", 1, "PATSTAT:7"),
        ("PATSTAT:123456789", "applicant", 2, "PATSTAT:8"),
        ("PATSTAT:123456789", "inventor", 1, "PATSTAT:8"),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "query", "found"),
    [
        (
            "person_id,person_name,person_address,person_ctry_code,psn_name,psn_sector\n7,A GmbH,Ulm,DE,A,COMPANY\n",
            "patstat_persons",
            "select person, name, name_standard, type, country from person order by all",
            [("PATSTAT:7", "A GmbH", "A", "COMPANY", "DE")],
        ),
        (
            "appln_id,ipc_class_symbol,ipc_class_level\n5,A61K   9/16,A\n",
            "patstat_ipc",
            "select appno, scheme, symbol from class order by all",
            [("PATSTAT:5", "ipc", "A61K9/16")],
        ),
        (
            "appln_id,cpc_class_symbol\n5,A61K   9/16\n",
            "patstat_cpc",
            "select appno, scheme, symbol from class order by all",
            [("PATSTAT:5", "cpc", "A61K9/16")],
        ),
        (
            "pat_publn_id,publn_auth,publn_nr,publn_kind,appln_id,publn_date\n9,EP,1000000,A1,5,2000-05-17\n",
            "patstat_publications",
            "select appno, other from alias order by all",
            [("PATSTAT:5", "PATSTAT-P:9")],
        ),
        (
            "pat_publn_id,citn_id,citn_origin,cited_pat_publn_id,cited_npl_publn_id\n9,1,SEA,8,0\n9,2,APP,0,3\n",
            "patstat_citations",
            "select appno, seq, cited, literature, category from citation order by seq",
            [("PATSTAT-P:9", 1, "PATSTAT-P:8", None, "SEA"), ("PATSTAT-P:9", 2, None, "PATSTAT-NPL:3", "APP")],
        ),
        (
            "event_id,appln_id,event_seq_nr,event_code,event_publn_date,effective_date,event_text\n1,5,2,RAP2,2000-01-02,9999-12-31,words\n",
            "patstat_events",
            "select appno, seq, code, cast(published as varchar), effective, detail from event order by all",
            [("PATSTAT:5", 2, "RAP2", "2000-01-02", None, "event_text: words")],
        ),
        (
            "App_nbr|Appln_id|Person_id|App_name|Address|City|Postal_code|Reg_code|Ctry_code|Reg_share|App_share\n"
            "EP1|5|7|A GmbH|Street 1|Ulm|89073|DE144|DE|1|0.5\n",
            "regpat_applicants",
            "select appno, role, name, printed_province, person from party order by all",
            [("PATSTAT:5", "applicant", "A GmbH", "DE144", "PATSTAT:7")],
        ),
        (
            "Appln_id|Person_id|Inv_name|Address|City|Postal_code|Reg_code|Ctry_code|Reg_share|Inv_share\n"
            "5|7|Doe|Street 1|Ulm|89073|DE144|DE|1|0.5\n",
            "regpat_inventors",
            "select appno, role, name, country from party order by all",
            [("PATSTAT:5", "inventor", "Doe", "DE")],
        ),
        (
            "Appln_id|Prio_year|App_year|IPC\n5|1999|2000|A61K   9/16\n",
            "regpat_ipc",
            "select appno, symbol from class order by all",
            [("PATSTAT:5", "A61K9/16")],
        ),
        (
            "L001EP,L003EP,L004EP,L007EP,L008EP,L525EP,L509EP\nEP,    99203729,A,2002-06-05,17Q,20020423,\n",
            "inpadoc_events",
            "select appno, code, cast(effective as varchar), cast(published as varchar) from event order by all",
            [("EP99203729", "17Q", "2002-04-23", "2002-06-05")],
        ),
        (
            "application_id\tpatent_id\tfiling_date\n13657122\t8000000\t2012-10-22\n",
            "patentsview_applications",
            "select appno, other from alias order by all",
            [("US13657122", "PUBLICATION:US8000000")],
        ),
        (
            "patent_id\tpatent_type\tpatent_date\tpatent_title\twipo_kind\tnum_claims\nD500\tdesign\t2012-10-22\tT\tS1\t1\n",
            "patentsview_patents",
            "select appno, kind, cast(granted as varchar), claims from patent order by all",
            [("PUBLICATION:USD500", "design", "2012-10-22", 1)],
        ),
        (
            "patent_id\tinventor_sequence\tinventor_id\tdisambig_inventor_name_first\tdisambig_inventor_name_last\n"
            "8000000\t0\tx\tJ&eacute;r&ocirc;me\tD&zzz;oe\n8000000\t1\ty\t\tAahz\n",
            "patentsview_inventors",
            "select seq, name, person from party order by seq",
            [(1, "D&zzz;oe, Jérôme", "PATENTSVIEW:x"), (2, "Aahz", "PATENTSVIEW:y")],
        ),
        (
            "patent_id\tassignee_sequence\tassignee_id\tdisambig_assignee_individual_name_last\tdisambig_assignee_organization\tassignee_type\n"
            "8\t0\tx\t\tFirm\t2\n8\t1\ty\tDoe\t\t4\n",
            "patentsview_assignees",
            "select seq, name, type from party order by seq",
            [(1, "Firm", None), (2, "Doe", "person")],
        ),
        (
            "patent_id\tipc_sequence\tsection\tipc_class\tsubclass\tmain_group\tsubgroup\n8\t0\tA\t61\tK\t9\t16\n",
            "patentsview_ipc",
            "select appno, symbol, seq from class order by all",
            [("PUBLICATION:US8", "A61K9/16", 1)],
        ),
        (
            "patent_id\tcpc_sequence\tcpc_group\n8\t0\tA61K9/16\n",
            "patentsview_cpc",
            "select appno, symbol, seq from class order by all",
            [("PUBLICATION:US8", "A61K9/16", 1)],
        ),
        (
            "patent_id\tcitation_sequence\tcitation_patent_id\tcitation_date\n8\t0\t7\t1999-01-01\n",
            "patentsview_citations",
            "select appno, cited, seq from citation order by all",
            [("PUBLICATION:US8", "US7", 1)],
        ),
        (
            "publication_number,application_number,country_code,kind_code,family_id,filing_date,assignee\n"
            "US-2013101709-A1,US-201213657122-A,US,A1,5,20121022,A; B\n",
            "bigquery_csv",
            "select appno, authority, kind, cast(filing as varchar) from patent order by all",
            [("US13657122", "US", "invention", "2012-10-22")],
        ),
        (
            "Jurisdiction,Kind,Display Key,Lens ID,Publication Date,Application Number,Application Date,Title,Owners (US)\n"
            "US,A1,US 2013/0101709 A1,0,2013-04-25,US 201213657122 A,2012-10-22,T,FIRM\n",
            "lens",
            "select appno, title, cast(first_publication as varchar) from patent order by all",
            [("US13657122", "T", "2013-04-25")],
        ),
    ],
)
def test_a_table_is_recognised_and_read(text: str, kind: str, query: str, found: list[tuple[Any, ...]], loaded: Any) -> None:
    account, (rows,) = loaded(text, query)
    assert (account.kind, account.quarantined) == (kind, 0) and rows == found


def test_rows_without_the_number_that_they_hang_on_are_put_aside(loaded: Any) -> None:
    account, (rows,) = loaded("appln_id,cpc_class_symbol\n,A61K   9/16\n6,A61K   9/16\n", "select appno from class order by all")
    assert account.reasons == {"class_number_lacking": 1} and account.quarantined == 1 and rows == [("PATSTAT:6",)]


def test_a_year_of_publication_tells_the_century(loaded: Any) -> None:
    head = "Jurisdiction,Kind,Publication Number,Publication Date,Publication Year,Application Number,Application Date,Cited Count"
    _, (rows,) = loaded(
        f"{head}\nUS,A,US 1 A,13/02/10,1910,US 25873909 A,27/02/09,0\nUS,A,US 2 A1,13/02/10,2010,US 201012345678 A,27/02/10,0\n",
        "select appno, cast(filing as varchar), cast(first_publication as varchar) from patent order by filing",
    )
    assert rows == [("US19090258739", "1909-02-27", "1910-02-13"), ("US12345678", "2010-02-27", "2010-02-13")]
