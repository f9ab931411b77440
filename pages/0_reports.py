"""First deep link to a fresh server: until app.py has run once, Streamlit looks for a page file here. Hand over."""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).parents[1] / "app.py"))
