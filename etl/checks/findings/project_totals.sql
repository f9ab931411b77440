-- 表内合计与所写合计：附件项目加总、分领域小计、总计，以及正文所写的投资与项目数。
WITH annex AS (
    SELECT document_id, project_type, count(*) AS n, sum(total_investment_10k_cny) AS total,
           sum(plan_period_investment_10k_cny) AS plan_period
    FROM projects WHERE record_kind = 'annex' GROUP BY ALL
), summed AS (
    SELECT p.*, a.n AS summed_count, a.total AS summed_total, a.plan_period AS summed_plan_period
    FROM projects p JOIN annex a ON a.document_id = p.document_id AND a.project_type = p.project_type
    WHERE p.record_kind = 'subtotal'
    UNION ALL
    SELECT p.*, sum(a.n), sum(a.total), sum(a.plan_period)
    FROM projects p JOIN annex a ON a.document_id = p.document_id WHERE p.record_kind = 'total' GROUP BY ALL
), in_text AS (
    SELECT t.*, CASE t.indicator_id WHEN 'key_project_total_investment' THEN p.summed_total / 10000
                                    WHEN 'key_project_plan_period_investment' THEN p.summed_plan_period / 10000
                                    ELSE p.summed_count END AS summed, p.clause AS table_clause,
           p.total_start, p.total_end
    FROM targets t JOIN summed p ON p.document_id = t.document_id AND p.record_kind = 'total'
    WHERE t.indicator_id IN ('key_project_total_investment', 'key_project_plan_period_investment', 'key_project_count')
)
SELECT '高' AS severity, '数值不符' AS kind,
       printf('%s：正文写 %s%s，附件项目加总为 %.2f%s，相差 %.2f%s', name_in_plan, figure_text(value), unit, summed, unit,
              abs(summed - value), unit) AS description,
       [{document_id: document_id, clause: clause, span_start: span_start, span_end: span_end,
         observation_id: NULL::VARCHAR, target_id: target_id},
        {document_id: document_id, clause: table_clause, span_start: total_start, span_end: total_end,
         observation_id: NULL, target_id: NULL}] AS passages
FROM in_text WHERE abs(summed - value) > 0.005
UNION ALL
SELECT '高', '数值不符',
       printf('%s：表中 %d 个、总投资 %.0f 万元，附件加总 %d 个、%.0f 万元', name, project_count, total_investment_10k_cny,
              summed_count, summed_total),
       [{document_id: document_id, clause: clause, span_start: span_start, span_end: span_end, observation_id: NULL,
         target_id: NULL}]
FROM summed
WHERE total_investment_10k_cny <> summed_total OR plan_period_investment_10k_cny <> summed_plan_period
   OR project_count <> summed_count
ORDER BY description;
