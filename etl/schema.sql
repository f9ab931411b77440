-- Every table and view of the database. Columns that come from data/datapackage.json carry the same names;
-- their Chinese descriptions are attached as COMMENTs when the database is built (etl/load.py).

-- ── register ────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE regions (
    region_id VARCHAR PRIMARY KEY,      -- GB/T 2260
    name VARCHAR NOT NULL,
    name_en VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    parent_id VARCHAR
);

CREATE TABLE documents (
    document_id VARCHAR PRIMARY KEY,
    region_id VARCHAR NOT NULL REFERENCES regions (region_id),
    title VARCHAR NOT NULL,
    short_title VARCHAR NOT NULL,
    document_number VARCHAR,            -- empty: the document does not say
    issuer VARCHAR,
    issued_on DATE,                     -- month only: last day of that month
    issued_precision VARCHAR,
    issued_start INTEGER,
    issued_end INTEGER,
    effective_on DATE,
    repealed_on DATE,                   -- from this day its targets read 已废止
    repealed_start INTEGER,
    repealed_end INTEGER,
    period_start DATE NOT NULL,
    period_end DATE NOT NULL,
    index_number VARCHAR,
    file_name VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    script VARCHAR NOT NULL,
    url VARCHAR,
    note VARCHAR
);

CREATE TABLE organizations (
    organization_id VARCHAR PRIMARY KEY,
    region_id VARCHAR NOT NULL REFERENCES regions (region_id),
    name VARCHAR NOT NULL,
    aliases VARCHAR
);

CREATE TABLE indicators (
    indicator_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    name_en VARCHAR NOT NULL,
    theme VARCHAR NOT NULL,
    unit VARCHAR,
    direction VARCHAR NOT NULL,         -- higher lower none
    kind VARCHAR NOT NULL,              -- share level count concentration class cumulative reduction flow text
    period_basis VARCHAR NOT NULL,      -- annual point cumulative text
    decimals INTEGER NOT NULL,
    definition VARCHAR NOT NULL
);

CREATE TABLE sources (
    source_id VARCHAR PRIMARY KEY,
    kind VARCHAR NOT NULL,              -- plan bulletin repost upload manual
    title VARCHAR NOT NULL,
    publisher VARCHAR NOT NULL,
    published_on DATE,
    published_precision VARCHAR,
    url VARCHAR,
    clause VARCHAR,
    confidence VARCHAR NOT NULL,        -- high medium low
    document_id VARCHAR REFERENCES documents (document_id)
);

CREATE TABLE observations (
    observation_id VARCHAR PRIMARY KEY,
    indicator_id VARCHAR NOT NULL REFERENCES indicators (indicator_id),
    region_id VARCHAR NOT NULL REFERENCES regions (region_id),
    scope VARCHAR NOT NULL,
    name_as_published VARCHAR NOT NULL,
    comparator VARCHAR NOT NULL,        -- "=" or a bound
    value DOUBLE,                       -- in `unit`; a water class is its rank 1 (Ⅰ) to 6 (劣Ⅴ)
    value_text VARCHAR,
    unit VARCHAR,
    printed_value VARCHAR,
    printed_unit VARCHAR,
    period_start DATE,
    period_end DATE,
    period_kind VARCHAR NOT NULL,
    period_text VARCHAR,
    source_id VARCHAR NOT NULL REFERENCES sources (source_id),
    status VARCHAR NOT NULL,            -- final provisional context
    clause VARCHAR,
    span_start INTEGER,
    span_end INTEGER,
    value_start INTEGER,
    value_end INTEGER,
    entered_at DATE NOT NULL,
    note VARCHAR,
    superseded_by VARCHAR,              -- the entered figure that replaces it
    superseded_on DATE                  -- from which day on
);

