"""Every table that a page draws as markup can be taken along as CSV."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.page_tables import tables_of
from dashboard.text import t
from tests.pages.opened import markup, open_page

AS_OF = "2026-11-22"
PAGES = {"overview": {}, "indicator": {"indicator": "good_water_share"}, "region": {"region": "永嘉县"}, "sections": {},
         "calendar": {}, "reports": {}, "sources": {}}


@pytest.mark.parametrize("page", PAGES)
def test_each_page_offers_all_its_tables(page):
    app = open_page(page, asof=AS_OF, **PAGES[page])
    assert not app.exception
    found = tables_of([markup(app)])
    offered = [button.proto.id for button in app.get("download_button") if "-table_" in button.proto.id]
    assert found and len(offered) == len(found)


def test_the_table_of_the_overview_is_that_of_the_database(connection):
    _, frame = tables_of([markup(open_page("overview", asof=AS_OF))])[0]
    columns = {"达标": "达标", "未达标": "未达标", "到期未报": "到期未报", "定性待评": "定性待评", "未到期": "数据未出", "已废止": "已废止"}
    known = {(region, status): n for region, status, n in connection.execute("""
        SELECT r.name, a.status, count(*) FROM attainment(?) a JOIN regions r USING (region_id)
        WHERE a.duplicate_of IS NULL GROUP BY ALL""", [date.fromisoformat(AS_OF)]).fetchall()}
    rows = [row for row in frame.to_dict("records") if not row[t("overview.head.region")].startswith("合计")]
    assert len(rows) == 5
    for row in rows:
        name = row[t("overview.head.region")].split()[0]
        assert {head: int(row[head]) for head in columns} == {head: known.get((name, status), 0) for head, status in columns.items()}
