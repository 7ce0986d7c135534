import marimo

__generated_with = "0.25.2"

app = marimo.App(width="medium", app_title="Reading an index · 读懂一个指数")


@app.cell
def _():
    import marimo as mo

    from tidu import app as house
    from tidu.diagnosis.explanation.contribution import gap_parts
    from tidu.diagnosis.geography.gradient import gradient
    from tidu.diagnosis.geography.verdict import verdicts
    from tidu.diagnosis.movement.what_if import Scenario, what_if
    from tidu.publish import charts

    return Scenario, charts, gap_parts, gradient, house, mo, verdicts, what_if


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
        # 读懂一个指数

        先看名次有多确定，再看差距从何而来，最后看什么会让它移动。指向图中的点和条，可以看到数值。
        """,
        """
        # Reading an index

        First how sure a rank is, then what a gap is made of, then what would move it. Point at dots and bars to read their numbers.
        """,
    )
    return


@app.cell
def _(house):
    # The shipped index: 297 cities, basic indicators of the yearbooks, and 256 other specifications beside it.
    edition = house.edition("city-ip-core", draws=256)
    index, sure = edition.index, edition.sure
    return edition, index, sure


@app.cell
def _(edition, index, say, sure):
    say(
        f"""
        ## 1 名次与方法区间

        《{edition.title("zh")}》，{index.periods[-1]} 年，{index.scored()} 个城市。换一种同样说得通的方法，名次就会变：
        **方法区间**是 {sure.found.draws} 个方法设定点中 {sure.level:.0%} 的位次，不是抽样的置信区间。
        同一**并列组**之内，先后不能确定。
        """,
        f"""
        ## 1 Ranks and their range

        {edition.title("en")}, {index.periods[-1]}, {index.scored()} cities. Another method, just as sensible, gives other ranks:
        the **specification range** holds {sure.level:.0%} of the ranks at {sure.found.draws} specifications; it is no confidence
        interval of a sample. Inside a **tie group** the order is not decided.
        """,
    )
    return


@app.cell
def _(edition, lang, mo):
    heads = {
        "zh": ("位次", "城市", "区间上端", "区间下端", "并列组", "前十占比", "得分"),
        "en": ("rank", "city", "best", "worst", "tie group", "P(top ten)", "score"),
    }[lang.value]
    keys = ("rank", f"name_{lang.value}", "best", "worst", "tie_group", "top_ten", "score")
    ranking = [dict(zip(heads, (row[key] for key in keys), strict=True)) for row in edition.ranking() if row["rank"] is not None]
    formats = {heads[2]: "{:.0f}", heads[3]: "{:.0f}", heads[5]: "{:.0%}", heads[6]: "{:.2f}"}
    mo.ui.table(ranking, page_size=10, selection=None, format_mapping=formats)
    return (ranking,)


@app.cell
def _(charts, index, lang, sure):
    ranks = charts.rank_ranges(index, sure, n=20, lang=lang.value)
    ranks
    return (ranks,)


@app.cell
def _(edition, lang, mo):
    names = {f"{edition.name(unit, lang.value)} ({unit})": unit for unit in edition.units}
    city = mo.ui.dropdown(names, value=next(key for key, unit in names.items() if unit == "330800"), label="城市 · City")
    other = mo.ui.dropdown(names, value=next(key for key, unit in names.items() if unit == "330300"), label="对照 · Beside")
    return city, other


@app.cell
def _(city, mo, other, say):
    mo.vstack(
        [
            say("## 2 一个城市\n\n选一个城市，再选一个对照。", "## 2 One city\n\nChoose a city, and one beside it."),
            mo.hstack([city, other], justify="start"),
        ]
    )
    return


@app.cell
def _(charts, city, index, lang, sure):
    over_the_years = charts.history(index, city.value, lang=lang.value, sure=sure)
    over_the_years
    return (over_the_years,)


@app.cell
def _(city, edition, gap_parts, index, other, say):
    gap = gap_parts(index, city.value, other.value)
    here, there = ({tongue: edition.name(one.value, tongue) for tongue in ("zh", "en")} for one in (city, other))
    say(
        f"{here['zh']}与{there['zh']}相差 **{gap.total:+.2f}** 分。每一条是一项指标的贡献，相加正好等于差距。",
        f"{here['en']} stands **{gap.total:+.2f}** points from {there['en']}. Each bar is what an indicator adds; together "
        "they make the gap exactly.",
    )
    return (gap,)


@app.cell
def _(charts, gap, index, lang):
    parts = charts.waterfall(index, gap, lang.value, most=10, leaves=True)
    parts
    return (parts,)


@app.cell
def _(charts, city, index, lang, other):
    side_by_side = charts.dumbbell(index, city.value, other.value, lang.value)
    side_by_side
    return (side_by_side,)


@app.cell
def _(say):
    say(
        """
        ## 3 什么会让它移动

        只动一项指标、别的都不动，从今天的数值到已有城市的最好数值，得分各涨多少。申请量和授权量不是杠杆，不在其列。
        """,
        """
        ## 3 What would move it

        One indicator alone, all else still, from today's figure to the best one seen in any city. Counts of applications and grants
        are no levers and are not among them.
        """,
    )
    return


@app.cell
def _(index, lang, mo):
    table = index.framework.table.indicator
    levers = {index.framework.label(code, lang.value): code for code in index.framework.leaves if table[code].lever is not False}
    lever = mo.ui.dropdown(
        levers, value=next(key for key, code in levers.items() if code == "sci_expenditure_share"), label="指标 · Indicator"
    )
    lever
    return (lever,)


@app.cell
def _(charts, city, index, lang, lever):
    gained = charts.gain_curve(index, city.value, lever.value, lang.value)
    gained
    return (gained,)


@app.cell
def _(Scenario, city, edition, index, say, what_if):
    # Put values at addresses of the index file, build again, compare.
    scenario = Scenario("geometric", {}, ("aggregate.method=geometric", "normalise.onto=[1, 100]"))
    compared = what_if(index.framework, index.panel, [scenario], base=index)
    moved = compared.outcomes[0].index.rank()[city.value]
    own = next(row for row in edition.ranking() if row["unit"] == city.value)
    say(
        f"改用几何平均再算一遍：{edition.name(city.value, 'zh')}从第 **{own['rank']}** 位到第 **{moved}** 位"
        f"（方法区间 {own['best']:.0f}–{own['worst']:.0f}）。",
        f"Built again with a geometric mean: {edition.name(city.value, 'en')} goes from rank **{own['rank']}** to rank **{moved}** "
        f"(specification range {own['best']:.0f}–{own['worst']:.0f}).",
    )
    return compared, moved


@app.cell
def _(gradient, index, lang, say, verdicts):
    tested = gradient(index, permutations=499)
    answer = next(one for one in verdicts(tested) if one.node == index.framework.code).text(lang.value)
    say(
        f"## 4 由海向内\n\n得分是否由沿海向内陆递减？{answer}",
        f"## 4 From the coast\n\nDo scores fall from the coast to the interior? {answer}",
    )
    return (tested,)


@app.cell
def _(charts, lang, tested):
    slope = charts.gradient_scatter(tested, lang=lang.value)
    slope
    return (slope,)


@app.cell
def _(charts, edition, lang):
    dots = charts.dot_map(edition, lang=lang.value)
    dots
    return (dots,)


if __name__ == "__main__":
    app.run()
