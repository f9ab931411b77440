"""The judgements together, the days on which they change, and the real register."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.assess import judgements
from etl.ledger import into_register
from etl.paths import PACKAGE
from etl.readers.tables import read_package
from etl.rules.judge import BEGINNING, END, judge, judgement_spans
from etl.rules.model import Observation, Target

from .build import LATER, RULES, figure, judged, target, total, works, year_end

DAY = timedelta(days=1)


@pytest.mark.parametrize(("n", "goal", "value", "short"), [
    (74, "97.3", "100", -2),  # 72 of 74 are 97.297 %, printed 97.3
    (74, "97.3", "98.6", -1),
    (74, "97.3", "97.3", 0),
    (74, "97.3", "95.9", 1),
    (20, "90", "85", 1),  # one section of 20 is five points
    (20, "90", "90", 0),
    (14, "100", "92.9", 1),
    (12, "91.7", "91.7", 0),  # 11 of 12 are 91.67 %
    (3, "66", "66.7", 0),  # 2 of 3
    (3, "67", "66.7", 0),  # 66.67 % is printed 67
    (3, "68", "66.7", 1),
])
def test_sections_short(n, goal, value, short):
    assert judged(target(value=goal, population=n), figure(value, 2025)).sections_short == short


@pytest.mark.parametrize(("value", "short"), [("45", 2), ("50", 1), ("55", 0)])
def test_more_than_half_of_twenty_sections_are_eleven(value, short):
    assert judged(target(">", "50", population=20), figure(value, 2025)).sections_short == short


@pytest.mark.parametrize("case", [
    target(), target(">=", "101", population=20), target("<=", "5", population=20), target("class_at_least", "3"),
], ids=["no number of sections", "more than all", "a share to keep low", "a class"])
def test_no_count_of_sections(case):
    assert judged(case, figure("4", 2025)).sections_short is None


def test_sections_short_follows_the_latest_figure_while_nothing_is_due():
    case = target(value="97.3", population=74)
    assert judged(case, figure("95.9", 2023), on=date(2024, 6, 1)).sections_short == 1
    assert judged(case, on=date(2024, 6, 1)).sections_short is None


@pytest.mark.parametrize(("figures", "earlier"), [
    ([figure("85", 2023)], 85),
    ([figure("85", 2023), figure("95", 2025)], None),  # judged, no earlier one needed
    ([figure("85", 2023), figure("88", 2025, comparator=">=")], None),  # of the right year, though it decides nothing
    ([figure("85", 2020)], None),  # before the plan
    ([], None),
])
def test_earlier_figure(figures, earlier):
    found = judged(target(plan_start=date(2021, 1, 1)), *figures).earlier_figure
    assert (found and found.value) == earlier


def test_known_figures_count_values_of_the_same_scope():
    figures = [figure("85", 2023), figure("86", date(2024, 3, 31), "month"), figure("80", 2022, same_scope=False),
               figure(None, 2021), figure("90", 2025)]
    assert judged(target(), *figures, on=date(2024, 6, 1)).known_figures == 2


def test_story_of_one_target():
    """Base 2020: 80; 2022 known on 2023-06-05: 82 of expected 84; 2025 known on 2026-06-05: 91; repealed in 2027."""
    case = target(baseline_value="80", repealed_on=date(2027, 1, 1))
    figures = [figure("82", 2022, known_on=date(2023, 6, 5)), figure("91", 2025, known_on=date(2026, 6, 5))]
    told = [(s.valid_from, s.valid_to, s.attainment.word, s.schedule.word)
            for s in judgement_spans(case, figures, RULES)]
    assert told == [
        (BEGINNING, date(2023, 6, 4), "数据未出", None),
        (date(2023, 6, 5), date(2025, 12, 31), "数据未出", "明显滞后"),  # half of what was expected
        (date(2026, 1, 1), date(2026, 6, 4), "到期未报", "明显滞后"),
        (date(2026, 6, 5), date(2026, 12, 31), "达标", "已达目标"),
        (date(2027, 1, 1), END, "已废止", "已达目标"),
    ]


days = st.dates(date(2018, 1, 1), date(2024, 12, 31))
numbers = st.decimals(0, 12, places=1)


@st.composite
def observations(draw) -> Observation:
    end = draw(st.one_of(days, st.sampled_from([year_end(y) for y in range(2018, 2025)])))
    return Observation(
        observation_id="o", value=draw(st.none() | numbers), period_start=draw(st.none() | st.just(date(end.year, 1, 1))),
        period_end=draw(st.none() | st.just(end)), known_on=draw(st.none() | days),
        period_kind=draw(st.sampled_from(["year", "cumulative", "date", "month", "year_to_date", "unstated"])),
        comparator=draw(st.sampled_from(["=", "=", ">=", "<"])), is_provisional=draw(st.booleans()),
        same_scope=draw(st.sampled_from([True, True, False])))


@st.composite
def targets(draw) -> Target:
    comparator = draw(st.sampled_from([">=", ">", "<=", "<", "=", "between", "class_at_least", "text"]))
    value = None if comparator == "text" else draw(st.integers(0, 8).map(Decimal))
    return Target(
        target_id="t", comparator=comparator, deadline=draw(st.none() | days), value=value,
        value_high=value + 2 if comparator == "between" else None, decimals=draw(st.sampled_from([0, 1])),
        period_basis=draw(st.sampled_from(["annual", "point", "cumulative"])), is_cumulative=draw(st.booleans()),
        is_maintain=draw(st.booleans()), period_start=draw(st.none() | st.just(date(2019, 1, 1))),
        plan_start=draw(st.none() | st.just(date(2019, 1, 1))), repealed_on=draw(st.none() | days),
        population=draw(st.none() | st.just(20)), baseline_value=draw(st.none() | numbers),
        baseline_on=draw(st.none() | st.just(year_end(2018))))


@settings(max_examples=150, deadline=None)
@given(targets(), st.lists(observations(), max_size=4))
def test_spans_leave_no_day_out_and_agree_with_the_judgement_of_every_day(case, figures):
    spans = judgement_spans(case, figures, RULES)
    assert (spans[0].valid_from, spans[-1].valid_to) == (BEGINNING, END)
    assert all(later.valid_from == earlier.valid_to + DAY for earlier, later in zip(spans, spans[1:]))
    events = {case.deadline, case.repealed_on} | {d for o in figures for d in (o.known_on, o.period_end)} | {LATER}
    for day in {event + n * DAY for event in events - {None} for n in (-1, 0, 1, 2)}:
        span = next(s for s in spans if s.valid_from <= day <= s.valid_to)
        assert replace(span, valid_from=day, valid_to=day) == judge(case, figures, day, RULES)


@pytest.fixture(scope="module")
def register():
    return into_register(read_package(PACKAGE)[1])


@pytest.fixture(scope="module")
def real(register):
    return judgements(register, RULES)


def test_every_target_of_the_register_is_judged_on_every_day(register, real):
    assert set(real["target_id"]) == set(register["targets"]["target_id"])
    for target_id, spans in real.sort_values("valid_from").groupby("target_id"):
        starts, ends = list(spans["valid_from"]), list(spans["valid_to"])
        assert (starts[0], ends[-1]) == (BEGINNING, END), target_id
        assert starts[1:] == [end + DAY for end in ends[:-1]], target_id


@pytest.mark.parametrize("day", [date(2021, 6, 30), date(2026, 11, 22)])
def test_no_past_target_of_the_register_reads_as_if_it_were_not_due(register, real, day):
    deadlines = register["targets"].set_index("target_id")["deadline"].dropna().map(date.fromisoformat)
    today = real[(real["valid_from"] <= day) & (real["valid_to"] >= day)].set_index("target_id")["status"]
    past_due = today[deadlines[deadlines < day].index]
    assert set(past_due) <= {"达标", "未达标", "到期未报", "定性待评", "已废止"}
    assert {"达标", "到期未报", "定性待评", "已废止"} <= set(past_due)  # the register has all of these on both days
    assert not set(today[deadlines[deadlines >= day].index]) & {"到期未报", "定性待评"}


def test_register_uses_the_words_of_the_configuration(real):
    assert set(real["status"]) <= set(RULES.attainment.values())
    assert set(real["schedule"].dropna()) <= set(RULES.schedule.values())
    assert set(real["trend"]) <= set(RULES.trend.values())
    assert (real["observation_id"].notna() == real["status"].isin(["达标", "未达标"])).all()


def test_running_total_of_the_year_before_is_shown_as_earlier():
    judgement = judged(works(), total("240", 2024))
    assert (judgement.attainment.word, judgement.earlier_figure.value) == ("到期未报", 240)
