"""Every question about targets, figures, measures and projects: one function each, parameters bound, a DataFrame back.

Filters are the fields of `dashboard.filters.Selection`, handed over as keyword arguments; an empty list means
all. Counts leave out restatements of the same target (`duplicate_of`), as the method demands.
"""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd

Cursor = duckdb.DuckDBPyConnection

STATUS_ORDER = ["达标", "未达标", "到期未报", "定性待评", "数据未出", "已废止"]

_SELECTED = """
    WITH units AS (
        SELECT e.target_id, list(DISTINCT o.name ORDER BY o.name) AS names,
               string_agg(o.name, '、' ORDER BY e.responsibility_id) FILTER (e.role = 'lead') AS lead_units,
               string_agg(o.name, '、' ORDER BY e.responsibility_id) FILTER (e.role = 'support') AS support_units,
               string_agg(o.name, '、' ORDER BY e.responsibility_id) FILTER (e.role = 'implement') AS implement_units
        FROM responsibilities e JOIN organizations o USING (organization_id)
        WHERE e.target_id IS NOT NULL GROUP BY e.target_id
    ), selected AS (
        SELECT a.*, i.name AS indicator, i.name_en AS indicator_en, i.theme, i.kind, i.direction,
               r.name AS region, r.name_en AS region_en, d.short_title, d.title AS document_title,
               d.document_number, d.period_start AS plan_start, d.rowid AS document_order,
               t.clause, t.span_start, t.span_end, t.comparison_note, t.note, t.is_aspirational, t.is_added_by_review,
               u.names AS unit_names, u.lead_units, u.support_units, u.implement_units,
               src.title AS source_title, src.publisher, src.published_precision, src.url,
               e.value AS earlier_value, e.period_text AS earlier_period, e.comparator AS earlier_comparator,
               l.comparator AS latest_comparator,
               list_position(['达标', '未达标', '到期未报', '定性待评', '数据未出', '已废止'], a.status) AS status_order
        FROM attainment($as_of) a
        JOIN targets t USING (target_id)
        JOIN indicators i ON i.indicator_id = a.indicator_id
        JOIN regions r ON r.region_id = a.region_id
        JOIN documents d ON d.document_id = a.document_id
        LEFT JOIN units u ON u.target_id = a.target_id
        LEFT JOIN sources src ON src.source_id = a.source_id
        LEFT JOIN observations e ON e.observation_id = a.earlier_observation_id
        LEFT JOIN observations l ON l.observation_id = coalesce(a.observation_id, a.latest_observation_id)
        WHERE a.duplicate_of IS NULL
          AND (len(CAST($regions AS VARCHAR[])) = 0 OR list_contains(CAST($regions AS VARCHAR[]), r.name))
          AND (len(CAST($themes AS VARCHAR[])) = 0 OR list_contains(CAST($themes AS VARCHAR[]), i.theme))
          AND (len(CAST($statuses AS VARCHAR[])) = 0 OR list_contains(CAST($statuses AS VARCHAR[]), a.status))
          AND (len(CAST($years AS INTEGER[])) = 0 OR list_contains(CAST($years AS INTEGER[]), year(a.deadline)))
          AND (len(CAST($units AS VARCHAR[])) = 0 OR list_has_any(u.names, CAST($units AS VARCHAR[])))
          AND ($text = '' OR contains(lower(concat_ws(' ', i.name, a.name_in_plan, a.scope, i.theme, r.name, t.clause,
                                                      a.target_text, a.target_id, i.name_en)), lower($text)))
    )
"""


def version(cursor: Cursor) -> pd.DataFrame:
    """One row: version, built_at (UTC), counts, and of the document issues how many computation found."""
    return cursor.execute("""
        SELECT l.*, (SELECT count(*) FROM documents) AS document_count,
               (SELECT count(*) FROM document_issues WHERE origin = 'curated') AS curated_issues,
               (SELECT count(*) FROM document_issues WHERE origin = 'computed') AS computed_issues,
               (SELECT count(DISTINCT same_as_issue_id) FROM document_issues) AS curated_found_by_computation
        FROM loads l ORDER BY built_at DESC LIMIT 1""").df()


