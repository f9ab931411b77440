"""Fetching the national table from servers that behave in every way, all of them on this machine."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from etl import fetch
from etl.fetch import FetchFailed, fetch_national_table
from etl.problems import DataProblems
from etl.settings import Map, NationalTable, Settings, load_settings

REAL_REPLY = Path(__file__).resolve().parents[2] / "shared" / "cnemc" / "raw_2020-05-08.json"
HEADINGS = ["省份", "流域", "断面名称", "监测时间", "水质类别", "水温<br/><span class='unit'>(℃)</span>"]
REPLY = {"result": 1, "total": 1, "records": 2, "thead": HEADINGS, "tbody": [
    ["某省", "某流域", "甲", "05-08 15:00", "Ⅱ", "<span title='原始值：20.27'>20.3</span>"],
    ["某省", "某流域", "乙", "*", "--", "--"]]}
GOOD = json.dumps(REPLY, ensure_ascii=False).encode()
NOW = datetime(2026, 11, 22, 23, 5, 9, tzinfo=UTC)
STEM = "cnemc-20261123T070509.json"
"""NOW on the clocks of China."""

Answer = Callable[[BaseHTTPRequestHandler], None]


class Server(ThreadingHTTPServer):
    """Gives the answers one after the other, the last one for ever, and remembers what it was asked."""

    def __init__(self, *answers: Answer):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = list(answers)
        self.asked: list[tuple[dict[str, str], dict[str, list[str]]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/GJZ/Ajax/Publish.ashx"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append((dict(self.headers), parse_qs(form, keep_blank_values=True)))
        answers = self.server.answers
        self.close_connection = True
        with contextlib.suppress(OSError):  # the client hangs up, as some tests want
            (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


def says(body: bytes, status: int = 200, length: int | None = None, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)
    return answer


def silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(0.8)


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def drips(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(GOOD)))
    handler.end_headers()
    for byte in GOOD[:100]:
        handler.wfile.write(bytes([byte]))
        time.sleep(0.02)


def drips_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(100):
        handler.wfile.write(b"x")
        time.sleep(0.02)


def stops_halfway(handler: BaseHTTPRequestHandler) -> None:
    says(GOOD[:50], length=len(GOOD))(handler)
    time.sleep(0.8)


def cut_chunks(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"%x\r\n%b\r\n" % (60, GOOD[:60]) + b"ff\r\nonly a little")


@pytest.fixture(autouse=True)
def quick_and_local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost,invalid")
    monkeypatch.setattr(fetch, "FIRST_PAUSE_SECONDS", 0.02)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def start(*answers: Answer) -> Server:
        servers.append(Server(*answers))
        threading.Thread(target=servers[-1].serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return servers[-1]

    yield start
    for server in servers:
        server.shutdown()
        server.socket.close()


def get(url: str, inbox: Path, **limits: float) -> Path:
    return fetch_national_table(url, inbox, NOW, **{"connect_timeout_seconds": 0.3, "read_timeout_seconds": 0.3,
                                                    "total_seconds": 5, "retries": 2, **limits})


def left_in(inbox: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in inbox.iterdir()} if inbox.exists() else {}


def test_the_reply_is_stored_unchanged(serve, tmp_path):
    server = serve(says(GOOD))
    file = get(server.url, tmp_path / "inbox")
    assert file == tmp_path / "inbox" / STEM
    assert left_in(tmp_path / "inbox") == {STEM: GOOD}


def test_one_honest_request(serve, tmp_path):
    server = serve(says(GOOD))
    get(server.url, tmp_path)
    (headers, form), = server.asked
    assert headers["User-Agent"].startswith("Qingliu ") and "Mozilla" not in headers["User-Agent"]
    assert form == {"AreaID": [""], "RiverID": [""], "MNName": [""], "PageIndex": ["-1"], "PageSize": ["60"],
                    "action": ["getRealDatas"]}


@pytest.mark.skipif(not REAL_REPLY.exists(), reason="the recorded reply is not in this copy")
def test_a_recorded_reply(serve, tmp_path):
    content = REAL_REPLY.read_bytes()
    assert get(serve(says(content)).url, tmp_path).read_bytes() == content


def test_compressed_chunked_and_marked_replies_are_read(serve, tmp_path):
    packed, marked = says(gzip.compress(GOOD), Content_Encoding="gzip"), says(b"\xef\xbb\xbf" + GOOD)
    server = serve(packed, marked)
    assert get(server.url, tmp_path).read_bytes() == GOOD
    assert get(server.url, tmp_path).read_bytes() == b"\xef\xbb\xbf" + GOOD
    assert set(left_in(tmp_path)) == {STEM, "cnemc-20261123T070509-2.json"}, "the first must not be overwritten"


def test_an_incomplete_table_is_kept_with_a_warning(serve, tmp_path, caplog):
    first_page = json.dumps({**REPLY, "total": 27, "records": 1617}).encode()
    assert get(serve(says(first_page)).url, tmp_path).exists()
    assert "27 页" in caplog.text


@pytest.mark.parametrize("answers", [[says(b"busy", 500)] * 2, [hangs_up] * 2, [says(b"", 200, length=9)]])
def test_a_passing_fault_is_asked_again(serve, tmp_path, answers):
    server = serve(*answers, says(GOOD))
    get(server.url, tmp_path)
    assert left_in(tmp_path) == {STEM: GOOD}
    assert len(server.asked) == len(answers) + 1


LOGIN = b"<!DOCTYPE html><title>login</title>"
KEPT = [
    # answer, how often it is asked, part of the message, what is kept
    (says(b"-1\r\n"), 1, "只回了“-1”", b"-1\r\n"),
    (says(LOGIN), 1, "收到的是网页", LOGIN),
    (says(b'{"result":1}'), 1, "没有表头和表格", b'{"result":1}'),
    (says(b"[1, 2]"), 1, "没有表头和表格", b"[1, 2]"),
    (says(b'{"thead":["a"],"tbody":[]}'), 1, "一个断面也没有", b'{"thead":["a"],"tbody":[]}'),
    (says(b'{"thead":["a"],"tbody":["b"]}'), 1, "不是一行一个断面", b'{"thead":["a"],"tbody":["b"]}'),
    (says(GOOD[:-9]), 1, "像是没有收完", GOOD[:-9]),
    (says(GOOD[:-9], length=len(GOOD)), 1, "连接断了，内容不完整", GOOD[:-9]),
    (cut_chunks, 1, "连接断了，内容不完整", GOOD[:60]),
    (stops_halfway, 1, "收到一半，0.3 秒没有新内容", GOOD[:50]),
    (says(json.dumps(REPLY, ensure_ascii=False).encode("gbk")), 1, "不是 UTF-8 编码",
     json.dumps(REPLY, ensure_ascii=False).encode("gbk")),
    (says(b"[" * 100_000), 1, "不是完好的 JSON", b"[" * 100_000),
    (says(b"oops", 500), 3, "HTTP 500", b"oops"),
    (says(b"gone", 404), 1, "HTTP 404", b"gone"),
    (says(b"no", 403), 1, "不接受这个请求（HTTP 403）", b"no"),
    (says(b"moved", 302, Location="http://login.example/"), 1, "被转到 http://login.example/", b"moved"),
]


@pytest.mark.parametrize(("answer", "asked", "message", "kept"), KEPT, ids=[row[2] for row in KEPT])
def test_a_doubtful_reply_is_kept_aside(serve, tmp_path, answer, asked, message, kept):
    server = serve(answer)
    with pytest.raises(FetchFailed, match=message) as raised:
        get(server.url, tmp_path)
    assert "cnemc-20261123T070509.json.rejected" in str(raised.value)
    assert {name: content[:len(kept)] for name, content in left_in(tmp_path).items()} == {f"{STEM}.rejected": kept}
    assert len(server.asked) == asked


NOTHING = [
    (says(b""), 1, "空内容"),
    (silent, 1, "连上了，但 0.3 秒没有回复"),
    (hangs_up, 3, "连接被中断"),
    (says(b"", 302, Location="/GJZ/Ajax/Publish.ashx"), 1, "被转到 /GJZ/Ajax/Publish.ashx"),
    (says(b"", 503), 3, "HTTP 503"),
]


@pytest.mark.parametrize(("answer", "asked", "message"), NOTHING, ids=[row[2] for row in NOTHING])
def test_where_no_byte_came_nothing_is_left(serve, tmp_path, answer, asked, message):
    server = serve(answer)
    with pytest.raises(FetchFailed, match=message) as raised:
        get(server.url, tmp_path / "inbox")
    assert "rejected" not in str(raised.value)
    assert left_in(tmp_path / "inbox") == {}
    assert len(server.asked) == asked


def test_a_dripping_server_does_not_hold_us(serve, tmp_path):
    began = time.monotonic()
    with pytest.raises(FetchFailed, match=r"0\.4 秒内没有收完"):
        get(serve(drips).url, tmp_path, total_seconds=0.4)
    assert time.monotonic() - began < 1
    (name, kept), = left_in(tmp_path).items()
    assert name == f"{STEM}.rejected" and kept and GOOD.startswith(kept)


def test_dripping_headers_do_not_hold_us(serve, tmp_path):
    with pytest.raises(FetchFailed, match=r"0\.4 秒内没有收完"):
        get(serve(drips_headers).url, tmp_path, total_seconds=0.4)
    assert left_in(tmp_path) == {}


def test_pauses_count_towards_the_total(serve, tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "FIRST_PAUSE_SECONDS", 30)
    server = serve(says(b"oops", 500))
    with pytest.raises(FetchFailed, match="秒内没有收完"):
        get(server.url, tmp_path, total_seconds=0.4)
    assert len(server.asked) == 1


def test_too_large_a_reply(serve, tmp_path):
    with pytest.raises(FetchFailed, match=r"超过 0\.1 MB"):
        get(serve(says(b"x" * 2_000_000)).url, tmp_path, max_bytes=100_000)
    (kept,) = left_in(tmp_path).values()
    assert 100_000 < len(kept) <= 100_000 + fetch.CHUNK_BYTES


def test_a_small_reply_that_unpacks_to_a_large_one(serve, tmp_path):
    bomb = gzip.compress(b"x" * 50_000_000)
    with pytest.raises(FetchFailed, match=r"超过 0\.1 MB"):
        get(serve(says(bomb, Content_Encoding="gzip")).url, tmp_path, max_bytes=100_000)


def test_nobody_listens(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(FetchFailed, match=r"连不上 127\.0\.0\.1"):
            get(url, tmp_path)
    assert left_in(tmp_path) == {}


def test_no_network(tmp_path, monkeypatch):
    def no_names(*arguments: object, **more: object) -> list:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_names)
    with pytest.raises(FetchFailed, match=r"找不到 szzdjc\.invalid：没有网络"):
        get("https://szzdjc.invalid:8070/GJZ/Ajax/Publish.ashx", tmp_path)
    assert left_in(tmp_path) == {}


def test_a_proxy_that_is_not_there(tmp_path, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{taken.getsockname()[1]}")
        monkeypatch.setenv("NO_PROXY", "localhost")
        monkeypatch.setenv("no_proxy", "localhost")
        with pytest.raises(FetchFailed, match="代理连不上"):
            get("http://szzdjc.invalid/", tmp_path)


def test_a_server_without_a_certificate(serve, tmp_path):
    server = serve(says(GOOD))
    with pytest.raises(FetchFailed, match="安全证书核对不了"):
        get(server.url.replace("http:", "https:"), tmp_path)
    assert server.asked == []


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "ftp://127.0.0.1/", "szzdjc.cnemc.cn:8070", "http://", "http://[1"])
def test_only_web_addresses(tmp_path, url):
    with pytest.raises(FetchFailed, match="网址"):
        get(url, tmp_path)


def test_an_inbox_that_cannot_be_written(serve, tmp_path):
    (tmp_path / "inbox").write_text("a file stands where the folder should be")
    with pytest.raises(FetchFailed, match="写不进去"):
        get(serve(says(GOOD)).url, tmp_path / "inbox")


def test_fetching_and_importing(serve, tmp_path, monkeypatch):
    """The address of the settings is asked, and the stored reply is handed to the import with it."""
    server, handed = serve(says(GOOD)), []
    monkeypatch.setattr(fetch, "INBOX", tmp_path)
    monkeypatch.setenv("QINGLIU_CNEMC_URL", server.url)
    monkeypatch.setattr("etl.national_import.import_national_tables",
                        lambda files, url, progress: handed.append((files[0].read_bytes(), files[0].parent, url)))
    fetch.fetch_and_import()
    fetch.fetch_and_import(server.url + "?other")
    assert handed == [(GOOD, tmp_path, server.url), (GOOD, tmp_path, server.url + "?other")]


# ── settings ────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str | bytes], Path]:
    monkeypatch.delenv("QINGLIU_CNEMC_URL", raising=False)

    def write(text: str | bytes) -> Path:
        file = tmp_path / "settings.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file
    return write


def test_the_shipped_settings_are_the_defaults(monkeypatch):
    monkeypatch.delenv("QINGLIU_CNEMC_URL", raising=False)
    assert load_settings(Path(__file__).resolve().parent.parent / "data" / "settings.toml") == Settings()


def test_the_approval_number_of_maps(settings_file):
    assert load_settings(settings_file("")).map == Map("")
    assert load_settings(settings_file("[map]\napproval_number = 'GS(2024)0650号'")).map.approval_number == "GS(2024)0650号"


def test_settings_of_the_file_and_without_one(settings_file, tmp_path):
    assert load_settings(tmp_path / "nothing.toml").national_table == NationalTable()
    file = settings_file('\ufeff[national_table]\nurl = "http://10.0.0.8/a"\nretries = 0\n')
    assert load_settings(file).national_table == NationalTable(url="http://10.0.0.8/a", retries=0)


def test_the_environment_wins(settings_file, monkeypatch):
    monkeypatch.setenv("QINGLIU_CNEMC_URL", "https://example.org/b")
    assert load_settings(settings_file("[national_table]\nretries = 1")).national_table == NationalTable(
        url="https://example.org/b", retries=1)
    monkeypatch.setenv("QINGLIU_CNEMC_URL", "file:///etc/passwd")
    with pytest.raises(DataProblems) as raised:
        load_settings(settings_file(""))
    assert "环境变量 QINGLIU_CNEMC_URL" in str(raised.value.problems[0])


@pytest.mark.parametrize(("text", "message"), [
    ("[national_table", "不是完好的 TOML"),
    ("[national_table]\nurl = 'ftp://x'", "“url”列：应当是以 http"),
    ("[national_table]\ntotal_seconds = 0", "大于 0"),
    ("[national_table]\ntotal_seconds = true", "大于 0"),
    ("[national_table]\nread_timeout_seconds = '60'", "大于 0"),
    ("[national_table]\nretries = 99", "0 到 5"),
    ("[national_table]\nadress = 'x'", "没有这一项"),
    ("[map]\napproval_number = 2024", "应当是一行文字"),
    (f"[map]\napproval_number = '{'号' * 41}'", "不超过 40 个字"),
    ("[map]\napproval_number = 'a\\u200b'".replace("'", '"'), "应当是一行文字"),
    ("map = 3", "map 应当是一节"),
    ("[tables]", "没有这一节，现在是“tables”"),
    ("national_table = 3", "应当是一节"),
    ("[national_table]\nurl = '国'".encode("gbk"), "不是 UTF-8 编码"),
])
def test_broken_settings_are_named(settings_file, text, message):
    with pytest.raises(DataProblems) as raised:
        load_settings(settings_file(text))
    assert message in str(raised.value.problems[0])
    assert os.environ.get("QINGLIU_CNEMC_URL") is None
