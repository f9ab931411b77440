-- 同一文件里“每天”有“/日”和“/天”两种写法。
WITH rates AS (
    SELECT document_id, coalesce(printed_unit, unit) AS written, target_id, clause, span_start, span_end
    FROM targets WHERE regexp_matches(coalesce(printed_unit, unit), '/(日|天)$')
)
SELECT '低' AS severity, '单位写法' AS kind,
       r.name || '：“' || string_agg(DISTINCT written, '”“' ORDER BY written) || '”混用' AS description,
       list({document_id: u.document_id, clause: u.clause, span_start: u.span_start, span_end: u.span_end,
             observation_id: NULL::VARCHAR, target_id: u.target_id} ORDER BY u.span_start) AS passages
FROM rates u JOIN documents d USING (document_id) JOIN regions r ON r.region_id = d.region_id
GROUP BY r.name, u.document_id HAVING count(DISTINCT right(written, 1)) > 1
ORDER BY u.document_id;
