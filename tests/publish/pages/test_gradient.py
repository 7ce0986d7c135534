from __future__ import annotations

from tidu.diagnosis.geography.verdict import verdicts
from tidu.publish.edition import Edition
from tidu.publish.pages.gradient import gradient, gradient_files, gradient_live, series


def test_every_year_has_its_answer_with_numbers(cities: Edition) -> None:
    text = gradient(cities, "zh", "zh/gradient.html").body.decode()
    for period, found in cities.gradients.items():
        answer = verdicts(found)[0]
        assert f'id="y{period}"' in text and answer.text("zh") in text
        assert all(check.text("zh").replace("<", "&lt;").replace(">", "&gt;") in text for check in answer.checks)


def test_the_tables_of_the_index_file_and_of_the_provinces_are_there(cities: Edition) -> None:
    text = gradient(cities, "en", "en/gradient.html").body.decode()
    assert "R&amp;D expenditure to GDP" in text and "Moran" in text and "The same without Exports of goods" in text
    assert len(series(cities)) == 4


def test_files_that_would_be_empty_are_not_offered(cities: Edition, coastal: Edition) -> None:
    assert "data/gradient-mobility.csv" in gradient_files(cities) and "data/gradient-convergence.csv" in gradient_files(cities)
    assert not {"data/gradient-mobility.csv", "data/gradient-convergence.csv"} & set(gradient_files(coastal))
    text = gradient(coastal, "en", "en/gradient.html").body.decode()
    assert "gradient-means.csv" in text and ": not tested" in text and series(coastal) == ()


def test_pictures_of_a_page_do_not_share_names(cities: Edition) -> None:
    import re

    text = gradient(cities, "en", "en/gradient.html").body.decode()
    names = re.findall(r'\bid="([^"]+)"', text)
    assert len(names) == len(set(names))


def test_the_scatter_is_live_and_leads_to_the_units(cities: Edition) -> None:
    text = gradient(cities, "zh", "zh/gradient.html").body.decode()
    assert 'data-chart="scatter" data-spec="../zh/gradient.live.js"' in text
    script = gradient_live(cities, "zh").body.decode()
    assert script.startswith('window.tiduCharts = {"scatter":') and '"to":"city/330800.html"' in script and "衢州：距海" in script