def filter_options(cursor: Cursor) -> pd.DataFrame:
    """Columns `name`, `value`: regions in document order (repealed last), themes, deadline years, units."""
    return cursor.execute("""
        SELECT 'region' AS name, r.name AS value, d.repealed_on IS NOT NULL AS later, d.rowid AS position
        FROM documents d JOIN regions r USING (region_id)
        UNION ALL
        SELECT 'theme', theme, false, min(i.rowid) FROM indicators i
        WHERE indicator_id IN (SELECT indicator_id FROM targets) GROUP BY theme
        UNION ALL
        SELECT DISTINCT 'year', CAST(year(deadline) AS VARCHAR), false, year(deadline) FROM targets
        WHERE deadline IS NOT NULL
        UNION ALL
        SELECT 'unit', o.name, false, -count(*) FROM responsibilities e JOIN organizations o USING (organization_id)
        WHERE e.target_id IS NOT NULL GROUP BY o.name
        ORDER BY 1, 3, 4, 2""").df()


def targets(cursor: Cursor, **selection) -> pd.DataFrame:
    """All selected targets with judgements, names, clause, source and responsible units, in document order."""
    return cursor.execute(_SELECTED + """
        SELECT * FROM selected
        ORDER BY repealed_on IS NOT NULL AND repealed_on <= as_of, document_order, target_id""", selection).df()


def counts_by_region(cursor: Cursor, **selection) -> pd.DataFrame:
    """One row per region and status: counts, and how many have an earlier figure inside the plan period."""
    return cursor.execute(_SELECTED + """
        SELECT region, region_id, any_value(short_title) AS short_title, any_value(repealed_on) AS repealed_on,
               bool_and(is_issued) AS is_issued, status, count(*) AS n,
               count(*) FILTER (status = '到期未报' AND earlier_observation_id IS NOT NULL) AS with_earlier,
               count(*) FILTER (is_due) AS due
        FROM selected GROUP BY region, region_id, document_order, status, status_order
        ORDER BY bool_or(status = '已废止'), document_order, status_order""", selection).df()


def counts_by_theme(cursor: Cursor, **selection) -> pd.DataFrame:
    """One row per theme and status, repealed targets left out; the themes with most unreported first."""
    return cursor.execute(_SELECTED + """
        SELECT theme AS subject, status, count(*) AS n,
               sum(count(*) FILTER (status = '到期未报')) OVER (PARTITION BY theme) AS overdue,
               sum(count(*)) OVER (PARTITION BY theme) AS total
        FROM selected WHERE status <> '已废止'
        GROUP BY theme, status ORDER BY overdue DESC, total DESC, theme""", selection).df()


def counts_by_unit(cursor: Cursor, **selection) -> pd.DataFrame:
    """One row per responsible unit (with its region) and status, repealed left out.

    A target counts once for each of its lead units; where the document names no lead, for each implementing one.
    """
    return cursor.execute(_SELECTED + """
        , shares AS (
            SELECT DISTINCT s.target_id, s.status, o.name || '（' || s.region || '）' AS subject
            FROM selected s JOIN responsibilities e USING (target_id) JOIN organizations o USING (organization_id)
            WHERE e.role = CASE WHEN s.lead_units IS NULL THEN 'implement' ELSE 'lead' END AND s.status <> '已废止'
            UNION ALL
            SELECT s.target_id, s.status, '文件未写责任单位（' || s.region || '）'
            FROM selected s WHERE s.unit_names IS NULL AND s.status <> '已废止'
        )
        SELECT subject, status, count(*) AS n,
               sum(count(*) FILTER (status IN ('到期未报', '未达标'))) OVER (PARTITION BY subject) AS overdue,
               sum(count(*)) OVER (PARTITION BY subject) AS total
        FROM shares GROUP BY subject, status ORDER BY overdue DESC, total DESC, subject""", selection).df()


