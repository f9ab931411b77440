-- 期限晚于规划期末的目标，以及起始早于规划期、规划期内投资却等于总投资的项目。
WITH late AS (
    SELECT t.document_id, count(*) AS n,
           list({document_id: t.document_id, clause: t.clause, span_start: coalesce(t.deadline_start, t.span_start),
                 span_end: coalesce(t.deadline_end, t.span_end), observation_id: NULL::VARCHAR, target_id: t.target_id}
                ORDER BY t.target_id) AS passages
    FROM targets t JOIN documents d USING (document_id)
    WHERE t.deadline > d.period_end AND t.duplicate_of IS NULL GROUP BY t.document_id
), early AS (
    SELECT p.document_id, count(*) AS n, string_agg(CAST(p.sequence AS VARCHAR), '、' ORDER BY p.sequence) AS numbers,
           list({document_id: p.document_id, clause: p.clause, span_start: p.span_start, span_end: p.span_end,
                 observation_id: NULL::VARCHAR, target_id: NULL::VARCHAR} ORDER BY p.sequence) AS passages
    FROM projects p JOIN documents d USING (document_id)
    WHERE p.start_year < year(d.period_start) AND p.plan_period_investment_10k_cny = p.total_investment_10k_cny
    GROUP BY p.document_id
)
SELECT '低' AS severity, '期限口径' AS kind,
       r.name || '：' || concat_ws('；',
           '期限晚于规划期末 ' || year(d.period_end) || ' 年的目标 ' || late.n || ' 项',
           '起始早于规划期、规划期内投资却等于总投资的项目 ' || early.n || ' 个（附件 ' || early.numbers || '）') AS description,
       list_concat(coalesce(late.passages, []), coalesce(early.passages, [])) AS passages
FROM documents d JOIN regions r ON r.region_id = d.region_id
LEFT JOIN late ON late.document_id = d.document_id LEFT JOIN early ON early.document_id = d.document_id
WHERE late.n IS NOT NULL OR early.n IS NOT NULL
ORDER BY d.document_id;
