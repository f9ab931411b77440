-- 同一任务里同一单位既牵头又配合。
SELECT '低' AS severity, '重复列名' AS kind,
       r.name || ' ' || m.clause || '：' || o.name || '既列为牵头又列为配合' AS description,
       [{document_id: m.document_id, clause: m.clause, span_start: m.span_start, span_end: m.span_end,
         observation_id: NULL::VARCHAR, target_id: NULL::VARCHAR}] AS passages
FROM responsibilities l JOIN responsibilities s USING (measure_id, organization_id)
JOIN measures m USING (measure_id) JOIN organizations o USING (organization_id) JOIN regions r ON r.region_id = m.region_id
WHERE l.role = 'lead' AND s.role = 'support'
ORDER BY m.measure_id, o.organization_id;