def counts_by_year(cursor: Cursor, **selection) -> pd.DataFrame:
    """One row per deadline year and status, repealed left out, earliest year first."""
    return cursor.execute(_SELECTED + """
        SELECT coalesce(CAST(year(deadline) AS VARCHAR), '—') AS subject, status, count(*) AS n
        FROM selected WHERE status <> '已废止' GROUP BY subject, status ORDER BY subject""", selection).df()


def attention(cursor: Cursor, limit: int, **selection) -> pd.DataFrame:
    """What needs attention first: missed; then unreported with a last figure short of the target; then the rest.

    `is_short` marks the second group, ordered by `shortfall_share`: how far the last figure is from the target,
    relative to it. Running totals are left out there, and figures from before the year preceding the plan.
    """
    return cursor.execute(_SELECTED + """
        , short AS (
            SELECT *,
                   CASE WHEN target_value IS NULL OR latest_value IS NULL OR target_value = 0 THEN NULL
                        WHEN comparator IN ('>=', '>', '=') THEN (target_value - latest_value) / abs(target_value)
                        ELSE (latest_value - target_value) / abs(target_value) END AS shortfall_share
            FROM selected
        ), ranked AS (
            SELECT *, coalesce(shortfall_share > 0 AND NOT is_cumulative
                               AND latest_period_end >= plan_start - INTERVAL 1 YEAR, false) AS is_short
            FROM short WHERE status IN ('未达标', '到期未报')
               OR (status = '数据未出' AND schedule IN ('明显滞后', '倒退', '跌破'))
        )
        SELECT * FROM ranked
        ORDER BY status <> '未达标', NOT is_short, CASE WHEN is_short THEN -shortfall_share END, deadline,
                 document_order, target_id
        LIMIT $limit""", {**selection, "limit": limit}).df()


def next_due(cursor: Cursor, **selection) -> pd.DataFrame:
    """The next deadline after the as-of date: day, number of targets, one example."""
    return cursor.execute(_SELECTED + """
        SELECT deadline, count(*) AS n, any_value(region) AS region, min_by(name_in_plan, target_id) AS example,
               min_by(scope, target_id) AS scope
        FROM selected WHERE status = '数据未出' AND deadline IS NOT NULL
        GROUP BY deadline ORDER BY deadline LIMIT 1""", selection).df()


def indicators(cursor: Cursor, as_of: date) -> pd.DataFrame:
    """Indicators that some target uses, with how many regions promise it and how many figures are known."""
    return cursor.execute("""
        SELECT i.*, t.regions, t.targets, coalesce(o.figures, 0) AS figures
        FROM indicators i
        JOIN (SELECT indicator_id, count(DISTINCT region_id) AS regions, count(*) AS targets
              FROM targets WHERE duplicate_of IS NULL GROUP BY indicator_id) t USING (indicator_id)
        LEFT JOIN (SELECT indicator_id, count(*) AS figures FROM observations
                   WHERE coalesce(period_end, entered_at) <= $as_of AND status <> 'context' AND stands(superseded_on, $as_of)
                   GROUP BY indicator_id) o USING (indicator_id)
        ORDER BY figures = 0, t.regions DESC, figures DESC, i.rowid""", {"as_of": as_of}).df()


def figures(cursor: Cursor, indicator_id: str, as_of: date) -> pd.DataFrame:
    """All figures of an indicator known on the day, with source; newest period first within a region."""
    return cursor.execute("""
        SELECT o.*, r.name AS region, r.parent_id, s.kind AS source_kind, s.title AS source_title, s.publisher,
               s.published_on, s.published_precision, s.url, s.confidence AS source_confidence, s.document_id
        FROM observations o JOIN regions r USING (region_id) JOIN sources s USING (source_id)
        WHERE o.indicator_id = $indicator_id AND o.status <> 'context' AND stands(o.superseded_on, $as_of)
          AND coalesce(s.published_on, o.period_end, o.entered_at) <= $as_of
          AND coalesce(o.period_end, o.entered_at) <= $as_of
        ORDER BY o.region_id, o.period_end DESC NULLS LAST, o.observation_id""",
        {"indicator_id": indicator_id, "as_of": as_of}).df()


