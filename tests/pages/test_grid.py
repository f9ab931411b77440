"""What the download under a table contains."""

from __future__ import annotations

import pandas as pd
from streamlit import column_config

from etl.spreadsheets import to_csv
from pages.shared.grid import _as_shown


def test_download_has_the_headings_of_the_page_and_the_clause_itself():
    frame = pd.DataFrame({"region": ["重庆市"], "note": ["=1+1"], "clause": ["sources?target=chongqing-003#一（三） 第1段"]})
    columns = {"region": column_config.TextColumn("区域"), "note": column_config.TextColumn("说明"),
               "clause": column_config.LinkColumn("条款")}
    assert to_csv(_as_shown(frame, columns)).decode("utf-8-sig").splitlines() == [
        "区域,说明,条款", "重庆市,'=1+1,一（三） 第1段"]
