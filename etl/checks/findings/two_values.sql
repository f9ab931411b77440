-- 同一指标、区域、口径、时段的两个数。
WITH figures AS (
    SELECT o.*, i.name AS indicator, i.unit AS indicator_unit, r.name AS region, s.kind AS source_kind, s.document_id
    FROM observations o JOIN indicators i USING (indicator_id) JOIN regions r USING (region_id) JOIN sources s USING (source_id)
    WHERE o.value IS NOT NULL AND o.period_end IS NOT NULL AND o.status <> 'context' AND o.comparator = '='
      AND o.period_kind <> 'inferred_year'
), groups AS (
    SELECT region, indicator, indicator_unit, scope, period_start, period_end,
           bool_and(source_kind = 'plan') AS in_documents,
           min(period_text) AS period_text,
           list(DISTINCT value ORDER BY value) AS figure_values,
           min(length(split_part(figure_text(value), '.', 2))) AS coarsest_decimals, min(value) AS lowest, max(value) AS highest,
           list({document_id: document_id, clause: clause, span_start: span_start, span_end: span_end,
                 observation_id: observation_id, target_id: NULL::VARCHAR} ORDER BY value, observation_id) AS passages
    FROM figures GROUP BY ALL
)
SELECT CASE WHEN in_documents THEN '高' ELSE '中' END AS severity,
       CASE WHEN in_documents THEN '数值不符' ELSE '公布数不一' END AS kind,
       region || ' ' || indicator || '（' || scope || '，' || period_text || '）有 ' || len(figure_values) || ' 个数：'
           || array_to_string(list_transform(figure_values, lambda v: figure_text(v) || coalesce(indicator_unit, '')), '、')
           AS description,
       passages
FROM groups
WHERE round(lowest, CAST(coarsest_decimals AS INTEGER)) <> round(highest, CAST(coarsest_decimals AS INTEGER))  -- 1335 与 1335.14 只是取位不同
ORDER BY in_documents DESC, region, indicator, scope, period_start, period_end;
