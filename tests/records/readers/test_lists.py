"""Lists of any encoding and line end give the same rows; cells that hold several values are parted side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from tidu.core.errors import DataError
from tidu.records.profiles import profile
from tidu.records.readers.lists import headings, stage
from tidu.records.staging import Staging

HEAD = ["申请号", "公开（公告）号", "标题", "申请人", "申请日", "合享价值度", "转让执行日", "转让人", "受让人", "IPC"]
#: Synthetic: the number is of no patent.
ROW = [
    "CN202010000001.1",
    "CN111000001A",
    "一种装置",
    "甲公司; 乙大学",
    "2020.01.05",
    "9",
    "2021-01-01; 2022-02-02",
    "甲公司; 丙",
    "丙; 丁",
    "A61N5/00; G06F1/00",
]


def staged(path: Path, folder: Path) -> Staging:
    folder.mkdir()
    staging = Staging(folder)
    stage(path, profile("incopat"), staging)
    return staging


def check(staging: Staging) -> None:
    run = staging.engine.execute
    assert run("select appno, title, filing from staged_patent").fetchall() == [("202010000001.1", "一种装置", "2020-01-05")]
    assert run("select role, seq, name from staged_party order by all").fetchall() == [
        ("applicant", "1", "甲公司"),
        ("applicant", "2", "乙大学"),
    ]
    assert run("select code, effective, giver, taker from staged_event order by effective").fetchall() == [
        ("TR01", "2021-01-01", "甲公司", "丙"),
        ("TR01", "2022-02-02", "丙", "丁"),
    ]
    assert run("select seq, symbol from staged_class order by seq").fetchall() == [("1", "A61N5/00"), ("2", "G06F1/00")]
    staging.close()


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [",", "\t"])
def test_a_list_of_any_encoding(name: str, end: str, mark: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("".join(mark.join(row) + end for row in (HEAD, ROW)).encode(name))
    if name != "utf-16":
        assert headings(path) == HEAD
    check(staged(path, tmp_path / "w"))


def test_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((["合成示例"], HEAD, [], ROW)):
            sheet.write_row(at, 0, row)
    assert headings(path)[:2] == HEAD[:2]
    staging = staged(path, tmp_path / "w")
    assert staging.blank == 1
    check(staging)


def test_lines_of_another_width_are_kept_with_their_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([",".join(HEAD), ",".join(ROW), "x,y", 'a,"b', ",".join(ROW) + ",more"]) + "\n", encoding="utf-8")
    staging = staged(path, tmp_path / "w")
    assert staging.engine.execute("select line, fault from source order by record").fetchall() == [
        (2, None),
        (3, "fields"),
        (4, "broken"),
    ]
    staging.close()


def test_a_file_without_headings_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        staged(path, tmp_path / "w")
    assert caught.value.code == "list_headings"


def made(text: str, folder: Path, code: str, name: str = "a.csv") -> Staging:
    """A list of a few synthetic lines, staged as a profile says."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    work = folder / f"w-{code}"
    work.mkdir()
    staging = Staging(work)
    stage(path, profile(code), staging)
    return staging


def rows(staging: Staging, query: str) -> list[tuple[object, ...]]:
    return staging.engine.execute(query).fetchall()


#: Synthetic lines under the real headings: no line is of a real patent, contract or firm.
CNIPR = """\
申请号,申请日,公开（公告）号,公开（公告）日,申请（专利权）人,发明（设计）人,分类号,主分类号,优先权,\
专利代理机构,代理人,地址,国省代码,名称,最新法律状态,专利权状态
CN202010000001.1,2020.01.05,CN111000001A,2020.07.10,合成甲公司;合成乙大学,张三;李四,A61N5/00(2006.01);G06F1/00,A61N5/00,\
2019.02.03 US 62/800001,合成代理,王五,310000 合成路1号,CN330100,一种装置,公开,审中
CN202010000001.1,2020.01.05,CN111000001B,2022.03.04,合成甲公司,张三,A61N5/00,A61N5/00,,\
合成代理,王五,310000 合成路1号,CN330100,一种装置,授权,有权
CN202030000002.7,2020.01.06,CN306000002S,2020.08.11,合成甲公司,张三,06-04,06-04,,,,,,桌子,授权,有权
"""


