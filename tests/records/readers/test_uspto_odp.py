"""File wrappers as JSON, on small ones made for the test (synthetic): the present form, and what is no wrapper."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tidu.records.readers.uspto_odp import _rows, wrappers

WRAPPER: dict[str, Any] = {
    "applicationNumberText": "14000001",
    "applicationMetaData": {
        "nationalStageIndicator": False,
        "applicationTypeCode": "UTL",
        "applicationTypeLabelName": "Utility",
        "filingDate": "2013-12-12",
        "grantDate": "2016-06-07",
        "patentNumber": "9000001",
        "earliestPublicationNumber": "US 2014-0000001 A1",
        "earliestPublicationDate": "2014-06-19",
        "inventionTitle": 'A } thing \\ with "marks"',
        "applicationStatusDescriptionText": "Patented Case",
        "class/subclass": "257/197000",
        "cpcClassificationBag": ["H04L  67/1069", 7],
        "applicantBag": [
            {"applicantNameText": "Anhui A Co.", "correspondenceAddressBag": [{"cityName": "Hefei", "countryCode": "CN"}]}
        ],
        "inventorBag": [{"firstName": "Wei", "lastName": "Li", "inventorNameText": "Wei Li"}],
    },
    "foreignPriorityBag": [{"ipOfficeName": "CHINA", "filingDate": "2012-12-19", "applicationNumberText": "201210000001.1"}],
    "parentContinuityBag": [
        {"claimParentageTypeCode": "CON", "parentApplicationNumberText": "13000001", "parentApplicationFilingDate": "2012-05-23"}
    ],
    "assignmentBag": [
        {
            "reelNumber": "60620",
            "frameNumber": "769",
            "conveyanceText": "SECURITY INTEREST",
            "assignmentRecordedDate": "2022-07-11",
            "assignorBag": [{"assignorName": "A", "executionDate": "2022-06-30"}],
            "assigneeBag": [{"assigneeNameText": "B", "assigneeAddress": {"cityName": "GENEVA", "countryName": "SWITZERLAND"}}],
        }
    ],
    "eventDataBag": [{"eventCode": "PGM/", "eventDescriptionText": "Grant mailed", "eventDate": "2016-06-07"}],
    "recordAttorney": {
        "attorneyBag": [{"attorneyAddressBag": [{"nameLineOneText": "FIRM LLP"}]}, {"firstName": "Ann", "lastName": "Ray"}]
    },
}


def test_the_present_form(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        json.dumps({"count": 1, "patentFileWrapperDataBag": [WRAPPER], "facets": [{"x": 1}]}, indent=1), encoding="utf-8"
    )
    (one,) = wrappers(path)
    (patent,) = one.rows["patent"]
    assert (patent["appno"], patent["kind"], patent["route"], patent["granted"]) == (
        "US14000001",
        "invention",
        "national",
        "2016-06-07",
    )
    assert (patent["earliest_priority"], patent["first_publication"], patent["status"]) == (
        "2012-05-23",
        "2014-06-19",
        "Patented Case",
    )
    assert [(row["number"], row.get("kind")) for row in one.rows["publication"]] == [("20140000001", "A1"), ("9000001", None)]
    assert [(row["authority"], row["number"]) for row in one.rows["priority"]] == [("CN", "201210000001.1"), ("US", "13000001")]
    assert [(row["role"], row["name"], row.get("country")) for row in one.rows["party"]] == [
        ("applicant", "Anhui A Co.", "CN"),
        ("inventor", "Li, Wei", None),
        ("agent", "FIRM LLP", None),
        ("agent", "Ray, Ann", None),
    ]
    assert [(row["code"], row.get("contract"), row["effective"], row.get("taker_country")) for row in one.rows["event"]] == [
        ("security_interest", "060620/0769", "2022-06-30", "CH"),
        ("PGM/", None, "2016-06-07", None),
    ]
    assert [row["symbol"] for row in one.rows["class"]] == ["H04L67/1069", "257/197000"] and one.line == 4


def test_many_answers_broken_wrappers_and_a_file_that_ends_early(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    deep = b'{"a":' * 20_000 + b"1" + b"}" * 20_000
    path.write_bytes(
        b'{"patentBag": [{"applicationNumberText": "14000001"}, {"a": nan,}]}\n{"patentBag": []}\n'
        + b'{"patentFileWrapperDataBag": ['
        + deep
        + b', {"applicationNumberText": "14000002"}, {"applicationNumberText": "1400'
    )
    found = list(wrappers(path))
    assert [one.fault for one in found] == [None, "broken", "broken", None, "broken"]
    assert [one.rows["patent"][0]["appno"] for one in found if one.fault is None] == ["US14000001", "US14000002"]
    assert [one.line for one in found] == [1, 1, 3, 3, 3]
    (tmp_path / "b.json").write_bytes(b"")
    assert list(wrappers(tmp_path / "b.json")) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*sorted(WRAPPER), "cityName", "assigneeBag"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*WRAPPER, *WRAPPER["applicationMetaData"]]), JSON, max_size=6))
def test_fields_of_any_shape_are_read_without_a_fall(whole: dict[str, Any]) -> None:
    rows = _rows(whole)
    values = [value for table in rows.values() for row in table for value in row.values()]
    assert len(rows["patent"]) == 1 and all(value is None or isinstance(value, str) for value in values)
