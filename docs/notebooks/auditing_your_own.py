import marimo

__generated_with = "0.25.2"

app = marimo.App(width="medium", app_title="Auditing an index of your own · 审查自己的指数")


@app.cell
def _():
    import tempfile
    from pathlib import Path

    import marimo as mo
    import numpy as np

    import tidu
    from tidu.diagnosis.audit.remarks import audit
    from tidu.diagnosis.geography.gradient import gradient
    from tidu.diagnosis.geography.verdict import verdicts
    from tidu.index.framework import Framework
    from tidu.index.intervals import intervals
    from tidu.publish import charts

    return Framework, Path, audit, charts, gradient, intervals, mo, np, tempfile, tidu, verdicts


@app.cell
def _(mo):
    lang = mo.ui.radio({"中文": "zh", "English": "en"}, value="中文", label="语言 · Language", inline=True)
    lang
    return (lang,)


@app.cell
def _(lang, mo):
    def say(zh, en):
        """The text of the language that is chosen."""
        return mo.md(zh if lang.value == "zh" else en)

    return (say,)


@app.cell
def _(say):
    say(
        """
        # 审查自己的指数

        指数是一个文件，数据是一张表。这里的数字是**合成的**（虚构）；上传自己的 CSV、改写下面的文件，即可换成自己的。
        """,
        """
        # Auditing an index of your own

        An index is a file, its figures a table. The figures here are **synthetic**; upload your own CSV and rewrite the file below
        to put yours in their place.
        """,
    )
    return


@app.cell
def _(mo):
    written = mo.ui.code_editor(
        value="""[index]
code = "demo"
title = { zh = "示例指数（合成数据）", en = "Example index (synthetic figures)" }
[treat]
method = "winsorise"
otherwise = "log"
[normalise]
onto = [1, 100]
[pillar.output]
label = { zh = "产出", en = "Output" }
[pillar.flow]
label = { zh = "流动", en = "Flow" }
[indicator.grants]
label = { zh = "授权", en = "Grants" }
parent = "output"
better = "higher"
lever = false
[indicator.marks]
label = { zh = "商标", en = "Marks" }
parent = "output"
better = "higher"
[indicator.contracts]
label = { zh = "技术合同", en = "Contracts" }
parent = "flow"
better = "higher"
[indicator.licences]
label = { zh = "许可", en = "Licences" }
parent = "flow"
better = "higher"
[uncertain.mean]
label = { zh = "合成方式", en = "way of joining" }
address = "aggregate.method"
among = ["arithmetic", "geometric"]
[uncertain.weights]
label = { zh = "权重 ±25%", en = "weights ±25 %" }
address = "pillar.*.weight"
spread = 0.25
[uncertain.left_out]
label = { zh = "剔除一项", en = "one left out" }
drop = "indicator.*"
""",
        language="toml",
        max_height=320,
    )
    upload = mo.ui.file(filetypes=[".csv"], label="CSV")
    mo.vstack([upload, written])
    return upload, written


