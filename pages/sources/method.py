"""判定方法: the four judgements in plain words, with the limits in force."""

from __future__ import annotations

from dashboard import theme
from dashboard.queries import STATUS_ORDER
from dashboard.text import esc, number, t
from etl.rules.model import Rules


def page(rules: Rules) -> tuple[str, str]:
    """Left: the four judgements and what is never done. Right: the words and when they are used."""
    left = (_judgements(rules) + _list("sources.method.never") + _list("sources.method.basis")
            + f'<div class="note" style="margin-top:8px">{t("sources.method.version", version=esc(rules.version))}</div>')
    right = _statuses() + _schedule_words(rules) + _trend_words(rules)
    return f'<div class="q gap">{left}</div>', f'<div class="q gap">{right}</div>'


def _judgements(rules: Rules) -> str:
    words = rules.schedule
    kept = t("sources.method.schedule.kept", kept=words["kept"], broken=words["broken"], no_baseline=words["no_baseline"],
             least=f"{number(float(rules.minimum_expected_share) * 100)}%")
    blocks = [
        ("judgement.attainment", [t("sources.method.attainment"), t("sources.method.attainment.total")]),
        ("judgement.schedule", [t("sources.method.schedule"), kept]),
        ("judgement.trend", [t("sources.method.trend", least=rules.minimum_points, most=rules.maximum_points)]),
        ("judgement.confidence", [t("sources.method.confidence")]),
    ]
    shown = []
    for key, sentences in blocks:
        name, _, rest = t(key).partition("（")
        small = f'<em>{esc(rest.rstrip("）"))}</em>' if rest else ""
        said = "".join(f'<div style="margin-bottom:4px">{esc(s)}</div>' for s in sentences)
        shown.append(f'<div class="fd"><div class="k" style="font-weight:700">{name}{small}</div><div>{said}</div></div>')
    return f'<h2>{t("sources.method.title")}</h2>{"".join(shown)}'


def _statuses() -> str:
    rows = "".join(f'<tr><td class="nw">{theme.badge(s)}</td><td>{t(f"sources.method.status.{s}")}</td></tr>'
                   for s in STATUS_ORDER)
    return _table(t("sources.method.status"), t("sources.method.status.note"), rows)


def _schedule_words(rules: Rules) -> str:
    on, slightly, far = (f"{limit:.2f}" if limit else "0" for limit in (rules.on_schedule, rules.slightly_behind, rules.far_behind))
    when = {
        "reached": t("sources.method.rule.reached"),
        "on_schedule": t("sources.method.rule.at_least", limit=on),
        "slightly_behind": t("sources.method.rule.between", low=slightly, high=on),
        "far_behind": t("sources.method.rule.between", low=far, high=slightly),
        "reversed": t("sources.method.rule.below", limit=far),
        "kept": t("sources.method.rule.kept"), "broken": t("sources.method.rule.broken"),
        "no_baseline": t("sources.method.rule.no_baseline"),
    }
    return _words(rules.schedule, when, t("sources.method.words"),
                  t("sources.method.words.note", limits=f"{on}、{slightly}、{far}"))


def _trend_words(rules: Rules) -> str:
    when = {key: t(f"sources.method.rule.{key}", least=rules.minimum_points)
            for key in ("will_meet", "accelerate", "turn_around", "too_few", "frozen")}
    return _words(rules.trend, when, t("sources.method.trend.words"), "")


def _words(words: dict[str, str], when: dict[str, str], title: str, note: str) -> str:
    rows = "".join(f'<tr><td class="nw"><b>{esc(words[key])}</b></td><td>{esc(rule)}</td></tr>' for key, rule in when.items())
    return _table(title, note, rows)


def _table(title: str, note: str, rows: str) -> str:
    head = f'<tr><th>{t("sources.method.head.word")}</th><th>{t("sources.method.head.rule")}</th></tr>'
    return (f'<h2>{title}</h2><div class="note">{note}</div>'
            f'<table class="top" style="margin-bottom:18px">{head}{rows}</table>')


def _list(key: str) -> str:
    items = "".join(f"<li>{esc(item)}</li>" for item in t(f"{key}.list").split("|"))
    return f'<h2 style="margin-top:16px">{t(key)}</h2><ul>{items}</ul>'