CREATE TABLE targets (
    target_id VARCHAR PRIMARY KEY,
    indicator_id VARCHAR NOT NULL REFERENCES indicators (indicator_id),
    region_id VARCHAR NOT NULL REFERENCES regions (region_id),
    document_id VARCHAR NOT NULL REFERENCES documents (document_id),
    name_in_plan VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,
    comparator VARCHAR NOT NULL,        -- >= > <= < = between class_at_least text
    value DOUBLE,                       -- in `unit`; a water class is its rank
    value_high DOUBLE,
    value_text VARCHAR,
    unit VARCHAR,
    decimals INTEGER,                   -- as printed in the plan; comparisons round to it
    printed_value VARCHAR,
    printed_unit VARCHAR,
    deadline DATE,                      -- last day of the stated period
    deadline_basis VARCHAR NOT NULL,    -- explicit implied project_period none
    deadline_start INTEGER,
    deadline_end INTEGER,
    period_start DATE,
    is_cumulative BOOLEAN NOT NULL,
    is_maintain BOOLEAN NOT NULL,
    is_approximate BOOLEAN NOT NULL,
    is_aspirational BOOLEAN NOT NULL,
    binding VARCHAR,                    -- 约束性 预期性
    baseline_value DOUBLE,
    baseline_period VARCHAR,
    baseline_observation_id VARCHAR REFERENCES observations (observation_id),
    clause VARCHAR,
    span_start INTEGER,                 -- characters of the document as decoded from UTF-8
    span_end INTEGER,
    value_start INTEGER,
    value_end INTEGER,
    duplicate_of VARCHAR,
    comparison_note VARCHAR,
    note VARCHAR,
    is_added_by_review BOOLEAN NOT NULL
);

CREATE TABLE measures (
    measure_id VARCHAR PRIMARY KEY,
    document_id VARCHAR NOT NULL REFERENCES documents (document_id),
    region_id VARCHAR NOT NULL REFERENCES regions (region_id),
    title VARCHAR NOT NULL,
    section_title VARCHAR,
    deadlines VARCHAR,
    reporting VARCHAR,                  -- kinds of report it asks for, with ; between: dispatch (quarterly) bulletin (half-yearly) assessment (yearly)
    clause VARCHAR,
    span_start INTEGER,
    span_end INTEGER
);

CREATE TABLE measure_targets (
    measure_id VARCHAR NOT NULL REFERENCES measures (measure_id),
    target_id VARCHAR NOT NULL REFERENCES targets (target_id),
    PRIMARY KEY (measure_id, target_id)
);

CREATE TABLE projects (
    project_id VARCHAR PRIMARY KEY,
    document_id VARCHAR NOT NULL REFERENCES documents (document_id),
    region_id VARCHAR NOT NULL REFERENCES regions (region_id),
    record_kind VARCHAR NOT NULL,       -- annex subtotal total named
    sequence INTEGER,
    project_type VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    project_count INTEGER,
    start_year INTEGER,
    end_year INTEGER,
    total_investment_10k_cny DOUBLE,
    plan_period_investment_10k_cny DOUBLE,
    clause VARCHAR,
    span_start INTEGER,
    span_end INTEGER,
    years_start INTEGER,
    years_end INTEGER,
    total_start INTEGER,
    total_end INTEGER,
    plan_period_start INTEGER,
    plan_period_end INTEGER,
    count_start INTEGER,
    count_end INTEGER,
    place_name VARCHAR,                 -- town or county its name states
    longitude DOUBLE,                   -- WGS84
    latitude DOUBLE,
    coordinate_basis VARCHAR,           -- town county
    note VARCHAR,
    placed_county_id VARCHAR,           -- the county and the basin its point lies in
    basin_id VARCHAR
);

CREATE TABLE responsibilities (
    responsibility_id VARCHAR PRIMARY KEY,
    target_id VARCHAR REFERENCES targets (target_id),
    measure_id VARCHAR REFERENCES measures (measure_id),
    project_id VARCHAR REFERENCES projects (project_id),
    organization_id VARCHAR NOT NULL REFERENCES organizations (organization_id),
    role VARCHAR NOT NULL               -- lead support implement
);

