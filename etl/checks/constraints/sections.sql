-- Sections, their published classes, and the limits of GB 3838-2002.
SELECT _file, _row, 'coordinate_basis' AS "column", '经度、纬度与坐标依据要同填或同空' AS rule,
       nullif(concat_ws('、', longitude, latitude, coordinate_basis), '') AS found, '补全，或一起留空' AS remedy
FROM raw_sections
WHERE (longitude IS NULL) <> (latitude IS NULL) OR (longitude IS NULL) <> (coordinate_basis IS NULL)
UNION ALL
SELECT _file, _row, 'national_names', '国家表的叫法要写作“省份|断面名称”', national_names, '按“湖北省|平林”的样子改正，几个之间用分号'
FROM raw_sections
WHERE len(list_filter(string_split(national_names, ';'), lambda pair: NOT regexp_full_match(pair, '[^|;]+\|[^|;]+'))) > 0
UNION ALL
SELECT _file, _row, 'class', '公布的类别要有类别，公布的达标结论要写明是否达标', class_basis,
       '补上 class 或 meets_function，或改 class_basis'
FROM raw_section_classes
WHERE CASE class_basis WHEN 'published_class' THEN class IS NULL ELSE meets_function IS NULL END
UNION ALL
SELECT _file, _row, 'period_kind', '断面类别的时段与所写种类不符',
       period_kind || '：' || coalesce(strftime(period_start, '%Y-%m-%d'), '') || ' 至 ' || coalesce(strftime(period_end, '%Y-%m-%d'), ''),
       '月、季、年应为整月、整季、整年，没有年份的留空'
FROM raw_section_classes
WHERE CASE period_kind
        WHEN 'unknown' THEN period_start IS NOT NULL OR period_end IS NOT NULL
        WHEN 'month' THEN NOT coalesce(day(period_start) = 1 AND period_end = last_day(period_start), false)
        WHEN 'quarter' THEN NOT coalesce(period_start = date_trunc('quarter', period_start)
                                         AND period_end = last_day(period_start + INTERVAL 2 MONTH), false)
        WHEN 'year' THEN NOT coalesce(period_start = date_trunc('year', period_start)
                                      AND period_end = last_day(period_start + INTERVAL 11 MONTH), false)
        ELSE period_start IS NULL OR period_end IS NULL OR period_start > period_end END
UNION ALL
SELECT c._file, c._row, 'source_id', '出自规划文件的结论要有条款和位置', c.source_id, '补上 clause、span_start、span_end'
FROM raw_section_classes c JOIN raw_sources s USING (source_id)
WHERE s.kind = 'plan' AND (c.clause IS NULL OR c.span_start IS NULL)
UNION ALL
SELECT _file, _row, 'bound', '限值没有从Ⅰ类到Ⅴ类依次放宽', bound, '对照 GB 3838-2002 表 1 改正'
FROM raw_class_limits
WHERE CASE bound WHEN 'min' THEN NOT (class_1 >= class_2 AND class_2 >= class_3 AND class_3 >= class_4 AND class_4 >= class_5)
                 ELSE NOT (class_1 <= class_2 AND class_2 <= class_3 AND class_3 <= class_4 AND class_4 <= class_5) END
   OR (bound = 'range') <> (low IS NOT NULL);