def test_a_cnipr_export_has_two_lines_for_a_granted_invention(tmp_path: Path) -> None:
    staging = made(CNIPR, tmp_path, "cnipr")
    assert rows(staging, "select appno, kind, route, filing, earliest_priority, first_publication, granted from staged_patent") == [
        ("202010000001.1", "invention", "national", "2020-01-05", "2019-02-03", "2020-07-10", None),
        ("202010000001.1", "invention", "national", "2020-01-05", "2020-01-05", "2022-03-04", "2022-03-04"),
        ("202030000002.7", "design", "national", "2020-01-06", "2020-01-06", "2020-08-11", "2020-08-11"),
    ]
    assert rows(staging, "select number, kind, published from staged_publication") == [
        ("111000001", "A", "2020-07-10"),
        ("111000001", "B", "2022-03-04"),
        ("306000002", "S", "2020-08-11"),
    ]
    assert rows(staging, "select authority, number, claimed from staged_priority") == [("US", "62/800001", "2019-02-03")]
    assert rows(staging, "select scheme, seq, symbol from staged_class where record in (1, 3) order by record, seq") == [
        ("ipc", "1", "A61N5/00"),
        ("ipc", "2", "G06F1/00"),
        ("locarno", "1", "06-04"),
    ]
    staging.close()


PATSNAP = [
    ["公开(公告)号", "申请号", "标题", "[标]当前申请(专利权)人", "[标]原始申请(专利权)人", "原始申请(专利权)人",
     "原始申请(专利权)人地址", "当前申请(专利权)人地市", "发明人", "IPC分类号", "简单法律状态", "受理局", "申请日", "授权日"],
    ["CN111000001B", "CN202010000001.1", "一种装置", "合成丙公司", "合成甲公司 | 合成乙大学", "合成甲公司(中国) | 合成乙大学",
     "合成路1号 | 合成路2号", "杭州市", "CAO, KAI | 李四", "A61N5/00 | G06F1/00", "有效", "中国", "2020-01-05", "2022-03-04"],
    ["US20200000001A1", "US16/700001", "Device", "Synthetic, Inc.", "Synthetic, Inc.", "Synthetic, Inc.", "1 Street",
     "-", "DOE, JANE", "A61N5/00", "审中", "美国", "2020-01-05", "-"],
]  # fmt: skip


def test_a_patsnap_workbook_is_never_split_on_commas_and_its_sheet_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("说明").write_row(0, 0, ["a", "b"])
        sheet = book.add_worksheet("专利数据")
        for at, row in enumerate(PATSNAP):
            sheet.write_row(at, 0, row)
    assert profile("patsnap").fits(headings(path)) == len(PATSNAP[0])
    (tmp_path / "w").mkdir()
    staging = Staging(tmp_path / "w")
    stage(path, profile("patsnap"), staging)
    assert rows(staging, "select appno, authority, title, granted, status from staged_patent") == [
        ("202010000001.1", "CN", "一种装置", "2022-03-04", "有效"),
        ("US16700001", "US", "Device", None, "审中"),
    ]
    assert rows(staging, "select authority, number, kind from staged_publication") == [
        ("CN", "111000001", "B"),
        ("US", "20200000001", "A1"),
    ]
    assert rows(
        staging, "select role, seq, name, name_standard, address from staged_party where record = 1 order by role, seq"
    ) == [
        ("applicant", "1", "合成甲公司(中国)", "合成甲公司", "合成路1号"),
        ("applicant", "2", "合成乙大学", "合成乙大学", "合成路2号"),
        ("assignee", "1", "合成丙公司", "合成丙公司", None),
        ("inventor", "1", "CAO, KAI", None, None),
        ("inventor", "2", "李四", None, None),
    ]
    staging.close()


def test_a_file_of_a_year_repeats_its_heading(tmp_path: Path) -> None:
    head = (
        "专利名称,专利类型,申请人,申请人类型,申请人地址,申请人地区,申请人城市,申请人区县,申请号,申请日,申请年份,"
        "公开公告号,公开公告日,授权公告号,授权公告日,IPC分类号"
    )
    line = (
        "一种装置,发明授权,合成甲公司,企业,合成路1号,浙江省,杭州市,西湖区,CN202010000001.1,2020-01-05,2020,"
        "CN111000001A,2020-07-10,CN111000001B,2022-03-04,A61N5/00"
    )
    staging = made(f"{head}\n{line}\n{head}\n", tmp_path, "cn_years")
    assert staging.blank == 1
    assert rows(staging, "select number, kind, published from staged_publication order by kind") == [
        ("111000001", "A", "2020-07-10"),
        ("111000001", "B", "2022-03-04"),
    ]
    assert rows(staging, "select printed_province, printed_city, printed_county, type from staged_party") == [
        ("浙江省", "杭州市", "西湖区", "企业")
    ]
    staging.close()


