"""来源: where every promise and every figure comes from, down to clause, publisher and date."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from dashboard import access, passages, store
from dashboard.source_queries import DOWNLOADS
from dashboard.text import esc, t
from etl import audit, spreadsheets
from etl.rules.model import load_rules
from pages.shared.judgements import judgements
from pages.shared.notes import notes_block
from pages.shared.show import show
from pages.sources import audit_log, evidence, exports, issues, method, parts
from pages.sources.note_form import note_form

selection = st.session_state["selection"]


def show_target(target_id: str) -> bool:
    """The evidence card; False when there is no such target."""
    found = store.ask("target", target_id=target_id, as_of=selection.as_of)
    if found.empty:
        return False
    row = found.iloc[0].to_dict()
    show(evidence.heading(row, selection))
    left, right = st.columns([700, 444], gap="large")
    with left:
        show(judgements(row))
        said = store.ask("notes", target_ids=[target_id], as_of=selection.as_of)
        show(notes_block(said, selection))
        note_form(target_id, len(said))
        show(evidence.passage(row, passages.source_text(row["file_name"], row["sha256"])))
        show(evidence.notes(row))
        show(evidence.issues(store.ask("issues_of_target", target_id=target_id), selection))
    with right:
        show(evidence.document_card(row, selection))
        show(evidence.units(store.ask("responsible", target_id=target_id)))
        show(evidence.measures(store.ask("measures_of_target", target_id=target_id)))
    figures = store.ask("figures", indicator_id=row["indicator_id"], as_of=selection.as_of)
    show(evidence.figures(figures[figures["region_id"] == row["region_id"]], row))
    return True


def show_documents(documents) -> None:
    if selection.regions:
        documents = documents[documents["region"].isin(selection.regions)]
    show(parts.documents_table(documents, passages.source_texts(documents)))


def show_published(published) -> None:
    if selection.regions:
        published = published[[bool(set(near) & set(selection.regions)) for near in published["plan_regions"]]]
    show(parts.published_table(published))


def show_issues() -> None:
    found = issues.of_regions(store.ask("issues"), selection.regions)
    show(issues.heading(found))
    labels = issues.choices(found)
    severity = st.segmented_control(t("sources.issues.pick"), list(labels), format_func=labels.get, default="", required=True,
                                    key="severity", label_visibility="collapsed")
    if severity:
        found = found[found["severity"] == severity]
    texts = passages.source_texts(store.ask("documents"))
    show(issues.table(found, store.ask("issue_passages"), texts, selection))


def show_method() -> None:
    left, right = st.columns([640, 504], gap="large")
    for column, html in zip((left, right), method.page(load_rules())):
        with column:
            show(html)


def show_downloads(version) -> None:
    day = version["built_at"].tz_localize(UTC).tz_convert(datetime.now().astimezone().tzinfo)
    sizes, tables = store.ask("table_sizes"), store.ask("table_descriptions")
    load = {name: store.table_loader(name) for name in DOWNLOADS}
    described = {name: store.ask("column_descriptions", name=name) for name in DOWNLOADS}
    meanings = {name: exports.about(name, tables) for name in DOWNLOADS}
    small = sizes.loc[sizes["rows"] <= exports.MOST_SHEET_ROWS, "name"].tolist()
    show(exports.heading(sizes, len(sizes) - len(small), day))
    st.download_button(t("sources.download.all"), file_name=spreadsheets.file_name(t("download.all"), day, "xlsx"),
                       data=lambda: spreadsheets.to_xlsx(exports.whole_workbook({n: load[n]() for n in small}, meanings, described)),
                       mime=spreadsheets.XLSX_MIME, on_click="ignore", key="all_xlsx", type="primary")
    for size in sizes.to_dict("records"):
        words, csv, xlsx, columns = st.columns([560, 70, 76, 400], vertical_alignment="center")
        name = size["name"]
        with words:
            show(exports.row(size, meanings[name]))
        csv.download_button(t("download.csv"), data=partial(exports.csv, load[name]), mime=spreadsheets.CSV_MIME,
                            file_name=spreadsheets.file_name(exports.title(name), day, "csv"), on_click="ignore",
                            key=f"{name}_csv")
        if name in small:
            xlsx.download_button(t("download.xlsx"), mime=spreadsheets.XLSX_MIME, on_click="ignore", key=f"{name}_xlsx",
                                 data=partial(exports.workbook_file, name, load[name], described[name]),
                                 file_name=spreadsheets.file_name(exports.title(name), day, "xlsx"))
        with columns.expander(t("sources.download.columns")):
            show(exports.columns_list(described[name]))


st.html(parts.STYLE)
version, documents, published = store.ask("version").iloc[0], store.ask("documents"), store.ask("sources")
target_id = st.query_params.get("target")
if target_id and show_target(target_id):
    show(f'<div class="q gap"><h2>{t("sources.all")}</h2></div>')
else:
    show(parts.heading(documents, published))
    if target_id:
        show(f'<div class="q"><div class="warn">{esc(t("sources.unknown", target_id=target_id))}</div></div>')

names = parts.tabs()
tab = st.segmented_control(t("sources.tab"), names, key="tab", bind="query-params", default=names[0], required=True,
                           label_visibility="collapsed")
{names[0]: lambda: show_documents(documents), names[1]: lambda: show_published(published), names[2]: show_issues,
 names[3]: show_method, names[4]: lambda: show_downloads(version)}[tab]()
if access.person().may_confirm:
    with st.expander(t("audit.title", n=audit_log.SHOWN)):
        show(audit_log.table(audit.read(audit_log.SHOWN)))