CREATE TABLE entries (                  -- what people entered, never changed; figures that stand are in `observations` too
    load_id VARCHAR NOT NULL,
    confirmed_by VARCHAR NOT NULL,
    confirmed_at VARCHAR NOT NULL,      -- UTC, 2026-11-22T09:30:00Z
    load_note VARCHAR,
    file_name VARCHAR,
    file_sha256 VARCHAR,
    entry_id VARCHAR PRIMARY KEY,
    kind VARCHAR NOT NULL,              -- figure verdict stage note withdrawal
    target_id VARCHAR,
    indicator_id VARCHAR,
    region_id VARCHAR,
    scope VARCHAR,
    measure_id VARCHAR,
    project_id VARCHAR,
    comparator VARCHAR,
    value DOUBLE,                       -- in `unit`; a water class is its rank
    value_text VARCHAR,
    unit VARCHAR,
    printed_value VARCHAR,
    printed_unit VARCHAR,
    period_kind VARCHAR,
    period_start DATE,
    period_end DATE,                    -- of a note: the day promised in it
    period_text VARCHAR,
    status VARCHAR,                     -- final provisional
    verdict VARCHAR,                    -- 达标 未达标
    stage VARCHAR,
    reason VARCHAR,                     -- of a note: its text
    evidence VARCHAR,
    judged_by VARCHAR,
    judged_on DATE,
    publisher VARCHAR,
    published_on DATE,
    url VARCHAR,
    note VARCHAR,
    withdraws VARCHAR,                  -- entry_id
    supersedes VARCHAR,                 -- observation_ids, joined by ;
    file_row VARCHAR,
    state VARCHAR NOT NULL,             -- current superseded withdrawn
    replaced_by VARCHAR,                -- entry_id
    known_on DATE NOT NULL              -- published, else judged, else confirmed
);

CREATE TABLE sections (                 -- register, the offices' own lists, and what only the national table names
    section_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    aliases VARCHAR,
    national_names VARCHAR,             -- 省份|断面名称 in the national table
    region_id VARCHAR REFERENCES regions (region_id),
    county_id VARCHAR,
    river VARCHAR,
    basin VARCHAR,                      -- as its source names it
    basin_id VARCHAR,
    level VARCHAR,                      -- 国控 省控 市控 县控
    water_body_type VARCHAR,            -- river lake_reservoir
    longitude DOUBLE,                   -- WGS84
    latitude DOUBLE,
    coordinate_basis VARCHAR,           -- surveyed office_list town county
    target_class VARCHAR,               -- Ⅰ Ⅱ Ⅲ Ⅳ Ⅴ 劣Ⅴ
    source_id VARCHAR NOT NULL REFERENCES sources (source_id),
    site_kind VARCHAR NOT NULL,
    note VARCHAR,
    clause VARCHAR,
    span_start INTEGER,
    span_end INTEGER,
    origin VARCHAR NOT NULL,            -- register office_list national_table
    placed_county_id VARCHAR            -- the county its point lies in
);

-- ── maps: WGS84, in DuckDB's own GEOMETRY (etl/geography.py; layers: geo/README.md) ─────────────────────
CREATE TABLE county_shapes (
    region_id VARCHAR PRIMARY KEY,      -- GB/T 2260
    name VARCHAR NOT NULL,
    parent_id VARCHAR,
    label_longitude DOUBLE,
    label_latitude DOUBLE,
    geometry GEOMETRY NOT NULL
);

CREATE TABLE basins (
    basin_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    system VARCHAR,                     -- 水系
    region_id VARCHAR,                  -- the plan region it is clipped to
    area_km2 DOUBLE,
    is_own_layer BOOLEAN NOT NULL,      -- imported by the user; else derived from an elevation model: 示意
    geometry GEOMETRY NOT NULL
);

CREATE TABLE rivers (
    river_id VARCHAR PRIMARY KEY,
    name VARCHAR,
    system VARCHAR,
    region_id VARCHAR,
    upa_km2 DOUBLE,                     -- upstream area
    is_schematic BOOLEAN,               -- straight across a flat, or led by hand
    is_own_layer BOOLEAN NOT NULL,
    geometry GEOMETRY NOT NULL
);

