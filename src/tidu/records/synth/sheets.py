"""Synthetic applications as an office's lists: incoPat's headings year by year, notices and contracts, with the dirt of such files.

Some rows lack their check digit or have a wrong one, some dates are none, some rows stand twice; dates and widths of letters
change from row to row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tidu.records.synth.loads import EVENTS

if TYPE_CHECKING:
    import duckdb

_NUMBER = "'CN' || appno || '.' || case when {check} = 10 then 'X' else cast({check} as varchar) end"
_PRINTED = f"""case wrong when 1 then 'CN' || appno when 2 then {_NUMBER.format(check="((control + 3) % 11)")}
else {_NUMBER.format(check="control")} end"""


def _date(day: str) -> str:
    """A day as a row prints it, in one of three ways."""
    return (
        f"case luck when 0 then strftime(on_day({day}), '%Y-%m-%d') when 1 then strftime(on_day({day}), '%Y%m%d')"
        f" else strftime(on_day({day}), '%Y.%m.%d') end"
    )


_TYPES = (
    "case {} when 'university' then '大专院校' when 'institute' then '科研单位' when 'person' then '个人'"
    " when 'hospital' then '医院' else '企业' end"
)
_CONTRACT = ("合同登记编号", "项目名称", "合同类别", "签订日期", "成交金额(万元)", "技术交易额(万元)")
_STATUS = "case when granted < 0 then '审中' when ended >= 0 then '失效' else '有效' end"

#: The headings of the list of patents, each with the expression of its cell over ``told``.
PATENTS: dict[str, str] = {
    "标题": "title",
    "申请号": _PRINTED,
    "申请日": f"case wrong when 3 then cast(year as varchar) || '.13.05' else {_date('filing')} end",
    "公开（公告）号": "'CN' || published_number || letter_of(type, granted >= 0, granted)",
    "公开（公告）日": _date("case when granted >= 0 then granted else published end"),
    "首次公开日": f"case wrong when 5 then {_date('filing - 100')} else {_date('published')} end",
    "授权公告日": f"coalesce({_date('granted')}, '-')",
    "专利类型": "case type when 2 then '实用新型' when 3 then '外观设计' else '发明' || if(granted >= 0, '授权', '申请') end",
    "申请人": "concat_ws('; ', applicant, co_applicant)",
    "申请人类型": f"concat_ws('; ', {_TYPES.format('applicant_type')}, case when co_city >= 0 then {_TYPES.format('co_type')} end)",
    "申请人地址": "address",
    "中国申请人地市": "vendor_city",
    "工商统一社会信用代码": "credit_code",
    "发明人": "array_to_string(inventor_names, '; ')",
    "代理机构": "agent",
    "IPC主分类": "symbols[1]",
    "IPC": "array_to_string(symbols, '; ')",
    "新兴产业分类": "emerging",
    "权利要求数量": "claims",
    "失效日": f"coalesce({_date('ended')}, '-')",
    "当前法律状态": _STATUS,
    "简单同族ID": "case when members > 0 then 'XG' || cast(number as varchar) end",
    "引证专利": "cited",
    "转让执行日": _date("transfer"),
    "转让人": "case when transfer >= 0 then concat_ws('; ', applicant, co_applicant) end",
    "受让人": "transfer_taker",
    "合享价值度": "cast(1 + text % 10 as varchar)",
}


def compose(engine: duckdb.DuckDBPyConnection) -> None:
    """Makes ``listed``: the rows of ``told`` as the list prints them."""
    cells = ", ".join(f'{cell} as "{name}"' for name, cell in PATENTS.items())
    engine.execute(
        f"create or replace temp table listed as select number, year, wrong, {cells} from told left join (select number,"
        " string_agg(cited, '; ' order by seq) as cited from cites group by number) c using (number)"
    )


def patents(year: int) -> str:
    """The query of the list's rows of one year of filing, those that stand twice once more at the end.

    >>> patents(2020).endswith("order by again, number")
    True
    """
    cells = ", ".join(f'"{name}"' for name in PATENTS)
    return (
        f"select {cells} from (select *, 0 as again from listed where year = {year}"
        f" union all select *, 1 from listed where wrong = 4 and year = {year}) order by again, number"
    )


def notices() -> Mapping[str, tuple[tuple[str, ...], str]]:
    """The lists beside that of patents: name → headings, and the query of the rows over ``told`` and ``deed``."""
    code = {one[0]: one for one in EVENTS}
    many = f"string_agg({_NUMBER.format(check='control')}, '、' order by number)"
    _, _, pledged, _, bank, amount = code["PE01"]
    return {
        "transfers": (
            ("专利号", "事务类型", "变更前权利人", "变更后权利人", "登记生效日", "公告日"),
            f"""select {_NUMBER.format(check="control")}, '专利权的转移', concat_ws('; ', applicant, co_applicant), transfer_taker,
            on_day(transfer), on_day(transfer + 14) from told where transfer >= 0 order by number""",
        ),
        "licences": (
            ("专利号", "公告类型", "合同备案号", "让与人", "受让人", "许可种类", "合同备案日期", "公告日", "许可金额(万元)"),
            f"""select {_NUMBER.format(check="control")}, '备案', {code["EE01"][2]}, applicant, licence_taker,
            pick(['普通许可', '独占许可', '排他许可'], text), on_day(licence), on_day(licence + 14),
            cast({code["EE01"][5]} / 10000 as bigint) from told where licence >= 0 order by number""",
        ),
        "pledges": (
            ("专利号", "公告类型", "质押登记号", "出质人", "质权人", "登记生效日", "公告日", "质押金额(万元)"),
            f"""select {many}, '生效', {pledged} as contract, applicant, {bank}, on_day(pledge), on_day(pledge + 14),
            cast({amount} / 10000 as bigint) from told where pledge >= 0
            group by contract, applicant, city, body, pledge
            union all select {many}, '注销', {pledged} as contract, applicant, {bank}, on_day(released), on_day(released + 14), null
            from told where released >= 0 group by contract, applicant, city, body, pledge, released order by 3, 6""",
        ),
        "open-licences": (
            ("专利号", "专利权人", "许可使用费标准", "开放许可声明生效日", "公告日"),
            f"""select {_NUMBER.format(check="control")}, applicant, '虚构：每年 ' || cast(1 + text % 9 as varchar) || ' 万元',
            on_day(open_licence), on_day(open_licence + 14) from told where open_licence >= 0 order by number""",
        ),
        "contracts": (
            (*_CONTRACT, "卖方名称", "卖方行政区划代码", "买方名称", "买方行政区划代码", "技术领域"),
            """select number, title, pick(['技术开发', '技术转让', '技术许可', '技术咨询', '技术服务'], class_at), signed,
            amount // 10000, technical // 10000, seller, seller_place, buyer, buyer_place, field from deed order by serial""",
        ),
    }
