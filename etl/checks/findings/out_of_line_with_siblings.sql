-- 同一文件、同一指标的几个口径，增幅相差悬殊：两期之间相差 10 个百分点以上且超过一倍。比例指标不比。
WITH steps AS (
    SELECT a.document_id, a.indicator_id, a.scope, a.deadline AS from_day, b.deadline AS to_day,
           a.value AS from_value, b.value AS to_value, 100 * (b.value / a.value - 1) AS growth_pct,
           a.target_id AS from_target, b.target_id AS to_target, a.clause AS from_clause, a.span_start AS from_start,
           a.span_end AS from_end, b.clause AS to_clause, b.span_start AS to_start, b.span_end AS to_end, a.unit
    FROM targets a JOIN targets b ON b.document_id = a.document_id AND b.indicator_id = a.indicator_id
                                 AND b.scope = a.scope AND b.deadline > a.deadline
    JOIN indicators i ON i.indicator_id = a.indicator_id
    WHERE a.value > 0 AND a.duplicate_of IS NULL AND b.duplicate_of IS NULL AND i.kind <> 'share'
      AND NOT a.is_cumulative
)
SELECT '中' AS severity, '疑似笔误' AS kind,
       printf('%s：%s 由 %s 到 %s%s（%+.1f%%），同期%s由 %s 到 %s%s（%+.1f%%）', i.name, x.scope, figure_text(x.from_value),
              figure_text(x.to_value), x.unit, x.growth_pct, y.scope, figure_text(y.from_value),
              figure_text(y.to_value), y.unit, y.growth_pct) AS description,
       [{document_id: x.document_id, clause: x.from_clause, span_start: x.from_start, span_end: x.from_end,
         observation_id: NULL::VARCHAR, target_id: x.from_target},
        {document_id: x.document_id, clause: x.to_clause, span_start: x.to_start, span_end: x.to_end,
         observation_id: NULL, target_id: x.to_target},
        {document_id: y.document_id, clause: y.to_clause, span_start: y.to_start, span_end: y.to_end,
         observation_id: NULL, target_id: y.to_target}] AS passages
FROM steps x
JOIN steps y ON y.document_id = x.document_id AND y.indicator_id = x.indicator_id AND y.scope <> x.scope
            AND y.from_day = x.from_day AND y.to_day = x.to_day
JOIN indicators i ON i.indicator_id = x.indicator_id
WHERE abs(x.growth_pct) > abs(y.growth_pct) AND abs(x.growth_pct - y.growth_pct) > 10
  AND abs(x.growth_pct) > 2 * abs(y.growth_pct)
ORDER BY x.to_target, y.to_target, x.from_target;
