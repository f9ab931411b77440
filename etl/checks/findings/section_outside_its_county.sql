-- 断面的位置不在所写的县里（登记的点或单位清单的坐标；近边界 200 米以内不算）。
SELECT '低' AS severity, '位置' AS kind,
       s.name || '断面写在' || c.name || '，所在的点（' || round(s.longitude, 3) || '，' || round(s.latitude, 3) || '）却在' || p.name AS description,
       [{document_id: d.document_id, clause: s.clause, span_start: s.span_start, span_end: s.span_end,
         observation_id: NULL::VARCHAR, target_id: NULL::VARCHAR}] AS passages
FROM sections s
JOIN regions c ON c.region_id = s.county_id
JOIN regions p ON p.region_id = s.placed_county_id
LEFT JOIN sources d USING (source_id)
WHERE s.placed_county_id <> s.county_id
ORDER BY s.section_id;