CREATE TABLE reservoirs (               -- points: no package holds their outlines
    name VARCHAR NOT NULL,
    region_id VARCHAR NOT NULL,
    county_id VARCHAR,
    place_basis VARCHAR NOT NULL,       -- town catchment
    longitude DOUBLE NOT NULL,
    latitude DOUBLE NOT NULL,
    note VARCHAR,
    PRIMARY KEY (region_id, name)
);

CREATE TABLE national_renames (         -- stations of the national table that changed their name
    province VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    current_name VARCHAR NOT NULL,
    basis VARCHAR NOT NULL,
    PRIMARY KEY (province, name)
);

CREATE TABLE national_lake_points (     -- stations in lakes and reservoirs whose names do not say so
    province VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    lake VARCHAR NOT NULL,
    basis VARCHAR NOT NULL,
    PRIMARY KEY (province, name)
);

CREATE TABLE office_sections (          -- the offices' own lists, row by row; in `sections` the latest word counts
    section_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    province VARCHAR,
    city VARCHAR,
    county VARCHAR,
    region_id VARCHAR,
    county_id VARCHAR,
    river VARCHAR,
    level VARCHAR,
    water_body_type VARCHAR,
    target_class VARCHAR,
    longitude DOUBLE,                   -- WGS84
    latitude DOUBLE,
    coordinate_system VARCHAR,          -- of the list
    national_name VARCHAR,
    file_name VARCHAR NOT NULL,
    file_sha256 VARCHAR NOT NULL,
    file_row INTEGER NOT NULL,
    imported_at DATE NOT NULL,
    PRIMARY KEY (section_id, file_sha256)
);

CREATE TABLE parameters (
    parameter VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    name_en VARCHAR NOT NULL,
    symbol VARCHAR,
    unit VARCHAR NOT NULL,
    gb3838_number INTEGER,              -- in table 1 of GB 3838-2002; empty: not in the table
    decimals INTEGER NOT NULL,
    counts_for_class BOOLEAN NOT NULL,  -- 环办〔2011〕22号
    has_exceedance_multiple BOOLEAN NOT NULL,
    comes_first BOOLEAN NOT NULL,       -- cyanide and heavy metals lead the main pollutants
    plausible_low DOUBLE,               -- outside: flagged, never dropped
    plausible_high DOUBLE,
    source VARCHAR NOT NULL
);

CREATE TABLE class_limits (             -- GB 3838-2002 table 1, in the unit of the parameter
    parameter VARCHAR NOT NULL REFERENCES parameters (parameter),
    water_body_type VARCHAR NOT NULL,   -- any river lake_reservoir
    bound VARCHAR NOT NULL,             -- max min range
    low DOUBLE,                         -- lower end of a range
    class_1 DOUBLE NOT NULL,
    class_2 DOUBLE NOT NULL,
    class_3 DOUBLE NOT NULL,
    class_4 DOUBLE NOT NULL,
    class_5 DOUBLE NOT NULL,
    source VARCHAR NOT NULL,
    PRIMARY KEY (parameter, water_body_type)
);

CREATE TABLE section_classes (          -- published by bulletins, or computed from the samples of a period
    section_class_id VARCHAR PRIMARY KEY,
    section_id VARCHAR NOT NULL REFERENCES sections (section_id),
    period_start DATE,                  -- empty: the bulletin does not say the year
    period_end DATE,
    period_kind VARCHAR NOT NULL,       -- month quarter half_year year years months date unknown
    period_text VARCHAR NOT NULL,
    class VARCHAR,                      -- Ⅰ Ⅱ Ⅲ Ⅳ Ⅴ 劣Ⅴ; empty: the bulletin only says whether it meets its function
    class_basis VARCHAR NOT NULL,       -- published_class published_statement computed
    target_class VARCHAR,
    meets_function BOOLEAN,
    worst_parameters VARCHAR,           -- main pollutants; of computed ones with their exceedance multiple
    source_id VARCHAR NOT NULL REFERENCES sources (source_id),
    clause VARCHAR,
    span_start INTEGER,
    span_end INTEGER,
    note VARCHAR,
    readings INTEGER                    -- computed ones: how many samplings the means rest on
);

