"""Opens a page as a copied link would, without a browser."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]


def open_page(name: str, **address: str | list[str]) -> AppTest:
    """The page `name` with these keys in the address; the filters read theirs on the first run of the app."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params.update(address)
    app.run()
    if name != "overview":
        app.switch_page(f"pages/{name}/page.py")
        app.query_params.update(address)
        app.run()
    assert not app.exception
    return app


def markup(app: AppTest) -> str:
    """All markdown of the page in one string."""
    return "".join(block.value for block in app.markdown)
