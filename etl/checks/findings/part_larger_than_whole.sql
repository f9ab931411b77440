-- 下辖区域的目标或现状大于上级全域：只比可加的量（面积、长度、个数、水量），不比比例和浓度。
WITH wholes AS (
    SELECT t.target_id, t.indicator_id, t.region_id, t.value, t.unit, t.scope, t.deadline, t.document_id, t.clause,
           t.span_start, t.span_end
    FROM targets t JOIN indicators i USING (indicator_id)
    WHERE t.value IS NOT NULL AND t.duplicate_of IS NULL AND i.kind IN ('level', 'count', 'cumulative', 'flow')
      AND t.comparator IN ('>=', '>', '=')
)
SELECT '高' AS severity, '跨文件' AS kind,
       i.name || '：' || pr.name || '（' || w.scope || '，' || year(w.deadline) || ' 年）目标 ' || figure_text(w.value) || w.unit
           || '，其下辖的' || cr.name || '（' || p.scope || '，' || year(p.deadline) || ' 年）却要 ' || figure_text(p.value) || p.unit AS description,
       [{document_id: w.document_id, clause: w.clause, span_start: w.span_start, span_end: w.span_end,
         observation_id: NULL::VARCHAR, target_id: w.target_id},
        {document_id: p.document_id, clause: p.clause, span_start: p.span_start, span_end: p.span_end,
         observation_id: NULL, target_id: p.target_id}] AS passages
FROM wholes p
JOIN regions cr ON cr.region_id = p.region_id
JOIN wholes w ON w.region_id = cr.parent_id AND w.indicator_id = p.indicator_id
JOIN regions pr ON pr.region_id = w.region_id
JOIN indicators i ON i.indicator_id = p.indicator_id
WHERE p.value > w.value
ORDER BY w.target_id, p.target_id;
