-- 由面积和占比反推的区域总面积，小于区内另一项面积（1 万亩 = 6.6667 平方公里）。
WITH areas AS (
    SELECT o.*, s.document_id, i.name AS indicator,
           o.value * CASE i.unit WHEN '万亩' THEN 20.0 / 3 WHEN '平方公里' THEN 1 END AS square_km
    FROM observations o JOIN indicators i USING (indicator_id) JOIN sources s USING (source_id)
    WHERE i.unit IN ('万亩', '平方公里') AND i.kind = 'level' AND s.kind = 'plan'
), implied AS (
    SELECT a.*, c.value AS share_pct, a.square_km / (c.value / 100) AS whole_square_km
    FROM areas a JOIN observations c ON c.source_id = a.source_id AND c.indicator_id = 'forest_cover_rate'
                                    AND c.period_end = a.period_end
    WHERE a.indicator_id = 'forest_area'
)
SELECT '高' AS severity, '疑似笔误' AS kind,
       printf('%s：森林面积 %.4g 万亩（%.0f 平方公里）与森林覆盖率 %.2f%% 反推全域约 %.0f 平方公里，小于%s %.2f 平方公里',
              r.name, x.value, x.square_km, x.share_pct, x.whole_square_km, b.indicator, b.square_km) AS description,
       [{document_id: x.document_id, clause: x.clause, span_start: x.span_start, span_end: x.span_end,
         observation_id: x.observation_id, target_id: NULL::VARCHAR},
        {document_id: b.document_id, clause: b.clause, span_start: b.span_start, span_end: b.span_end,
         observation_id: b.observation_id, target_id: NULL}] AS passages
FROM implied x JOIN areas b ON b.source_id = x.source_id AND b.indicator_id <> x.indicator_id
JOIN regions r ON r.region_id = x.region_id
WHERE b.square_km > x.whole_square_km
ORDER BY b.square_km DESC;
