"""Fetches the national table of automatic surface-water stations once and keeps the reply as it came.

Source: 国家地表水水质自动监测实时数据发布系统 (中国环境监测总站). Its public page posts the form below and receives
the newest reading of every station as JSON (`thead`, `tbody`, `records`). One fetch is one such request; it is
repeated, with growing pauses, only when nothing could be received or the server said 5xx.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import threading
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import DecodeError, HTTPError, NameResolutionError, ReadTimeoutError

from etl.paths import INBOX
from etl.settings import is_web_address, load_settings

if TYPE_CHECKING:
    from etl.national_import import Imported
    from etl.refresh import Progress

logger = logging.getLogger(__name__)

CHINA_TIME = timezone(timedelta(hours=8))
FORM = {"AreaID": "", "RiverID": "", "MNName": "", "PageIndex": "-1", "PageSize": "60", "action": "getRealDatas"}
"""All areas, all rivers, all stations, without paging."""
HEADERS = {
    "User-Agent": "Qingliu (local dashboard of water-ecology targets; one request when its user asks for one)",
    "Accept": "application/json, text/plain",
    "Accept-Encoding": "identity",
}
MAX_BYTES = 30_000_000
"""A reply of 1,900 stations has about 1 MB."""
FIRST_PAUSE_SECONDS = 2.0
CHUNK_BYTES = 65_536

TRY_LATER = "过几分钟再取；急用时在浏览器里打开发布系统查看"
CHECK_NETWORK = "检查本机能否上网、是否要用代理，再取一次；没有网络时用已导入的数据"
CHECK_ADDRESS = "核对 data/settings.toml 里 [national_table] 的 url"


class FetchFailed(Exception):
    """Nothing usable was fetched. The message says in Chinese what happened, what to do and what was kept."""


class _NothingReceived(FetchFailed):
    """It may help to ask again."""


class _Session(requests.Session):
    """Follows no redirect: what another place answers, say the login page of a network, is not the table."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


@dataclass
class _Exchange:
    """What the request has brought so far; shared by the thread that asks and the one that waits."""

    chunks: list[bytes] = field(default_factory=list)
    failure: Exception | None = None
    given_up: threading.Event = field(default_factory=threading.Event)


def fetch_and_import(url: str | None = None, progress: Progress = lambda step, number, total: None) -> Imported:
    """Fetch from `url`, or from the address in the settings, and import the reply.

    Raises FetchFailed, DataProblems for the settings or the reply, versions.RefreshBusy.
    """
    from etl.national_import import import_national_tables  # heavy, and fetching can do without

    patience = asdict(load_settings().national_table)
    address = url or patience["url"]
    file = fetch_national_table(**{**patience, "url": address, "inbox": INBOX})
    return import_national_tables([file], url=address, progress=progress)


def fetch_national_table(url: str, inbox: Path, now: datetime | None = None, *, connect_timeout_seconds: float = 10,
                         read_timeout_seconds: float = 60, total_seconds: float = 180, retries: int = 2,
                         max_bytes: int = MAX_BYTES) -> Path:
    """Ask the publication system once and store its reply, byte for byte, as `cnemc-<YYYYmmddTHHMMSS>.json`.

    The name carries the moment of asking in UTC+8 (`now` must know its time zone). Returns the stored file.
    Raises FetchFailed; a reply that is not the table is kept under the same name with `.rejected` at the end, which
    no import picks up by itself, and where no byte came nothing is left behind. Proxies are those of the system.
    """
    if not is_web_address(url):
        raise FetchFailed(f"网址“{url}”不是以 http:// 或 https:// 开头的网址。{CHECK_ADDRESS}。")
    moment = (now or datetime.now(UTC)).astimezone(CHINA_TIME)
    exchange = _Exchange()
    # A thread, because no time-out of the library bounds name resolution, the headers or a dripping body as a whole.
    asking = threading.Thread(target=_ask_with_retries, daemon=True, args=(
        exchange, url, (connect_timeout_seconds, read_timeout_seconds), retries, max_bytes))
    asking.start()
    asking.join(total_seconds)
    exchange.given_up.set()
    failure = exchange.failure
    if asking.is_alive():
        failure = FetchFailed(f"{total_seconds:g} 秒内没有收完国家发布系统的回复，已放弃。{TRY_LATER}。")
    return _store(inbox, moment, b"".join(exchange.chunks), failure)


