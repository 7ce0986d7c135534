"""Conveyances: their classes by real cover-sheet texts, their key, and small records made for the test (synthetic)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.records.readers.uspto_assignment import CLASSES, answers, assignments, conveyance, reel_frame


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ASSIGNMENT OF ASSIGNORS INTEREST (SEE DOCUMENT FOR DETAILS).", "assignment"),
        ("NUNC PRO TUNC ASSIGNMENT (SEE DOCUMENT FOR DETAILS).", "assignment"),
        ("CONDITIONAL ASSIGNMENT", "assignment"),
        ("CHANGE OF NAME (SEE DOCUMENT FOR DETAILS).", "change_of_name"),
        ("MERGER (SEE DOCUMENT FOR DETAILS).", "merger"),
        ("MERGER AND CHANGE OF NAME (SEE DOCUMENT FOR DETAILS).", "merger"),
        ("SECURITY INTEREST (SEE DOCUMENT FOR DETAILS).", "security_interest"),
        ("SECURITY AGREEMENT", "security_interest"),
        ("SECOND SUPPLEMENT TO INTELLECTUAL PROPERTY SECURITY AGREEMENT", "security_interest"),
        ("MORTGAGE (SEE DOCUMENT FOR DETAILS).", "security_interest"),
        ("LIEN (SEE DOCUMENT FOR DETAILS).", "security_interest"),
        ("RELEASE BY SECURED PARTY (SEE DOCUMENT FOR DETAILS).", "release"),
        ("TERMINATION AND RELEASE OF PATENT SECURITY AGREEMENT RECORDED AT REEL 048818/FRAME 0520", "release"),
        ("LICENSE (SEE DOCUMENT FOR DETAILS).", "licence"),
        ("CONFIRMATORY LICENSE (SEE DOCUMENT FOR DETAILS).", "confirmatory_licence"),
        ("GOVERNMENT INTEREST AGREEMENT", "confirmatory_licence"),
        (
            "CORRECTIVE ASSIGNMENT TO CORRECT THE ASSIGNEE NAME PREVIOUSLY RECORDED AT REEL: 036148 FRAME: 0492. "
            "ASSIGNOR(S) HEREBY CONFIRMS THE ASSIGNMENT.",
            "corrective",
        ),
        ("CORRECTION TO THE FIRST INVENTOR'S LAST NAME ON THE COVERSHEET FOR THE ASSIGNMENT", "corrective"),
        ("TERMINATION OF LICENSE AGREEMENT", "other"),
        ("CHANGE OF ADDRESS", "other"),
        ("CHANGE OF LEGAL FORM", "other"),
        ("COURT ORDER (SEE DOCUMENT FOR DETAILS).", "other"),
        (None, "other"),
    ],
)
def test_a_conveyance_has_the_class_of_its_words(text: str | None, name: str) -> None:
    assert conveyance(text) == name


@given(st.text(max_size=60))
def test_every_text_has_one_of_the_classes_whatever_its_case(text: str) -> None:
    assert conveyance(text.upper()) in {name for name, _ in CLASSES}
    assert conveyance(text) == conveyance(text.upper())


@given(st.integers(1, 999_999), st.integers(0, 9_999))
def test_reel_and_frame_meet_with_and_without_noughts(reel: int, frame: int) -> None:
    assert reel_frame(str(reel), str(frame)) == reel_frame(f"{reel:06d}", f"{frame:04d}")


RECORD = """<patent-assignment><assignment-record><reel-no>19091</reel-no><frame-no>278</frame-no>
<purge-indicator>{purge}</purge-indicator><recorded-date><date>20070320</date></recorded-date><conveyance-text>LICENSE</conveyance-text></assignment-record>
<patent-assignors><patent-assignor><name>A</name><execution-date><date>20070315</date></execution-date></patent-assignor>
<patent-assignor><name>B</name></patent-assignor></patent-assignors>
<patent-assignees><patent-assignee><name>C</name><city>HEFEI</city><country-name>CHINA</country-name></patent-assignee>
<patent-assignee><name>D</name><city>SUNNYVALE</city><state>CALIFORNIA</state></patent-assignee></patent-assignees>
<patent-properties>{properties}</patent-properties></patent-assignment>
"""
PAPER = "<document-id><country>US</country><doc-number>{number}</doc-number><kind>{kind}</kind><date>20150714</date></document-id>"


def test_the_papers_of_a_property_are_one(tmp_path: Path) -> None:
    both = "".join(
        PAPER.format(number=number, kind=kind) for number, kind in (("11726014", "X0"), ("20130267033", "A1"), ("09081044", "B2"))
    )
    properties = (
        f"<patent-property>{both}</patent-property><patent-property>{PAPER.format(number='11726015', kind='X0')}</patent-property>"
    )
    path = tmp_path / "a.xml"
    path.write_text(
        RECORD.format(purge="N", properties=properties)
        + RECORD.format(purge="Y", properties=properties)
        + RECORD.format(purge="N", properties=""),
        encoding="utf-8",
    )
    one, purged, bare = assignments(path)
    assert [(row["appno"], row["seq"], row["code"], row["contract"]) for row in one.rows["event"]] == [
        ("US11726014", "1", "licence", "019091/0278"),
        ("US11726015", "2", "licence", "019091/0278"),
    ]
    first = one.rows["event"][0]
    assert (first["giver"], first["taker"], first["taker_address"], first["taker_country"]) == (
        "A; B",
        "C; D",
        "HEFEI; SUNNYVALE, CALIFORNIA",
        None,
    )
    assert (first["effective"], first["published"]) == ("2007-03-15", "2007-03-20")
    assert [(row["appno"], row["number"], row["kind"]) for row in one.rows["publication"]] == [
        ("US11726014", "20130267033", "A1"),
        ("US11726014", "9081044", "B2"),
    ]
    assert purged.fault == "withdrawn" and (purged.text or "").startswith("019091/0278")
    assert [row["appno"] for row in bare.rows["event"]] == [None]


def test_an_answer_of_the_search_with_lists_of_unequal_length(tmp_path: Path) -> None:
    def listed(name: str, *values: str) -> str:
        return f'<arr name="{name}">' + "".join(f"<str>{value}</str>" for value in values) + "</arr>"

    path = tmp_path / "a.xml"
    path.write_text(
        '<response><result><doc><str name="reelNo">57434</str><str name="frameNo">429</str><str name="conveyanceText">MERGER</str>'
        '<date name="recordedDate">2021-06-30T04:00:00Z</date>'
        + listed("patAssignorName", "A", "B")
        + listed("patAssignorExDate", "0001-01-01T00:00:00Z")
        + listed("patAssigneeName", "C")
        + listed("patAssigneeCountryName", "NULL")
        + listed("applNum", "15356436", "15356437")
        + listed("publNum", "20170145918", "NULL")
        + listed("publDate", "2017-05-25T04:00:00Z")
        + listed("patNum", "NULL")
        + "</doc></result></response>",
        encoding="utf-8",
    )
    (one,) = answers(path)
    assert [(row["appno"], row["code"], row["contract"], row["published"], row["giver"]) for row in one.rows["event"]] == [
        ("US15356436", "merger", "057434/0429", "2021-06-30", "A; B"),
        ("US15356437", "merger", "057434/0429", "2021-06-30", "A; B"),
    ]
    assert one.rows["event"][0]["effective"] is None
    assert [(row["number"], row["published"]) for row in one.rows["publication"]] == [("20170145918", "2017-05-25")]