def document_of_region(cursor: Cursor, region: str) -> pd.DataFrame:
    """The plan of a region with counts of what belongs to it."""
    return cursor.execute("""
        SELECT d.*, r.name AS region, p.name AS parent,
               (SELECT count(*) FROM targets t WHERE t.document_id = d.document_id AND t.duplicate_of IS NULL) AS targets,
               (SELECT count(*) FROM measures m WHERE m.document_id = d.document_id) AS measures,
               (SELECT count(*) FROM projects j WHERE j.document_id = d.document_id) AS projects,
               (SELECT count(DISTINCT x.issue_id) FROM document_issue_passages x JOIN document_issues di USING (issue_id)
                WHERE x.document_id = d.document_id AND di.same_as_issue_id IS NULL) AS issues
        FROM documents d JOIN regions r USING (region_id) LEFT JOIN regions p ON p.region_id = r.parent_id
        WHERE r.name = $region""", {"region": region}).df()


def target(cursor: Cursor, target_id: str, as_of: date) -> pd.DataFrame:
    """One target with everything the evidence card shows; restatements too."""
    return cursor.execute("""
        SELECT a.*, t.value_start, t.value_end, t.clause, t.span_start, t.span_end, t.note, t.comparison_note,
               t.is_added_by_review, t.is_aspirational, t.baseline_observation_id, i.name AS indicator, i.definition,
               i.theme, i.kind, i.direction, i.period_basis, r.name AS region, d.title AS document_title, d.short_title,
               d.document_number, d.issuer, d.issued_precision, d.sha256, d.file_name, d.note AS document_note,
               d.period_start AS plan_start, d.period_end AS plan_end, src.title AS source_title, src.publisher,
               src.published_precision, src.url, l.comparator AS latest_comparator
        FROM attainment($as_of) a JOIN targets t USING (target_id) JOIN indicators i ON i.indicator_id = a.indicator_id
        JOIN regions r ON r.region_id = a.region_id JOIN documents d ON d.document_id = a.document_id
        LEFT JOIN sources src ON src.source_id = a.source_id
        LEFT JOIN observations l ON l.observation_id = coalesce(a.observation_id, a.latest_observation_id)
        WHERE a.target_id = $target_id""", {"target_id": target_id, "as_of": as_of}).df()


def responsible(cursor: Cursor, target_id: str) -> pd.DataFrame:
    """Units of a target with role, lead first."""
    return cursor.execute("""
        SELECT o.name, e.role FROM responsibilities e JOIN organizations o USING (organization_id)
        WHERE e.target_id = $target_id
        ORDER BY list_position(['lead', 'support', 'implement'], e.role), e.responsibility_id""",
        {"target_id": target_id}).df()


def measures_of_target(cursor: Cursor, target_id: str) -> pd.DataFrame:
    """Measures that serve a target."""
    return cursor.execute("""
        SELECT m.measure_id, m.title, m.clause, m.deadlines
        FROM measure_targets x JOIN measures m USING (measure_id) WHERE x.target_id = $target_id
        ORDER BY m.measure_id""", {"target_id": target_id}).df()


def issues_of_target(cursor: Cursor, target_id: str) -> pd.DataFrame:
    """Document issues whose passages touch the passage of a target."""
    return cursor.execute("""
        SELECT DISTINCT i.issue_id, i.severity, i.kind, i.description
        FROM targets t JOIN document_issue_passages p
          ON p.target_id = t.target_id
          OR (p.document_id = t.document_id AND p.span_start < t.span_end AND t.span_start < p.span_end)
        JOIN document_issues i USING (issue_id)
        WHERE t.target_id = $target_id AND i.same_as_issue_id IS NULL
        ORDER BY i.issue_id""", {"target_id": target_id}).df()


