-- 同一承诺在文件中写了两遍，数值、比较符、口径或期限却不同。
SELECT CASE WHEN a.value IS DISTINCT FROM b.value OR a.deadline IS DISTINCT FROM b.deadline THEN '中' ELSE '低' END AS severity,
       '表述不一' AS kind,
       r.name || ' ' || a.name_in_plan || '（' || a.scope || '）' || a.comparator || ' '
           || coalesce(a.value_text, figure_text(a.value) || a.unit) || '，期限 ' || coalesce(strftime(a.deadline, '%Y-%m-%d'), '未写')
           || '；另一处为 ' || b.name_in_plan || '（' || b.scope || '）' || b.comparator || ' '
           || coalesce(b.value_text, figure_text(b.value) || b.unit) || '，期限 ' || coalesce(strftime(b.deadline, '%Y-%m-%d'), '未写') AS description,
       [{document_id: a.document_id, clause: a.clause, span_start: a.span_start, span_end: a.span_end,
         observation_id: NULL::VARCHAR, target_id: a.target_id},
        {document_id: b.document_id, clause: b.clause, span_start: b.span_start, span_end: b.span_end,
         observation_id: NULL, target_id: b.target_id}] AS passages
FROM targets b JOIN targets a ON a.target_id = b.duplicate_of JOIN regions r ON r.region_id = a.region_id
WHERE (a.value, a.comparator, a.deadline, a.scope) IS DISTINCT FROM (b.value, b.comparator, b.deadline, b.scope)
ORDER BY b.target_id;
