-- 期限在文件废止之后。
SELECT '中' AS severity, '效力' AS kind,
       r.name || '：文件 ' || strftime(d.repealed_on, '%Y-%m-%d') || ' 废止，其后才到期的目标有 ' || count(*) || ' 项' AS description,
       [{document_id: d.document_id, clause: '废止时间', span_start: d.repealed_start, span_end: d.repealed_end,
         observation_id: NULL::VARCHAR, target_id: NULL::VARCHAR}]
       || list({document_id: t.document_id, clause: t.clause, span_start: t.span_start, span_end: t.span_end,
                observation_id: NULL::VARCHAR, target_id: t.target_id} ORDER BY t.target_id) AS passages
FROM targets t JOIN documents d USING (document_id) JOIN regions r ON r.region_id = d.region_id
WHERE t.deadline > d.repealed_on AND t.duplicate_of IS NULL
GROUP BY r.name, d.document_id, d.repealed_on, d.repealed_start, d.repealed_end
ORDER BY d.document_id;
