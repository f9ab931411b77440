"""A real browser without internet, and a freshly started dashboard on a copy of the data."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
FLAGS = ["--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
         "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"]
SETTLED = """() => { const app = document.querySelector('[data-testid="stApp"]');
  const main = document.querySelector('[data-testid="stMain"]');
  const idle = app && main && app.dataset.testScriptState === 'notRunning' && app.dataset.testConnectionState === 'CONNECTED'
    && main.querySelector('.q h1, .q h2');
  const seen = idle ? main.innerText : null, now = performance.now();
  if (!idle || seen !== window.lastSeen) { window.lastSeen = seen; window.unchangedSince = now; return false }
  return now - window.unchangedSince > 500 }"""
"""The script rests and the page has said the same for half a second: elements still arrive after the script has ended."""


@pytest.fixture(scope="session")
def browser() -> Browser:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("没有找到 Chromium；CI 上不许跳过浏览器测试")
        pytest.skip("没有找到 Chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, headless=True, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory) -> Path:
    """The register without a database: the first visit has to build it."""
    folder = tmp_path_factory.mktemp("browser") / "data"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns("build", "sources", "inbox", "users.toml*", "audit.jsonl*"))
    return folder


@pytest.fixture(scope="session")
def environment(data_folder: Path) -> dict[str, str]:
    return {**os.environ, "QINGLIU_DATA": str(data_folder)}


@pytest.fixture(scope="session")
def address(environment: dict[str, str]) -> str:
    """Address of a fresh server on this machine alone."""
    with serving(environment) as found:
        yield found


@contextlib.contextmanager
def serving(environment: dict[str, str], *options: str) -> Iterator[str]:
    """Runs a fresh server with these options; its address on this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.headless", "true", *options],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).read()
                break
            except OSError:
                if server.poll() is not None or time.monotonic() > deadline:
                    pytest.fail("仪表盘没有启动")
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


class Visitor:
    """A page with the outside blocked; remembers what it asked for and what went wrong."""

    def __init__(self, browser: Browser, address: str, width: int, height: int):
        self.address = address
        self.context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.context.route("**/*", self._gate)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._listen)

    def _gate(self, route) -> None:
        if route.request.url.startswith((self.address, "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def _listen(self, message) -> None:
        # a deep link makes Streamlit probe <page>/_stcore/… first; those 404s are its own and harmless
        if message.type == "error" and "/_stcore/" not in (message.location or {}).get("url", ""):
            self.errors.append(message.text)

    def visit(self, path: str) -> Page:
        self.page.goto(f"{self.address}/{path}", wait_until="commit")
        return self.settle()

    def settle(self) -> Page:
        self.page.wait_for_timeout(150)
        self.page.wait_for_function(SETTLED, timeout=60_000, polling=50)
        return self.page

    def text(self) -> str:
        return self.page.locator('[data-testid="stMain"]').inner_text()


@pytest.fixture
def visitor(browser: Browser, address: str):
    """Makes visitors of any size; all are closed at the end."""
    made: list[Visitor] = []

    def make(width: int = 1440, height: int = 900) -> Visitor:
        made.append(Visitor(browser, address, width, height))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
