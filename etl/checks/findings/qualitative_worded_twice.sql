-- 同一文件对同一定性指标、同一期限提同样的要求，范围却写得不同。
SELECT '低' AS severity, '表述不一' AS kind,
       r.name || ' ' || i.name || '：“' || a.scope || '”' || a.value_text || '，又“' || b.scope || '”' || b.value_text AS description,
       [{document_id: a.document_id, clause: a.clause, span_start: a.span_start, span_end: a.span_end,
         observation_id: NULL::VARCHAR, target_id: a.target_id},
        {document_id: b.document_id, clause: b.clause, span_start: b.span_start, span_end: b.span_end,
         observation_id: NULL, target_id: b.target_id}] AS passages
FROM targets a JOIN targets b ON b.document_id = a.document_id AND b.indicator_id = a.indicator_id
                             AND b.deadline = a.deadline AND b.value_text = a.value_text AND b.scope <> a.scope
                             AND b.target_id > a.target_id
JOIN indicators i ON i.indicator_id = a.indicator_id JOIN regions r ON r.region_id = a.region_id
WHERE a.comparator = 'text' AND b.comparator = 'text' AND a.duplicate_of IS NULL AND b.duplicate_of IS NULL
ORDER BY a.target_id;
