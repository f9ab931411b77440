"""Sets up a virtual environment beside this file and starts the dashboard, or runs the tests.

    python start.py          set up if needed, then open the dashboard
    python start.py test     set up if needed, then check style and types and run all tests

Only the standard library is used here, so that any Python from 3.11 to 3.13 can run it on a fresh machine.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def main() -> int:
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        print(f"需要 Python 3.11 至 3.13，现在是 {sys.version.split()[0]}。请安装后重试。")
        return 1
    arguments = sys.argv[1:]
    if arguments[:1] == ["test"]:
        install("requirements-dev.txt")
        wanted = arguments[1:] or ["-n", "2", "--dist", "loadgroup"]  # one browser and one office program at a time
        checks = [("-m", "ruff", "check", "."), ("-m", "mypy"), ("-m", "pytest", *wanted)]
        return max(run(*check) for check in checks)
    install("requirements.txt")
    return run("-m", "streamlit", "run", "app.py", *arguments)


def install(requirements: str) -> None:
    """Create the environment and install what is not there yet; a changed list is installed again."""
    wanted = hashlib.sha256(b"".join((HERE / name).read_bytes()
                                     for name in ("requirements.txt", "requirements-dev.txt"))).hexdigest()
    done = ENVIRONMENT / f"installed-{requirements}"
    if PYTHON.exists() and done.exists() and done.read_text() == wanted:
        return
    print("第一次运行要安装依赖，约需一两分钟……", flush=True)
    if not PYTHON.exists():
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
    subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements],
                   cwd=HERE, check=True)
    done.write_text(wanted)


def run(*command: str) -> int:
    try:
        return subprocess.run([PYTHON, *command], cwd=HERE).returncode
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
