"""Bar charts that Office can edit, for slides and papers alike: made by python-pptx with the workbook of their figures inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_PATTERN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Length, Pt

from dashboard import theme
from dashboard.queries import STATUS_ORDER
from dashboard.text import SIGN, short_period, status_label, t
from etl.spreadsheets import safe_text

STATUS_BARS = {"达标": (theme.BLUE, theme.BLUE, "#FFFFFF"), "未达标": (theme.BRICK, theme.BRICK, "#FFFFFF"),
               "到期未报": (theme.WARM_FILL, theme.WARM, theme.WARM), "定性待评": (None, theme.SLATE, theme.SLATE),
               "数据未出": (theme.HAIR, theme.GREY, theme.INK2), "已废止": (theme.LINE, theme.REPEALED, theme.INK2)}
"""Fill, outline and label of each status: filled where it is judged, as on the pages."""

NARROW = 0.022
"""Share of the axis below which a bar has no room for its number."""
ROOM = 1.4
"""Axis in largest bars, so that the label behind it has room."""
WHITE = "#FFFFFF"


@dataclass(frozen=True)
class Letters:
    """Type of a chart: size, and the attributes of its faces for Latin and Chinese."""

    points: float
    latin: str
    chinese: str


@dataclass(frozen=True)
class Series:
    """One colour of bars: `fill` None is hollow, `hollow` are the places of single hollow bars; `ink` colours the labels, whose
    number format is `labels`. Hatched bars can be told from full ones in grey print; their labels stand on white."""

    name: str
    values: Sequence[float]
    fill: str | None
    line: str
    ink: str
    hollow: tuple[int, ...] = ()
    labels: str = "General"
    is_hatched: bool = False


@dataclass(frozen=True)
class Bars:
    """A chart from zero, first category on top; stacked bars have a legend. `most` is the end of the axis."""

    categories: Sequence[str]
    series: Sequence[Series]
    is_stacked: bool
    most: float


def status_bars(groups: dict[str, pd.DataFrame], statuses: Sequence[str], for_print: bool = False) -> Bars:
    """How many targets of which status in each group; missed ones hatched where the paper may be printed in grey."""
    largest = max((len(rows) for rows in groups.values()), default=1)
    series = []
    for status in (status for status in STATUS_ORDER if status in statuses):
        fill, line, ink = STATUS_BARS[status]
        is_hatched = for_print and status == "未达标"
        series.append(Series(status_label(status), [int((rows["status"] == status).sum()) for rows in groups.values()], fill, line,
                             line if is_hatched else ink, labels=unless_narrow(largest), is_hatched=is_hatched))
    return Bars(list(groups), series, True, largest)


def share_bars(rows: pd.DataFrame) -> Bars:
    """Targets and last figures in % side by side (`findings.comparable_shares`); hollow where the figure is of an earlier year."""
    records = rows.to_dict("records")
    signs = {SIGN[row["comparator"]] for row in records}
    sign = signs.pop() if len(signs) == 1 else ""
    target, latest = rows["target_value"].tolist(), rows["latest_value"].tolist()
    earlier = tuple(at for at, row in enumerate(records) if pd.isna(row["actual_value"]))
    return Bars([f"{row['name_in_plan']}（{short_period(row['latest_period'])}）" for row in records],
                [Series(t("column.target"), target, None, theme.INK, theme.INK, labels=f'"{t("column.target")} {sign}"General"%"'),
                 Series(t("column.latest"), latest, theme.BLUE, theme.BLUE, theme.BLUE, earlier, 'General"%"')],
                False, ROOM * float(max(*target, *latest)))


def unless_narrow(largest: int) -> str:
    """Number format that leaves out labels of bars too narrow for them; tables beside the chart have all counts."""
    return f'[<{max(1, round(NARROW * largest + 0.5))}]"";General'


def add_chart(slide: Slide, place: tuple[Length, Length, Length, Length], bars: Bars, letters: Letters) -> Any:
    """The chart at left, top, width and height of a slide; its shape."""
    data = CategoryChartData(number_format="General")
    data.categories = [safe_text(name) for name in bars.categories]
    for one in bars.series:
        data.add_series(safe_text(one.name), one.values)
    kind = XL_CHART_TYPE.BAR_STACKED if bars.is_stacked else XL_CHART_TYPE.BAR_CLUSTERED
    shape: Any = slide.shapes.add_chart(kind, *place, data)  # type: ignore[arg-type]
    chart = shape.chart
    _dress_axes(chart, bars, letters)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = (45, 100) if bars.is_stacked else (40, -5)
    for drawn, one in zip(plot.series, bars.series):
        _dress_series(drawn, one, bars.is_stacked, letters)
    for number in chart._chartSpace.iter(qn("c:axId"), qn("c:crossAx")):
        number.set("val", number.get("val").lstrip("-"))  # unsigned by the schema; python-pptx writes it with a sign
    return shape


def set_type(font: Any, letters: Letters, colour: str, bold: bool = False) -> None:
    """Size, colour and faces; Chinese text takes the East Asian face, which python-pptx has no name for."""
    font.size, font.bold, font.color.rgb = Pt(letters.points), bold, rgb(colour)
    properties = font._rPr
    properties.set("lang", "zh-CN")
    for tag in ("a:latin", "a:ea"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    faces = [parse_xml(f"<{tag} {nsdecls('a')} {face}/>") for tag, face in (("a:latin", letters.latin), ("a:ea", letters.chinese))]
    at = next((place for place, child in enumerate(properties) if child.tag == qn("a:hlinkClick")), len(properties))
    properties[at:at] = faces


def rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour[1:].upper() if len(colour) == 7 else "".join(letter * 2 for letter in colour[1:].upper()))


def _dress_axes(chart: Any, bars: Bars, letters: Letters) -> None:
    set_type(chart.font, letters, theme.INK)
    chart._chartSpace.find(qn("c:chart")).addnext(parse_xml(
        f'<c:spPr {nsdecls("c", "a")}><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'))  # without a frame
    chart.has_title = False
    chart.has_legend = bars.is_stacked  # beside each other, programs do not agree on its order; the labels say which is which
    if bars.is_stacked:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    names, values = chart.category_axis, chart.value_axis
    names.reverse_order = True
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.format.line.color.rgb = rgb(theme.INK2)
    names._element.find(qn("c:noMultiLvlLbl")).addprevious(parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="1"/>'))
    values.minimum_scale, values.maximum_scale = 0, bars.most
    values.has_major_gridlines, values.major_tick_mark = False, XL_TICK_MARK.NONE
    values.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    values.format.line.fill.background()


def _dress_series(drawn: Any, one: Series, is_stacked: bool, letters: Letters) -> None:
    _paint(drawn.format, one.fill, one.line)
    if one.is_hatched:
        drawn.format.fill.patterned()
        drawn.format.fill.pattern = MSO_PATTERN.DARK_UPWARD_DIAGONAL
        drawn.format.fill.fore_color.rgb, drawn.format.fill.back_color.rgb = rgb(one.line), rgb(WHITE)
    for place in one.hollow:
        _paint(drawn.points[place].format, None, one.line, 2)
    labels = drawn.data_labels
    labels.show_value, labels.number_format, labels.number_format_is_linked = True, one.labels, False
    labels.position = XL_LABEL_POSITION.CENTER if is_stacked else XL_LABEL_POSITION.OUTSIDE_END
    set_type(labels.font, letters, one.ink)
    text = labels._element.find(qn("c:txPr"))
    text.find(qn("a:bodyPr")).set("wrap", "none")
    if one.is_hatched:
        text.addprevious(parse_xml(f'<c:spPr {nsdecls("c", "a")}><a:solidFill><a:srgbClr val="{WHITE[1:]}"/></a:solidFill></c:spPr>'))


def _paint(form: Any, fill: str | None, line: str, line_pt: float = 1.25) -> None:
    form.fill.solid()
    form.fill.fore_color.rgb = rgb(fill or WHITE)
    form.line.color.rgb, form.line.width = rgb(line), Pt(line_pt)