def _ask_with_retries(exchange: _Exchange, url: str, timeouts: tuple[float, float], retries: int,
                      max_bytes: int) -> None:
    with _Session() as session:
        for attempt in range(retries + 1):
            if attempt and exchange.given_up.wait(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1)):
                return
            exchange.chunks, exchange.failure = [], None
            try:
                _ask(exchange, session, url, timeouts, max_bytes)
                return
            except _NothingReceived as failure:
                exchange.failure = failure
            except Exception as failure:  # handed to the thread that waits
                exchange.failure = failure
                return


def _ask(exchange: _Exchange, session: requests.Session, url: str, timeouts: tuple[float, float],
         max_bytes: int) -> None:
    """One request; its bytes go to `exchange` as they come. Raises FetchFailed."""
    host = urlsplit(url).hostname
    try:
        with session.post(url, data=FORM, headers=HEADERS, timeout=timeouts, stream=True) as reply:
            received = 0
            while chunk := reply.raw.read1(CHUNK_BYTES, decode_content=True):
                exchange.chunks.append(chunk)
                received += len(chunk)
                if received > max_bytes:
                    raise FetchFailed(f"回复超过 {max_bytes / 1_000_000:g} MB，不像是国家发布表，没有收完。{CHECK_ADDRESS}。")
                if exchange.given_up.is_set():
                    return
            _check_status(reply, host)
    except requests.RequestException as error:
        raise _in_plain_words(error, host, timeouts[1]) from error
    except ReadTimeoutError:
        raise FetchFailed(f"回复收到一半，{timeouts[1]:g} 秒没有新内容。{TRY_LATER}。") from None
    except DecodeError:
        raise FetchFailed(f"回复的压缩格式损坏，解不开。{TRY_LATER}。") from None
    except (HTTPError, OSError) as error:
        message = f"回复收到一半，连接断了，内容不完整。{TRY_LATER}。"
        raise (FetchFailed if exchange.chunks else _NothingReceived)(message) from error


def _check_status(reply: requests.Response, host: str | None) -> None:
    status = reply.status_code
    if status >= 500:
        raise _NothingReceived(f"国家发布系统（{host}）出错，回了 HTTP {status}。{TRY_LATER}。")
    if 300 <= status < 400:
        target = reply.headers.get("Location", "别处")[:200]
        raise FetchFailed(f"请求被转到 {target}（HTTP {status}），没有跟过去。"
                          f"常见于要先登录的网络：在浏览器里登录后再取；网站若真的搬了家，把新网址写进 data/settings.toml。")
    if status == 404:
        raise FetchFailed(f"{host} 上没有这个网址（HTTP 404）。{CHECK_ADDRESS}；网站可能改了版。")
    if status != 200:
        raise FetchFailed(f"{host} 不接受这个请求（HTTP {status}）。{TRY_LATER}。")


