-- 目标比自己的基期还松；同一文件、同一主题、同一基期的合为一条。
SELECT '中' AS severity, '目标方向' AS kind,
       r.name || '（' || i.theme || '）：' || string_agg(
           t.name_in_plan || '目标 ' || t.comparator || figure_text(t.value) || t.unit || '，' || t.baseline_period || ' 年已是 '
           || figure_text(t.baseline_value) || t.unit, '；' ORDER BY t.target_id) AS description,
       list({document_id: t.document_id, clause: t.clause, span_start: t.span_start, span_end: t.span_end,
             observation_id: NULL::VARCHAR, target_id: t.target_id} ORDER BY t.target_id)
       || list({document_id: t.document_id, clause: o.clause, span_start: o.value_start, span_end: o.value_end,
                observation_id: o.observation_id, target_id: NULL::VARCHAR} ORDER BY t.target_id) AS passages
FROM targets t
JOIN regions r USING (region_id)
JOIN indicators i USING (indicator_id)
JOIN observations o ON o.observation_id = t.baseline_observation_id
WHERE t.duplicate_of IS NULL AND o.indicator_id = t.indicator_id AND NOT t.is_maintain
  AND CASE WHEN t.comparator IN ('>=', '>') THEN t.baseline_value > t.value
           WHEN t.comparator IN ('<=', '<') THEN t.baseline_value < t.value ELSE false END
GROUP BY r.name, t.document_id, i.theme, t.baseline_period
ORDER BY r.name, t.baseline_period, i.theme;
