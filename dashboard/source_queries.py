"""Every question the 来源 page asks: documents, publications, document issues, and whole tables for download."""

from __future__ import annotations

import duckdb
import pandas as pd

Cursor = duckdb.DuckDBPyConnection


def documents(cursor: Cursor) -> pd.DataFrame:
    """All plan documents with their region."""
    return cursor.execute("""
        SELECT d.*, r.name AS region,
               (SELECT count(*) FROM targets t WHERE t.document_id = d.document_id AND t.duplicate_of IS NULL) AS targets
        FROM documents d JOIN regions r USING (region_id) ORDER BY d.repealed_on IS NOT NULL, d.rowid""").df()


def sources(cursor: Cursor) -> pd.DataFrame:
    """Published sources (not the plans) with the number of figures taken from each and their regions.

    `plan_regions` are the regions with a plan that these figures are about: their own, the one above or one below.
    """
    return cursor.execute("""
        WITH near AS (
            SELECT r.region_id, list(DISTINCT p.name) AS names
            FROM regions r JOIN documents d ON true JOIN regions p ON p.region_id = d.region_id
            WHERE p.region_id = r.region_id OR p.region_id = r.parent_id OR p.parent_id = r.region_id
            GROUP BY r.region_id
        )
        SELECT s.*, count(o.observation_id) AS figures, string_agg(DISTINCT r.name, '、' ORDER BY r.name) AS regions,
               list_distinct(flatten(list(coalesce(near.names, [])))) AS plan_regions
        FROM sources s LEFT JOIN observations o USING (source_id) LEFT JOIN regions r ON r.region_id = o.region_id
        LEFT JOIN near ON near.region_id = o.region_id
        WHERE s.kind <> 'plan' GROUP BY ALL ORDER BY s.published_on DESC NULLS LAST, s.source_id""").df()


def issues(cursor: Cursor) -> pd.DataFrame:
    """Document issues, curated and computed; a computed one that repeats a curated one is folded into it."""
    return cursor.execute("""
        WITH places AS (
            SELECT p.issue_id, list_sort(list(DISTINCT r.name)) AS regions
            FROM document_issue_passages p LEFT JOIN documents d USING (document_id)
            LEFT JOIN observations o ON o.observation_id = p.observation_id
            JOIN regions r ON r.region_id = coalesce(d.region_id, o.region_id) GROUP BY p.issue_id
        )
        SELECT i.*, places.regions, EXISTS (SELECT 1 FROM document_issues c WHERE c.same_as_issue_id = i.issue_id)
                   AS also_computed
        FROM document_issues i LEFT JOIN places USING (issue_id)
        WHERE i.same_as_issue_id IS NULL
        ORDER BY list_position(['高', '中', '低'], i.severity), i.origin DESC, i.issue_id""").df()


def issue_passages(cursor: Cursor) -> pd.DataFrame:
    """Passages of all issues in order, with the short title of the document or the source of the figure."""
    return cursor.execute("""
        SELECT p.*, d.short_title, d.file_name, d.sha256, r.name AS region, o.name_as_published,
               figure_text(o.value) || coalesce(o.unit, '') AS figure, o.period_text, s.publisher, s.title AS source_title,
               s.url
        FROM document_issue_passages p
        LEFT JOIN documents d USING (document_id) LEFT JOIN regions r ON r.region_id = d.region_id
        LEFT JOIN observations o ON o.observation_id = p.observation_id LEFT JOIN sources s ON s.source_id = o.source_id
        ORDER BY p.issue_id, p.position""").df()


def severe_issues(cursor: Cursor, regions: list[str]) -> pd.DataFrame:
    """Document issues of high severity, for the selected regions."""
    return cursor.execute("""
        SELECT DISTINCT i.issue_id, i.description, i.origin
        FROM document_issues i LEFT JOIN document_issue_passages p USING (issue_id)
        LEFT JOIN documents d USING (document_id)
        LEFT JOIN observations o ON o.observation_id = p.observation_id
        LEFT JOIN regions r ON r.region_id = coalesce(d.region_id, o.region_id)
        WHERE i.severity = '高' AND i.same_as_issue_id IS NULL
          AND (len(CAST($regions AS VARCHAR[])) = 0 OR list_contains(CAST($regions AS VARCHAR[]), r.name))
        ORDER BY i.origin DESC, i.issue_id""", {"regions": regions}).df()


DOWNLOADS = ["targets", "observations", "sources", "documents", "indicators", "regions", "organizations",
             "responsibilities", "measures", "measure_targets", "projects", "document_issues",
             "document_issue_passages", "judgements", "sections", "section_classes", "parameters", "class_limits",
             "national_renames", "national_lake_points", "office_sections", "imports", "readings", "samples",
             "superseded_readings", "section_means", "doubtful_matches", "loads", "changes"]
"""Tables offered for download; the names reach SQL from this list only."""


def table_sizes(cursor: Cursor) -> pd.DataFrame:
    """Rows and columns of the tables offered for download, in their order."""
    counts = " UNION ALL ".join(f"SELECT '{name}' AS name, count(*) AS rows FROM {name}" for name in DOWNLOADS)
    return cursor.execute(f"""
        SELECT name, rows, (SELECT count(*) FROM duckdb_columns() c
                            WHERE c.table_name = n.name AND c.database_name = current_database()) AS columns
        FROM ({counts}) n ORDER BY list_position($names, name)""", {"names": DOWNLOADS}).df()


def table(cursor: Cursor, name: str) -> pd.DataFrame:
    """A whole table of the database, in its own order."""
    if name not in DOWNLOADS:
        raise ValueError(f"没有这张表：{name}")
    return cursor.table(name).df()


def column_descriptions(cursor: Cursor, name: str) -> pd.DataFrame:
    """Column names and Chinese descriptions of a table."""
    return cursor.execute("""
        SELECT column_name, data_type, comment FROM duckdb_columns()
        WHERE table_name = $name AND database_name = current_database() ORDER BY column_index""", {"name": name}).df()


def table_descriptions(cursor: Cursor) -> pd.DataFrame:
    """Names and Chinese descriptions of all tables; those a refresh makes have none."""
    return cursor.execute("""
        SELECT table_name, comment FROM duckdb_tables() WHERE database_name = current_database()""").df()