def test_contracts_count_in_yuan_and_only_where_the_heading_names_the_unit(tmp_path: Path) -> None:
    text = (
        "合同登记编号,项目名称,合同类别,签订日期,成交金额(万元),技术交易额（元）,卖方名称,卖方行政区划代码,买方名称,买方行政区划代码,买方国别\n"
        '2021330102000001,合成项目,技术许可,2021-03-01,"1,234.56",12000000,合成甲公司,330100,合成乙公司,3201,156\n'
        "20330102000001,合成项目,技术入股,2020-03-01,面议,,合成甲公司,330100,合成乙公司,320100,156\n"
    )
    staging = made(text, tmp_path, "cn_contracts")
    assert rows(
        staging, "select number, class, signed, amount, technical_amount, seller_place, buyer_country from staged_contract"
    ) == [
        ("2021330102000001", "licence", "2021-03-01", "12345600.0", "12000000.0", "330100", "156"),
        ("20330102000001", "技术入股", "2020-03-01", "面议", None, "330100", "156"),
    ]
    (tmp_path / "b").mkdir()
    bare = made(text.replace("成交金额(万元)", "成交金额"), tmp_path / "b", "cn_contracts")
    assert rows(bare, "select amount from staged_contract") == [(None,), (None,)]
    staging.close()
    bare.close()


def test_a_declaration_and_its_withdrawal(tmp_path: Path) -> None:
    text = (
        "专利号,专利名称,专利权人,许可使用费标准,支付方式,许可期限,声明类型,开放许可声明公告日\n"
        "ZL202010000001.1,一种装置,合成乙大学,每年1万元,一次付清,2022-01-01至2025-01-01,开放许可声明,2022.02.01\n"
        "ZL202010000001.1,一种装置,合成乙大学,,,,撤回,2023.02.01\n"
    )
    staging = made(text, tmp_path, "cn_open_licence")
    assert rows(staging, "select appno, code, effective, published, giver, detail from staged_event") == [
        (
            "202010000001.1",
            "OL01",
            None,
            "2022-02-01",
            "合成乙大学",
            "许可使用费标准: 每年1万元\n支付方式: 一次付清\n许可期限: 2022-01-01至2025-01-01",
        ),
        ("202010000001.1", "OL02", None, "2023-02-01", "合成乙大学", None),
    ]
    staging.close()


def test_one_pledge_of_two_patents_is_two_rows_of_one_contract(tmp_path: Path) -> None:
    text = (
        "登记号,登记生效日,出质人,质权人,专利号,质押金额(万元),公告类型\n"
        "Y2023330000001,2023.05.06,合成甲公司、合成乙公司,合成银行,ZL202010000001.1；ZL202020000003.X,500,质押生效\n"
    )
    staging = made(text, tmp_path, "cn_pledges")
    assert rows(staging, "select appno, code, effective, contract, giver, taker, amount, seq from staged_event order by seq") == [
        ("202010000001.1", "PE01", "2023-05-06", "Y2023330000001", "合成甲公司、合成乙公司", "合成银行", "5000000.0", "1"),
        ("202020000003.X", "PE01", "2023-05-06", "Y2023330000001", "合成甲公司、合成乙公司", "合成银行", "5000000.0", "2"),
    ]
    staging.close()


@pytest.mark.parametrize(
    ("code", "text", "event"),
    [
        (
            "cn_licences",
            "合同备案号,让与人,受让人,许可种类,备案日期,专利号\n2023330000009,合成乙大学,合成甲公司,独占许可,20230708,202010000001.1\n",
            ("202010000001.1", "EE01", "2023-07-08", "2023330000009", "合成乙大学", "合成甲公司", "许可种类: 独占许可"),
        ),
        (
            "cn_transfers",
            "专利号,变更前权利人,变更后权利人,登记生效日,公告类型\n202010000001.1,合成乙大学,合成甲公司,2023年7月8日,专利权的转移\n",
            ("202010000001.1", "TR01", "2023-07-08", None, "合成乙大学", "合成甲公司", None),
        ),
    ],
)
def test_notices_of_licences_and_transfers(code: str, text: str, event: tuple[object, ...], tmp_path: Path) -> None:
    staging = made(text, tmp_path, code)
    assert rows(staging, "select appno, code, effective, contract, giver, taker, detail from staged_event") == [event]
    staging.close()


def test_parallel_lists_that_are_not_of_one_length_are_not_parted(tmp_path: Path) -> None:
    text = "\n".join(",".join(one) for one in (HEAD, [*ROW[:6], "2021-01-01", "甲公司; 乙", "丙; 丁", ROW[9]]))
    staging = made(text, tmp_path, "incopat")
    assert rows(staging, "select effective, giver, taker from staged_event") == [("2021-01-01", "甲公司; 乙", "丙; 丁")]
    staging.close()


@pytest.mark.parametrize("name", ["patent", "publication"])
def test_an_incopat_line_of_another_office_has_a_key_of_letters_and_digits(name: str, tmp_path: Path) -> None:
    text = "\n".join(",".join(one) for one in (HEAD, ["US16/700,001".replace(",", ""), "US20200000001A1", *ROW[2:]]))
    staging = made(text, tmp_path, "incopat")
    assert rows(staging, f"select appno, authority from staged_{name}") == [("US16700001", "US")]
    staging.close()


def test_a_workbook_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK no workbook")
    with pytest.raises(DataError) as caught:
        headings(path)
    assert caught.value.code == "workbook_unreadable"
