-- A converted figure equals the printed one times the factor of standards/units.csv.
WITH converted AS (
    SELECT _file, _row, value, unit, printed_value, printed_unit FROM raw_targets WHERE printed_unit IS NOT NULL
    UNION ALL
    SELECT _file, _row, value, unit, printed_value, printed_unit FROM raw_observations WHERE printed_unit IS NOT NULL
)
SELECT c._file, c._row, 'printed_unit' AS "column", '换算表里没有这个单位' AS rule,
       c.printed_unit || ' → ' || coalesce(c.unit, '无') AS found, '在 standards/units.csv 加一行系数' AS remedy
FROM converted c LEFT JOIN raw_units u ON u.printed_unit = c.printed_unit AND u.unit = c.unit
WHERE u.factor IS NULL AND c.value IS NOT NULL
UNION ALL
SELECT c._file, c._row, 'value', '数值不等于印刷数字乘系数',
       CAST(c.value AS VARCHAR) || ' ≠ ' || c.printed_value || ' × ' || CAST(u.factor AS VARCHAR), '按换算表重新换算'
FROM converted c JOIN raw_units u ON u.printed_unit = c.printed_unit AND u.unit = c.unit
WHERE coalesce(abs(c.value - TRY_CAST(c.printed_value AS DOUBLE) * u.factor) > 1e-6 * greatest(1, abs(c.value)), true);
