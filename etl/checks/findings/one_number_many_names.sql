-- 同一文件里同一个大数（1000 以上）用在不同指标上。
SELECT '低' AS severity, '名称不一' AS kind,
       r.name || '：' || CAST(CAST(o.value AS BIGINT) AS VARCHAR) || o.unit || '分别称“'
           || string_agg(DISTINCT o.name_as_published, '”“' ORDER BY o.name_as_published) || '”' AS description,
       list({document_id: s.document_id, clause: o.clause, span_start: o.span_start, span_end: o.span_end,
             observation_id: o.observation_id, target_id: NULL::VARCHAR} ORDER BY o.span_start) AS passages
FROM observations o JOIN sources s USING (source_id) JOIN regions r ON r.region_id = o.region_id
WHERE s.kind = 'plan' AND o.value >= 1000
GROUP BY r.name, s.source_id, o.value, o.unit HAVING count(DISTINCT o.indicator_id) > 1
ORDER BY s.source_id, o.value, o.unit;