def charted_neighbours(cursor: Cursor, indicator_id: str, limit: int, **selection) -> pd.DataFrame:
    """Other selected targets of the indicator's theme that have yearly figures to draw, those with most first."""
    return cursor.execute(_SELECTED + """
        SELECT s.* FROM selected s
        JOIN indicators i ON i.indicator_id = $indicator_id AND i.theme = s.theme
        JOIN (SELECT indicator_id, region_id, scope, count(DISTINCT year(period_end)) AS points FROM observations
              WHERE period_kind = 'year' AND value IS NOT NULL AND period_end <= $as_of AND stands(superseded_on, $as_of)
              GROUP BY ALL) o
          ON o.indicator_id = s.indicator_id AND o.region_id = s.region_id AND o.scope = s.scope
        WHERE s.indicator_id <> $indicator_id AND s.target_value IS NOT NULL AND s.unit <> '类'
          AND s.status <> '已废止'
        QUALIFY row_number() OVER (PARTITION BY s.indicator_id, s.region_id ORDER BY o.points DESC, s.deadline DESC) = 1
        ORDER BY o.points DESC, s.document_order, s.target_id LIMIT $limit""",
        {**selection, "indicator_id": indicator_id, "limit": limit}).df()


def measures_of_region(cursor: Cursor, region: str, units: list[str], text: str) -> pd.DataFrame:
    """Measures of a region's plan in document order: units by role and how many targets each serves."""
    return cursor.execute("""
        WITH named AS (
            SELECT e.measure_id, list(o.name) AS names,
                   string_agg(o.name, '、' ORDER BY e.responsibility_id) FILTER (e.role = 'lead') AS lead_units,
                   string_agg(o.name, '、' ORDER BY e.responsibility_id) FILTER (e.role = 'implement') AS implement_units,
                   string_agg(o.name, '、' ORDER BY e.responsibility_id) FILTER (e.role = 'support') AS support_units
            FROM responsibilities e JOIN organizations o USING (organization_id)
            WHERE e.measure_id IS NOT NULL GROUP BY e.measure_id
        )
        SELECT m.title, m.section_title, m.clause, m.deadlines, n.lead_units, n.implement_units, n.support_units,
               (SELECT count(*) FROM measure_targets x WHERE x.measure_id = m.measure_id) AS targets,
               e.stage, e.known_on AS stage_on
        FROM measures m JOIN regions r USING (region_id) LEFT JOIN named n ON n.measure_id = m.measure_id
        LEFT JOIN entries e ON e.measure_id = m.measure_id AND e.kind = 'stage' AND e.state = 'current'
        WHERE r.name = $region
          AND (len(CAST($units AS VARCHAR[])) = 0 OR list_has_any(n.names, CAST($units AS VARCHAR[])))
          AND ($text = '' OR contains(lower(concat_ws(' ', m.title, m.section_title, m.clause)), lower($text)))
        ORDER BY m.measure_id""", {"region": region, "units": units, "text": text}).df()


def projects_of_region(cursor: Cursor, region: str, units: list[str], text: str) -> pd.DataFrame:
    """Projects of a region's plan: those of the annex with its subtotals and total, then those named in the text."""
    return cursor.execute("""
        WITH named AS (
            SELECT e.project_id, list(o.name) AS names, string_agg(o.name, '、' ORDER BY e.responsibility_id) AS units
            FROM responsibilities e JOIN organizations o USING (organization_id)
            WHERE e.project_id IS NOT NULL GROUP BY e.project_id
        )
        SELECT p.record_kind, p.sequence, p.project_type, p.name, p.project_count, p.start_year, p.end_year,
               p.total_investment_10k_cny, p.plan_period_investment_10k_cny, n.units, p.clause, p.note, e.stage, e.known_on AS stage_on
        FROM projects p JOIN regions r USING (region_id) LEFT JOIN named n ON n.project_id = p.project_id
        LEFT JOIN entries e ON e.project_id = p.project_id AND e.kind = 'stage' AND e.state = 'current'
        WHERE r.name = $region
          AND (len(CAST($units AS VARCHAR[])) = 0 OR list_has_any(n.names, CAST($units AS VARCHAR[])))
          AND ($text = '' OR contains(lower(concat_ws(' ', p.name, p.project_type, p.clause)), lower($text)))
        ORDER BY list_position(['annex', 'subtotal', 'total', 'named'], p.record_kind), p.project_id""",
        {"region": region, "units": units, "text": text}).df()
