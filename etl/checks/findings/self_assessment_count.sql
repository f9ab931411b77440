-- 正文所写“达到目标值”的指标数，与表中“是”的个数。
SELECT '中' AS severity, '数值不符' AS kind,
       r.name || '：正文称 ' || CAST(c.value AS INTEGER) || ' 项指标达到目标值，表中写“是”的只有 ' || count(*) || ' 项' AS description,
       [{document_id: s.document_id, clause: c.clause, span_start: c.span_start, span_end: c.span_end,
         observation_id: c.observation_id, target_id: NULL::VARCHAR}]
       || list({document_id: s.document_id, clause: y.clause, span_start: y.span_start, span_end: y.span_end,
                observation_id: y.observation_id, target_id: NULL::VARCHAR} ORDER BY y.span_start) AS passages
FROM observations c
JOIN sources s USING (source_id)
JOIN observations y ON y.source_id = c.source_id AND y.indicator_id = 'plan_indicator_self_assessment' AND y.value_text = '是'
JOIN regions r ON r.region_id = c.region_id
WHERE c.indicator_id = 'plan_indicator_met_count'
GROUP BY r.name, s.document_id, c.value, c.clause, c.span_start, c.span_end, c.observation_id
HAVING count(*) <> c.value
ORDER BY c.observation_id;