@app.cell
def _(Path, np, tempfile, upload):
    # Your table, or forty made-up cities whose scores fall with the distance to the coast.
    source = Path(tempfile.mkdtemp()) / "table.csv"
    if upload.value:
        source.write_bytes(upload.contents())
    else:
        rng = np.random.default_rng(7)
        away = np.round(rng.uniform(0, 1500, 40))
        common = rng.normal(size=40) - 0.003 * away
        figures = np.exp(0.8 * common[:, None] + 0.5 * rng.normal(size=(40, 4)))
        lines = ["unit,name_zh,name_en,year,region4,distance_to_coast_km,grants,marks,contracts,licences"]
        for at, (km, row) in enumerate(zip(away, figures, strict=True), start=1):
            region = ("东部", "中部", "西部")[int(km // 500.01)]
            cells = ",".join(f"{cell:.4f}" for cell in row)
            lines.append(f"c{at:02d},合成城市 {at},Made-up city {at},2024,{region},{km:.0f},{cells}")
        source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return (source,)


@app.cell
def _(Framework, source, tidu, written):
    framework = Framework.parse(written.value)
    panel = tidu.read_panel(source)
    index = tidu.build(framework, panel)
    return framework, index, panel


@app.cell
def _(index, intervals):
    # Over the file's own uncertain factors, or assumed ones where it names none.
    sure = intervals(index, draws=512)
    found = sure.found
    return found, sure


@app.cell
def _(index, lang, mo, say, sure):
    heads = {"zh": ("位次", "单位", "区间上端", "区间下端", "得分"), "en": ("rank", "unit", "best", "worst", "score")}[lang.value]
    ranges = sure.rows()
    rows = [
        (rank, index.panel.name(unit, lang.value), round(ranges[unit]["best"]), round(ranges[unit]["worst"]), round(score, 2))
        for unit, rank, score in index.top(len(index.units))
    ]
    mo.vstack(
        [
            say(f"## 1 {index.framework.title('zh')}", f"## 1 {index.framework.title('en')}"),
            mo.ui.table([dict(zip(heads, row, strict=True)) for row in rows], page_size=8, selection=None),
        ]
    )
    return


@app.cell
def _(audit, index, lang, mo, say):
    findings = audit(index)
    mo.vstack(
        [
            say(
                "## 2 统计审计会指出什么\n\n重的在前，每条附改法。",
                "## 2 What an auditor remarks on\n\nThe gravest first, each with what to do.",
            ),
            mo.md("\n".join(f"- {finding.text(lang.value)}" for finding in findings) or "—"),
        ]
    )
    return (findings,)


@app.cell
def _(charts, index, lang):
    together = charts.correlation_map(index, lang=lang.value)
    together
    return (together,)


@app.cell
def _(found, say):
    say(
        f"## 3 名次有多确定\n\n{found.draws} 个方法设定点下，每个单位取得各位次的频率；颜色越深越常见。",
        f"## 3 How sure ranks are\n\nHow often each unit takes each rank at {found.draws} specifications; darker is more often.",
    )
    return


@app.cell
def _(charts, found, index, lang):
    shares = charts.acceptability_map(index, found.acceptability(), n=12, lang=lang.value)
    shares
    return (shares,)


@app.cell
def _(index, lang, mo, say):
    names = {index.panel.name(unit, lang.value): unit for unit, _, _ in index.top(len(index.units))}
    table = index.framework.table.indicator
    levers = {index.framework.label(code, lang.value): code for code in table if table[code].lever is not False}
    unit = mo.ui.dropdown(names, value=list(names)[len(names) // 2], label="单位 · Unit")
    lever = mo.ui.dropdown(levers, value=next(iter(levers)), label="指标 · Indicator")
    mo.vstack(
        [
            say("## 4 一项指标能带来多少\n\n别的都不动。", "## 4 What one indicator brings\n\nAll else still."),
            mo.hstack([unit, lever], justify="start"),
        ]
    )
    return lever, unit


@app.cell
def _(charts, index, lang, lever, unit):
    gained = charts.gain_curve(index, unit.value, lever.value, lang.value)
    gained
    return (gained,)


@app.cell
def _(gradient, index, lang, mo, say, tidu, verdicts):
    # Needs a column distance_to_coast_km, or six-digit codes of cities that the gazetteer knows.
    try:
        tested = gradient(index, permutations=499)
        told = next(one for one in verdicts(tested) if one.node == index.framework.code).text(lang.value)
    except tidu.TiduError as refused:
        tested, told = None, refused.text(lang.value)
    mo.vstack([say("## 5 由海向内", "## 5 From the coast"), mo.md(told)])
    return (tested,)


@app.cell
def _(charts, lang, tested):
    slope = None if tested is None else charts.gradient_scatter(tested, lang=lang.value)
    slope
    return (slope,)


if __name__ == "__main__":
    app.run()
