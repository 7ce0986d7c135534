"""Legal-status records become events; what only the free text says is read by its keys, and unknown codes stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidu.records.load import read
from tidu.records.readers.legal_status import fields, iso, records
from tidu.records.sources import recognised
from tidu.records.store import Store

#: Synthetic: the layout is the documented one, the numbers, names and dates are of nobody.
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><business:PRSRecords xmlns:business="http://www.sipo.gov.cn/XMLSchema/business"'
    ' xmlns:base="http://www.sipo.gov.cn/XMLSchema/base">'
)


def record(code: str, text: str, status: str = "C", number: str = "202010000001.1") -> str:
    return (
        f'<business:PRSRecord PRSID="1" status="{status}">'
        '<business:ApplicationReference applType="10" dataFormat="standard" sequence="1"><base:DocumentID>'
        "<base:WIPOST3Code>CN</base:WIPOST3Code><base:DocNumber>102020000000001</base:DocNumber><base:Date>20200105</base:Date>"
        "</base:DocumentID></business:ApplicationReference>"
        '<business:ApplicationReference applType="10" dataFormat="original" sequence="1" sourceDB="CN"><base:DocumentID>'
        f"<base:WIPOST3Code>CN</base:WIPOST3Code><base:DocNumber>{number}</base:DocNumber><base:Date>20200105</base:Date>"
        "</base:DocumentID></business:ApplicationReference>"
        "<business:IPRType>10</business:IPRType>"
        "<business:PRSPublicationDate><base:Date>20230530</base:Date></business:PRSPublicationDate>"
        f"<business:PRSCode>{code}</business:PRSCode><business:PRSValue>合成事务</business:PRSValue>"
        f"<business:PRSInformation>{text}</business:PRSInformation><business:StatusIndicator>0</business:StatusIndicator>"
        "</business:PRSRecord>"
    )


def event(tmp_path: Path, code: str, text: str) -> dict[str, str | None]:
    path = tmp_path / "a.xml"
    path.write_text(f"{HEAD}{record(code, text)}</business:PRSRecords>", encoding="utf-8")
    return next(records(path)).rows["event"][0]


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        (
            "PE01",
            "登记号:Y2023330000001\n登记生效日:20230506\n出质人:合成甲公司\n质权人:合成银行\n发明名称:一种装置",
            ("2023-05-06", "Y2023330000001", "合成甲公司", "合成银行"),
        ),
        (
            "PC01",
            "登记号:Y2023330000001\n出质人:合成甲公司\n质权人:合成银行\n解除日:20240506",
            ("2024-05-06", "Y2023330000001", "合成甲公司", "合成银行"),
        ),
        (
            "EE01",
            "合同备案号:2023330000009 让与人:合成乙大学 受让人:合成甲公司 许可种类:独占许可 备案日期:20230708",
            ("2023-07-08", "2023330000009", "合成乙大学", "合成甲公司"),
        ),
        (
            "TR01",
            "登记生效日:20230708\n变更事项:专利权人\n变更前权利人:合成乙大学\n变更后权利人:合成甲公司\n变更事项:地址\n变更前:甲路\n变更后:乙路",
            ("2023-07-08", None, "合成乙大学", "合成甲公司"),
        ),
        ("IP01", "决定号:50001\n决定日:2023年2月3日", ("2023-02-03", None, None, None)),
        ("ZZ99", "没有人认识的事务：原文照留", (None, None, None, None)),
    ],
)
def test_an_event_by_hand(code: str, text: str, said: tuple[str | None, ...], tmp_path: Path) -> None:
    row = event(tmp_path, code, text)
    assert (row["appno"], row["code"], row["published"], row["detail"]) == ("202010000001.1", code, "2023-05-30", text)
    assert (row["effective"], row["contract"], row["giver"], row["taker"]) == said


def test_an_address_that_changes_is_no_party(tmp_path: Path) -> None:
    row = event(tmp_path, "CP02", "变更事项:地址\n变更前:甲路1号\n变更后:乙路2号")
    assert (row["giver"], row["taker"]) == (None, None)


def test_a_line_that_begins_with_no_key_goes_on() -> None:
    assert fields("出质人:合成甲\n公司\n质权人:乙:银行") == {"出质人": ["合成甲 公司"], "质权人": ["乙:银行"]}
    assert fields("合同备案号:1让与人:甲受让人:乙") == {"合同备案号": ["1"], "让与人": ["甲"], "受让人": ["乙"]}
    assert fields("") == {} and iso(None) is None


def test_a_file_of_records_balances_and_what_is_withdrawn_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    body = [
        record("GR01", "授权"),
        record("GR01", "授权"),
        record("CF01", "终止日期:20230105", "D"),
        record("TR01", "x", number="2.02E+11"),
    ]
    path.write_text(HEAD + "".join(body) + "<business:PRSRecord>", encoding="utf-8")
    assert recognised(path).code == "cnipa_legal_status"
    account = read([path], Store(tmp_path / "s"))[0]
    assert (account.read, account.good, account.repeats, account.quarantined) == (5, 1, 1, 3)
    assert {code: account.reasons[code] for code in ("withdrawn", "event_number_form", "broken")} == {
        "withdrawn": 1,
        "event_number_form": 1,
        "broken": 1,
    }
