"""Tables of a page read back as data, and as the CSV that is taken along."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.page_tables import tables_of
from etl.spreadsheets import to_csv

PAGE = ['<div class="q"><h1>一页</h1></div>',
        '<div class="q"><h2>各区域</h2><table><tr><th>区域</th><th>达标</th><th></th></tr>'
        '<tr><td><a href="?region=x">丽水市</a> <span>44 项</span></td><td class="r">0</td><td><svg><circle/></svg></td></tr>'
        '<tr><td colspan="2">其余&amp;其他</td><td></td></tr></table></div>',
        '<table><tr><td>没有表头</td></tr></table>',
        '<h2>名单</h2><div><table><thead><tr><th>名</th></tr></thead><tbody><tr><td>=1+1</td></tr></tbody></table></div>']


def test_each_table_has_its_heading_and_its_words():
    (first, regions), (second, names) = tables_of(PAGE)
    assert (first, second) == ("各区域", "名单")
    assert regions.columns.tolist() == ["区域", "达标"]  # the third holds drawings only
    assert regions.values.tolist() == [["丽水市 44 项", "0"], ["其余&其他", ""]]
    assert names.values.tolist() == [["=1+1"]]


def test_as_a_file_it_is_utf8_with_a_mark_and_harmless():
    _, names = tables_of(PAGE)[1]
    content = to_csv(names)
    assert content.startswith(b"\xef\xbb\xbf") and content.decode("utf-8-sig").split("\r\n")[1] == "'=1+1"


def test_nothing_is_made_of_nothing():
    assert tables_of([]) == [] and tables_of(["<div><p>无</p></div>"]) == []


@pytest.mark.parametrize("head", ["<th>一</th><th>一</th>", "<th></th><th>一</th>"])
def test_heads_may_be_alike_or_empty(head):
    (_, frame), = tables_of([f"<table><tr>{head}</tr><tr><td>1</td><td>2</td></tr></table>"])
    assert isinstance(frame, pd.DataFrame) and frame.values.tolist() == [["1", "2"]]
    assert to_csv(frame).count(b"\r\n") == 2
