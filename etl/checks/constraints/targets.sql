-- A target is either a figure with a unit or words; a class carries both its rank and its name.
SELECT _file, _row, 'value' AS "column", '数值目标（' || comparator || '）要有目标值' AS rule, CAST(NULL AS VARCHAR) AS found,
       '填目标值；定性目标把比较符写成 text' AS remedy
FROM raw_targets WHERE comparator <> 'text' AND value IS NULL
UNION ALL
SELECT _file, _row, 'value_text', '定性目标和水质类别要有文字', NULL, '填文件中的用语，或水质类别（如 Ⅱ）'
FROM raw_targets WHERE comparator IN ('text', 'class_at_least') AND value_text IS NULL
UNION ALL
SELECT _file, _row, 'value', '定性目标不能有数值', CAST(value AS VARCHAR), '删去数值，或改比较符'
FROM raw_targets WHERE comparator = 'text' AND value IS NOT NULL
UNION ALL
SELECT _file, _row, 'value_high', '区间目标要有上限，且上限大于下限', CAST(value_high AS VARCHAR), '补上区间上限'
FROM raw_targets WHERE comparator = 'between' AND NOT coalesce(value_high > value, false)
UNION ALL
SELECT _file, _row, 'value', '水质类别序数与类别名不符', concat(value_text, '=', value),
       'Ⅰ 至 Ⅴ 为 1 至 5，劣Ⅴ 为 6'
FROM raw_targets
WHERE comparator = 'class_at_least'
  AND value IS DISTINCT FROM list_position(['Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', '劣Ⅴ'], value_text)
UNION ALL
SELECT t._file, t._row, 'unit', '单位与指标目录不一致（目录：' || coalesce(i.unit, '无') || '）', t.unit,
       '改成目录中的单位；印刷单位不同的写进 printed_value、printed_unit'
FROM raw_targets t JOIN raw_indicators i USING (indicator_id)
WHERE t.value IS NOT NULL AND t.unit IS DISTINCT FROM i.unit
UNION ALL
SELECT t._file, t._row, 'indicator_id', '定性与定量不能共用一个指标', t.indicator_id, '换成对应的定性或定量指标'
FROM raw_targets t JOIN raw_indicators i USING (indicator_id)
WHERE (t.comparator = 'text') <> (i.kind = 'text')
UNION ALL
SELECT _file, _row, 'deadline_basis', '期限依据与期限不符', deadline_basis, '有期限的写 explicit、implied 或 project_period，没有的写 none'
FROM raw_targets WHERE (deadline IS NULL) <> (deadline_basis = 'none')
UNION ALL
SELECT _file, _row, 'period_start', '累计起点晚于期限', strftime(period_start, '%Y-%m-%d'), '核对起点与期限'
FROM raw_targets WHERE period_start > deadline
UNION ALL
SELECT t._file, t._row, 'region_id', '区域与文件的区域不一致', t.region_id, '目标的区域应是文件所属区域'
FROM raw_targets t JOIN raw_documents d USING (document_id) WHERE t.region_id <> d.region_id
UNION ALL
SELECT t._file, t._row, 'duplicate_of', '重复目标应指向同一文件中的首次出现', t.duplicate_of, '指向同一文件、自身不是重复的目标'
FROM raw_targets t JOIN raw_targets m ON m.target_id = t.duplicate_of
WHERE m.document_id <> t.document_id OR m.duplicate_of IS NOT NULL OR m.target_id = t.target_id
UNION ALL
SELECT _file, _row, 'scope', '同一文件、指标、口径、期限出现两次', scope, '重复的填 duplicate_of；不同的写清口径'
FROM (SELECT *, count(*) OVER (PARTITION BY document_id, indicator_id, scope, deadline) AS n
      FROM raw_targets WHERE duplicate_of IS NULL) WHERE n > 1;
