"""The four judgements of a target as the pages show them."""

from __future__ import annotations

from dashboard import theme
from dashboard.judgement_text import judgement_rows
from dashboard.text import esc, t


def judgements(row: dict) -> str:
    """The four judgements, each with its sentences."""
    blocks = []
    for number, (label, word, sentences) in enumerate(judgement_rows(row)):
        name, _, rest = label.partition("（")
        small = f'<em>{esc(rest.rstrip("）"))}</em>' if rest else ""
        with_dot = isinstance(row["earlier_observation_id"], str)
        shown = f"<b>{esc(word)}</b>" if number else theme.badge(row["status"], with_dot)
        said = "".join(f"<div>{esc(s)}</div>" for s in sentences)
        blocks.append(f'<div class="fd"><div class="k">{esc(name)}{small}</div><div><div style="font-size:15px">{shown}'
                      f'</div><div class="lead">{said}</div></div></div>')
    return f'<div class="q gap"><h2>{t("judgement.title")}</h2>{"".join(blocks)}</div>'
