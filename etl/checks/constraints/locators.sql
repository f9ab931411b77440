-- Spans are in order, and the figure lies inside its passage.
WITH placed AS (
    SELECT _file, _row, span_start, span_end, value_start, value_end FROM raw_targets
    UNION ALL
    SELECT _file, _row, span_start, span_end, value_start, value_end FROM raw_observations
    UNION ALL
    SELECT _file, _row, span_start, span_end, NULL, NULL FROM raw_measures
    UNION ALL
    SELECT _file, _row, span_start, span_end, NULL, NULL FROM raw_projects
    UNION ALL
    SELECT _file, _row, span_start, span_end, NULL, NULL FROM raw_sections
    UNION ALL
    SELECT _file, _row, span_start, span_end, NULL, NULL FROM raw_section_classes
    UNION ALL
    SELECT _file, _row, span_start, span_end, NULL, NULL FROM raw_document_issue_passages
)
SELECT _file, _row, 'span_end' AS "column", '原文位置不成对或次序颠倒' AS rule,
       coalesce(CAST(span_start AS VARCHAR), '空') || '–' || coalesce(CAST(span_end AS VARCHAR), '空') AS found,
       '起点要小于终点，两者同填或同空' AS remedy
FROM placed WHERE (span_start IS NULL) <> (span_end IS NULL) OR span_start >= span_end
UNION ALL
SELECT _file, _row, 'value_start', '数字的位置不在段落之内',
       coalesce(CAST(value_start AS VARCHAR), '空') || '–' || coalesce(CAST(value_end AS VARCHAR), '空'),
       '核对 value_start、value_end'
FROM placed
WHERE (value_start IS NULL) <> (value_end IS NULL) OR value_start >= value_end
   OR value_start < span_start OR value_end > span_end;