-- ── readings of the national table (etl/readings.py; truth: data/readings/*.parquet) ────────────────────
CREATE TABLE imports (                  -- one row per imported file
    source_id VARCHAR PRIMARY KEY REFERENCES sources (source_id),
    file_name VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    carrier VARCHAR NOT NULL,           -- json csv xlsx
    fetched_at TIMESTAMP NOT NULL,      -- UTC+8; no MM-DD time of the file lies after it
    fetched_basis VARCHAR NOT NULL,     -- option content file_name modified
    imported_at TIMESTAMP NOT NULL,     -- UTC
    stated_rows INTEGER,                -- `records` of the reply
    file_rows INTEGER NOT NULL,
    dropped_rows INTEGER NOT NULL,      -- without a time or a section; listed in the report
    kept_rows INTEGER NOT NULL
);

CREATE TABLE readings (                 -- one row per section and sampling; the last word on it
    section_id VARCHAR NOT NULL,
    sampled_at TIMESTAMP NOT NULL,      -- UTC+8
    class VARCHAR,                      -- computed by GB 3838-2002; empty: no value that counts, or in maintenance and none published
    published_class VARCHAR,            -- as the national table prints it
    worst_parameters VARCHAR,           -- parameters of the worst class, 、 between them; empty for Ⅰ and Ⅱ
    exceeding VARCHAR,                  -- parameters over Ⅲ with their multiple
    station_status VARCHAR,             -- 正常 维护 停站 不具备运行条件; empty: the table has no such column
    source_id VARCHAR NOT NULL,
    source_row INTEGER NOT NULL,
    PRIMARY KEY (section_id, sampled_at)
);

CREATE TABLE sampled_values (           -- the values of `readings`, as stored; ask `samples` instead
    section_id VARCHAR NOT NULL,
    sampled_at TIMESTAMP NOT NULL,
    source_id VARCHAR NOT NULL,
    water_temperature DOUBLE, water_temperature_raw DOUBLE, water_temperature_flag VARCHAR,
    ph DOUBLE, ph_raw DOUBLE, ph_flag VARCHAR,
    dissolved_oxygen DOUBLE, dissolved_oxygen_raw DOUBLE, dissolved_oxygen_flag VARCHAR,
    conductivity DOUBLE, conductivity_raw DOUBLE, conductivity_flag VARCHAR,
    turbidity DOUBLE, turbidity_raw DOUBLE, turbidity_flag VARCHAR,
    permanganate_index DOUBLE, permanganate_index_raw DOUBLE, permanganate_index_flag VARCHAR,
    ammonia_nitrogen DOUBLE, ammonia_nitrogen_raw DOUBLE, ammonia_nitrogen_flag VARCHAR,
    total_phosphorus DOUBLE, total_phosphorus_raw DOUBLE, total_phosphorus_flag VARCHAR,
    total_nitrogen DOUBLE, total_nitrogen_raw DOUBLE, total_nitrogen_flag VARCHAR,
    chlorophyll_a DOUBLE, chlorophyll_a_raw DOUBLE, chlorophyll_a_flag VARCHAR,
    algal_density DOUBLE, algal_density_raw DOUBLE, algal_density_flag VARCHAR
);

-- One row per reading of a parameter; of revised ones the last. `value` is what the table displays, in the unit of the
-- parameter, empty where it was withheld (see `flag`); `raw_value` its 原始值. Flags: no_value extreme_filtered
-- quality_control_failed unreadable jump implausible half_detection_limit. A parameter the station does not measure has no row.
CREATE VIEW samples AS
    SELECT section_id, sampled_at, 'water_temperature' AS parameter, water_temperature AS value, water_temperature_raw AS raw_value, water_temperature_flag AS flag, source_id
    FROM sampled_values WHERE water_temperature IS NOT NULL OR water_temperature_flag IS NOT NULL
    UNION ALL
    SELECT section_id, sampled_at, 'ph', ph, ph_raw, ph_flag, source_id
    FROM sampled_values WHERE ph IS NOT NULL OR ph_flag IS NOT NULL
    UNION ALL
    SELECT section_id, sampled_at, 'dissolved_oxygen', dissolved_oxygen, dissolved_oxygen_raw, dissolved_oxygen_flag, source_id
    FROM sampled_values WHERE dissolved_oxygen IS NOT NULL OR dissolved_oxygen_flag IS NOT NULL
    UNION ALL
    SELECT section_id, sampled_at, 'conductivity', conductivity, conductivity_raw, conductivity_flag, source_id
    FROM sampled_values WHERE conductivity IS NOT NULL OR conductivity_flag IS NOT NULL
    UNION ALL
    SELECT section_id, sampled_at, 'turbidity', turbidity, turbidity_raw, turbidity_flag, source_id
    FROM sampled_values WHERE turbidity IS NOT NULL OR turbidity_flag IS NOT NULL
    UNION ALL
    SELECT section_id, sampled_at, 'permanganate_index', permanganate_index, permanganate_index_raw, permanganate_index_flag, source_id
    FROM sampled_values WHERE permanganate_index IS NOT NULL OR permanganate_index_flag IS NOT NULL
    UNION ALL
    SELECT section_id, sampled_at, 'ammonia_nitrogen', ammonia_nitrogen, ammonia_nitrogen_raw, ammonia_nitrogen_flag, source_id
    FROM sampled_values WHERE ammonia_nitrogen IS NOT NULL OR ammonia_nitrogen_flag IS NOT NULL
    UNION ALL
    SELECT section_id, sampled_at, 'total_phosphorus', total_phosphorus, total_phosphorus_raw, total_phosphorus_flag, source_id
    FROM sampled_values WHERE total_phosphorus IS NOT NULL OR total_phosphorus_flag IS NOT NULL
    UNION ALL
    SELECT section_id, sampled_at, 'total_nitrogen', total_nitrogen, total_nitrogen_raw, total_nitrogen_flag, source_id
    FROM sampled_values WHERE total_nitrogen IS NOT NULL OR total_nitrogen_flag IS NOT NULL
    UNION ALL
    SELECT section_id, sampled_at, 'chlorophyll_a', chlorophyll_a, chlorophyll_a_raw, chlorophyll_a_flag, source_id
    FROM sampled_values WHERE chlorophyll_a IS NOT NULL OR chlorophyll_a_flag IS NOT NULL
    UNION ALL
    SELECT section_id, sampled_at, 'algal_density', algal_density, algal_density_raw, algal_density_flag, source_id
    FROM sampled_values WHERE algal_density IS NOT NULL OR algal_density_flag IS NOT NULL;

CREATE TABLE superseded_readings (      -- revised or repeated rows that a later one replaced
    section_id VARCHAR NOT NULL,
    sampled_at TIMESTAMP NOT NULL,
    published_class VARCHAR,
    station_status VARCHAR,
    source_id VARCHAR NOT NULL,
    source_row INTEGER NOT NULL,
    kind VARCHAR NOT NULL,              -- revised: the file gave this sampling different contents; identical: nothing new
    by_source_id VARCHAR NOT NULL,
    by_row INTEGER NOT NULL
);

CREATE TABLE superseded_samples (       -- values of the revised rows
    section_id VARCHAR NOT NULL,
    sampled_at TIMESTAMP NOT NULL,
    parameter VARCHAR NOT NULL,
    value DOUBLE,
    raw_value DOUBLE,
    source_id VARCHAR NOT NULL,
    source_row INTEGER NOT NULL
);

CREATE TABLE section_means (            -- arithmetic means of a period
    section_id VARCHAR NOT NULL,
    parameter VARCHAR NOT NULL,
    period_kind VARCHAR NOT NULL,       -- month quarter year
    period_start DATE NOT NULL,
    period_end DATE NOT NULL,
    mean DOUBLE NOT NULL,               -- of the samplings of a month; of the monthly means of a quarter or year
    samplings INTEGER NOT NULL,
    months INTEGER NOT NULL,
    is_sufficient BOOLEAN NOT NULL,     -- quarter: two months, year: eight (data/standards/water_quality.toml)
    PRIMARY KEY (section_id, parameter, period_kind, period_start)
);

CREATE TABLE doubtful_matches (         -- a name of the national table that may be a section of the register
    national_section_id VARCHAR NOT NULL,
    section_id VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    PRIMARY KEY (national_section_id, section_id)
);

CREATE TABLE document_issues (
    issue_id VARCHAR PRIMARY KEY,
    origin VARCHAR NOT NULL,            -- curated: read by a person; computed: found by etl/checks/findings
    rule VARCHAR,                       -- name of the computation, for computed ones
    severity VARCHAR NOT NULL,          -- 高 中 低
    kind VARCHAR NOT NULL,
    description VARCHAR NOT NULL,
    found_by VARCHAR NOT NULL,          -- reader second_reader published_figures computation
    verdict VARCHAR,                    -- confirmed partly_overstated scope_note
    review_note VARCHAR,
    same_as_issue_id VARCHAR            -- the curated issue a computed one is about
);

CREATE TABLE document_issue_passages (
    issue_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    document_id VARCHAR,
    clause VARCHAR,
    span_start INTEGER,
    span_end INTEGER,
    observation_id VARCHAR,
    target_id VARCHAR,
    PRIMARY KEY (issue_id, position)
);

-- ── what a refresh makes ────────────────────────────────────────────────────────────────────────────────
CREATE TABLE judgements (               -- spans of days on which a target's four judgements do not change
    target_id VARCHAR NOT NULL REFERENCES targets (target_id),
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    status VARCHAR NOT NULL,            -- 达标 未达标 到期未报 数据未出 定性待评 已废止
    observation_id VARCHAR,             -- the figure 达标 or 未达标 rests on
    verdict_id VARCHAR,                 -- or the entry in which a person judged it
    figures_disagree BOOLEAN NOT NULL,  -- equally good figures differ; the less favourable one judged
    schedule VARCHAR,                   -- 已达目标 按期 略有滞后 明显滞后 倒退 缺基期 保持 跌破, or nothing
    latest_observation_id VARCHAR,      -- the figure schedule and gap rest on
    earlier_observation_id VARCHAR,     -- a figure inside the plan period, before the year the target is due for
    gap_to_target DOUBLE,               -- latest figure minus target, in the target's unit (classes for a class)
    path VARCHAR,                       -- milestones straight_line elapsed_share
    path_baseline_value DOUBLE,
    path_baseline_on DATE,
    baseline_is_nearest BOOLEAN NOT NULL,
    expected_value DOUBLE,              -- on the path, at the date of the latest figure
    gap_to_path DOUBLE,
    completed_share DOUBLE,             -- 0–1
    expected_share DOUBLE,              -- 0–1
    schedule_ratio DOUBLE,              -- completed over expected
    level_ratio DOUBLE,                 -- 水平完成率, only where there is no baseline
    trend VARCHAR,                      -- 可望按期完成 需提速 需扭转 数据不足 不再估算 (an estimate)
    trend_points INTEGER NOT NULL,
    trend_slope DOUBLE,                 -- units per year
    required_slope DOUBLE,              -- units per year
    forecast DOUBLE,                    -- at the deadline
    speed_up DOUBLE,                    -- required over recent change
    known_figures INTEGER NOT NULL,
    sections_short INTEGER,             -- sections missing to a share target; negative is a margin
    rules_version VARCHAR NOT NULL,
    PRIMARY KEY (target_id, valid_from)
);

CREATE TABLE loads (
    version VARCHAR PRIMARY KEY,
    built_at TIMESTAMP NOT NULL,        -- UTC
    data_sha256 VARCHAR NOT NULL,       -- over all input files
    rules_version VARCHAR NOT NULL,
    target_count INTEGER NOT NULL,
    observation_count INTEGER NOT NULL,
    seconds DOUBLE NOT NULL,
    readings_sha256 VARCHAR NOT NULL,   -- over the imported readings and the rules they are judged by
    schema_sha256 VARCHAR               -- over this file, as it was when the version was built
);

CREATE TABLE changes (                  -- against the version before; empty for a first build
    version VARCHAR NOT NULL,
    "table" VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    change VARCHAR NOT NULL             -- added changed removed
);

-- Rank of a water class, 1 (Ⅰ) to 6 (劣Ⅴ).
CREATE MACRO class_rank(class) AS list_position(['Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', '劣Ⅴ'], class);

-- Whether no later figure has taken the place of a figure by that day.
CREATE MACRO stands(superseded_on, day) AS superseded_on IS NULL OR CAST(day AS DATE) < superseded_on;

-- Whether a reading counts for classes and means: those taken in maintenance are shown only.
CREATE MACRO is_counted(station_status) AS station_status IS NULL OR station_status = '正常';

-- Whether a region is a county or what stands in its place.
CREATE MACRO is_county_level(level) AS level IN ('county', 'district', 'county_level_city', 'autonomous_county');

-- A figure without the trailing .0 of whole numbers.
CREATE MACRO figure_text(figure) AS regexp_replace(CAST(figure AS VARCHAR), '\.0$', '');

-- One row per target on a day: SELECT * FROM attainment(DATE '2026-11-22').
CREATE MACRO attainment(as_of) AS TABLE
    SELECT
        j.target_id, t.indicator_id, t.region_id, t.document_id, t.name_in_plan, t.scope,
        CAST(as_of AS DATE) AS as_of,
        t.comparator, t.value AS target_value, t.value_high AS target_value_high, t.value_text AS target_text,
        t.unit, t.decimals, t.deadline, t.deadline_basis, t.period_start, t.is_cumulative, t.is_maintain,
        t.is_approximate, t.binding, t.duplicate_of,
        t.baseline_value, t.baseline_period, d.repealed_on, d.issued_on,
        coalesce(d.issued_on <= CAST(as_of AS DATE), d.period_start <= CAST(as_of AS DATE)) AS is_issued,
        t.duplicate_of IS NULL AND j.status <> '已废止' AS is_counted,
        coalesce(t.deadline < CAST(as_of AS DATE), false) AS is_due,
        CASE WHEN t.deadline < CAST(as_of AS DATE) THEN datediff('day', t.deadline, CAST(as_of AS DATE)) END
            AS days_past_deadline,
        -- 1 达标
        j.status, j.observation_id, j.verdict_id, v.reason AS verdict_reason, v.evidence AS verdict_evidence,
        coalesce(v.judged_by, v.confirmed_by) AS judged_by, v.known_on AS judged_on, o.value AS actual_value, o.value_text AS actual_text,
        o.period_text AS actual_period, j.figures_disagree,
        -- 2 进度
        j.schedule, j.latest_observation_id, l.value AS latest_value, l.value_text AS latest_text,
        l.period_end AS latest_period_end, l.period_text AS latest_period, j.earlier_observation_id,
        j.gap_to_target, j.path, j.path_baseline_value, j.path_baseline_on, j.baseline_is_nearest,
        j.expected_value, j.gap_to_path, j.completed_share, j.expected_share, j.schedule_ratio, j.level_ratio,
        j.sections_short,
        -- 3 走势（估算）
        j.trend, j.trend_points, j.trend_slope, j.required_slope, j.forecast, j.speed_up,
        -- 4 可信度
        CASE WHEN l.observation_id IS NULL THEN '无数'
             WHEN s.kind = 'repost' THEN '转载'
             WHEN l.status = 'provisional' THEN '初步'
             ELSE '正式' END AS confidence,
        l.period_end AS data_date, s.published_on, s.source_id, s.kind AS source_kind,
        s.confidence AS source_confidence, j.known_figures, j.rules_version
    FROM judgements j
    JOIN targets t USING (target_id)
    JOIN documents d ON d.document_id = t.document_id
    LEFT JOIN observations o ON o.observation_id = j.observation_id
    LEFT JOIN observations l ON l.observation_id = coalesce(j.observation_id, j.latest_observation_id)
    LEFT JOIN sources s ON s.source_id = l.source_id
    LEFT JOIN entries v ON v.entry_id = j.verdict_id
    WHERE CAST(as_of AS DATE) BETWEEN j.valid_from AND j.valid_to;
