-- A figure or words, a unit that fits, a period that is what it says it is.
SELECT _file, _row, 'value' AS "column", '数值和文字至少要有一个' AS rule, CAST(NULL AS VARCHAR) AS found,
       '填数值，定性表述填 value_text' AS remedy
FROM raw_observations WHERE value IS NULL AND value_text IS NULL
UNION ALL
SELECT o._file, o._row, 'unit', '单位与指标目录不一致（目录：' || coalesce(i.unit, '无') || '）', o.unit,
       '换算成目录中的单位，印刷的数字和单位写进 printed_value、printed_unit'
FROM raw_observations o JOIN raw_indicators i USING (indicator_id)
WHERE o.value IS NOT NULL AND o.unit IS DISTINCT FROM i.unit
UNION ALL
SELECT o._file, o._row, 'value', '水质类别序数与类别名不符', concat(o.value_text, '=', o.value),
       'Ⅰ 至 Ⅴ 为 1 至 5，劣Ⅴ 为 6'
FROM raw_observations o JOIN raw_indicators i USING (indicator_id)
WHERE i.kind = 'class' AND o.value IS NOT NULL
  AND o.value IS DISTINCT FROM list_position(['Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', '劣Ⅴ'], o.value_text)
UNION ALL
SELECT o._file, o._row, 'value', '比例不能小于 0', CAST(o.value AS VARCHAR), '核对数字'
FROM raw_observations o JOIN raw_indicators i USING (indicator_id) WHERE i.kind = 'share' AND o.value < 0
UNION ALL
SELECT _file, _row, 'period_end', '统计期首日晚于末日', strftime(period_end, '%Y-%m-%d'), '对调或改正'
FROM raw_observations WHERE period_start > period_end
UNION ALL
SELECT _file, _row, 'period_kind', '统计期与所写种类不符',
       period_kind || '：' || coalesce(strftime(period_start, '%Y-%m-%d'), '') || ' 至 ' || coalesce(strftime(period_end, '%Y-%m-%d'), ''),
       '年度应为全年，月度应为整月，未注明的留空'
FROM raw_observations
WHERE CASE period_kind
        WHEN 'year' THEN NOT coalesce(year(period_start) = year(period_end) AND month(period_start) = 1
                                      AND day(period_start) = 1 AND month(period_end) = 12 AND day(period_end) = 31, false)
        WHEN 'inferred_year' THEN period_end IS NULL
        WHEN 'month' THEN NOT coalesce(day(period_start) = 1 AND period_end = last_day(period_start), false)
        WHEN 'unstated' THEN period_start IS NOT NULL OR period_end IS NOT NULL
        ELSE period_end IS NULL END
UNION ALL
SELECT o._file, o._row, 'status', '转载的数字只能记为初步', o.status, '改成 provisional，取得原文后再改为 final'
FROM raw_observations o JOIN raw_sources s USING (source_id) WHERE s.kind = 'repost' AND o.status = 'final'
UNION ALL
SELECT o._file, o._row,
       CASE WHEN o.clause IS NULL THEN 'clause' WHEN o.span_start IS NULL THEN 'span_start' ELSE 'value_start' END,
       '出自规划文件的数字要有条款和位置', NULL, '补 clause、span_start、span_end、value_start、value_end'
FROM raw_observations o JOIN raw_sources s USING (source_id)
WHERE s.kind = 'plan' AND (o.clause IS NULL OR o.span_start IS NULL OR o.value_start IS NULL)
UNION ALL
SELECT _file, _row, 'observation_id', '同一来源的同一个数出现两次', observation_id, '删去重复的一行'
FROM (SELECT *, count(*) OVER (PARTITION BY indicator_id, region_id, scope, period_start, period_end, source_id, value,
                                            value_text, span_start, clause, name_as_published) AS n FROM raw_observations)
WHERE n > 1;