def _in_plain_words(error: requests.RequestException, host: str | None, read_timeout: float) -> FetchFailed:
    cause = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(error, requests.exceptions.SSLError):
        return FetchFailed(f"{host} 的安全证书核对不了，没有取数。查电脑的日期是否正确；单位网络若换了证书，请网络管理员处理。")
    if isinstance(error, requests.exceptions.ProxyError):
        return _NothingReceived(f"本机设置的代理连不上，请求没有发到 {host}。检查系统的代理设置。")
    if isinstance(cause, NameResolutionError):
        return _NothingReceived(f"找不到 {host}：没有网络，或网址写错了。{CHECK_NETWORK}。")
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return _NothingReceived(f"连接 {host} 超时。{CHECK_NETWORK}。")
    if isinstance(error, requests.exceptions.ReadTimeout):
        return FetchFailed(f"{host} 连上了，但 {read_timeout:g} 秒没有回复。{TRY_LATER}。")
    if isinstance(error, requests.exceptions.ConnectionError):
        return _NothingReceived(f"连不上 {host}：对方没有开放，或连接被中断。{CHECK_NETWORK}。")
    return FetchFailed(f"对 {host} 的请求没有成功（{type(error).__name__}）。{CHECK_ADDRESS}。")


def _store(inbox: Path, moment: datetime, body: bytes, failure: Exception | None) -> Path:
    """Put the bytes on the disk, then look at them, then give the file the name it deserves."""
    if not body:
        raise failure or FetchFailed(f"国家发布系统回了空内容。{TRY_LATER}。")
    file = _free_name(inbox, f"cnemc-{moment:%Y%m%dT%H%M%S}")
    rejected, part = file.with_name(file.name + ".rejected"), file.with_name(file.name + ".part")
    try:
        inbox.mkdir(parents=True, exist_ok=True)
        part.write_bytes(body)
        failure = failure or _not_the_table(body)
        os.replace(part, rejected if failure else file)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise FetchFailed(f"收件箱 {inbox} 写不进去（{error.strerror}）。检查磁盘空间和文件夹权限，再取一次。") from error
    if isinstance(failure, FetchFailed):
        raise FetchFailed(f"{failure}收到的内容存为 {rejected.name}，不会自动导入。") from failure
    if failure:
        raise failure
    return file


def _free_name(inbox: Path, stem: str) -> Path:
    """No earlier reply is ever overwritten: a second one in the same second gets -2, and so on."""
    names = [stem, *(f"{stem}-{number}" for number in range(2, 1000))]
    return next(inbox / f"{name}.json" for name in names
                if not any((inbox / f"{name}.json{ending}").exists() for ending in ("", ".rejected")))


def _not_the_table(body: bytes) -> FetchFailed | None:
    """Why this is not the reply the page expects, or None. Whether its rows make sense is for the import to say."""
    start = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if body.strip() == b"-1":
        return FetchFailed("国家发布系统只回了“-1”：它此刻不给数，多半是服务刚启动。"
                           "先在浏览器里打开发布系统的网页，看到表格以后再取。")
    if start.startswith(b"<"):
        return FetchFailed("收到的是网页，不是数据：常见于要先登录的网络，或网站在维护。先在浏览器里打开发布系统看看，再取一次。")
    try:
        reply = json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return FetchFailed(f"收到的内容不是 UTF-8 编码，不是国家发布表的样子。{TRY_LATER}。")
    except (ValueError, RecursionError):
        cut = "，像是没有收完" if start.startswith(b"{") else ""
        return FetchFailed(f"收到的内容不是完好的 JSON{cut}。{TRY_LATER}。")
    if not isinstance(reply, dict) or not all(isinstance(reply.get(key), list) for key in ("thead", "tbody")):
        return FetchFailed(f"收到的 JSON 里没有表头和表格（thead、tbody），发布系统可能改了版。{TRY_LATER}。")
    if not reply["thead"] or not reply["tbody"]:
        return FetchFailed(f"收到的表格是空的，一个断面也没有。{TRY_LATER}。")
    if not all(isinstance(row, list) for row in reply["tbody"]):
        return FetchFailed(f"收到的表格不是一行一个断面，发布系统可能改了版。{TRY_LATER}。")
    pages = reply.get("total")
    if isinstance(pages, int) and pages > 1:
        logger.warning("国家发布系统说共有 %d 页，这次只收到 %d 行，不是全部断面", pages, len(reply["tbody"]))
    return None
