"""The patients' page as a host serves it that means no good: packed wrongly, cut, altered, or without end."""

import asyncio
import gzip
import os
import random
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_app.relay import content_encoding
from agent_app.relay.content_encoding import NotUnpacked, TooLong, unpacked, zstd
from agent_app.relay.page import PageVisit
from agent_app.transparency.page_manifest import MAX_FILE, Served

SCRIPT = b"'use strict';" * 200 + os.urandom(300)
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
every_encoding = pytest.mark.parametrize("encoding", PACKED)


@contextmanager
def host(content: bytes, encoding: str, seen: list[dict[str, str]] | None = None) -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if seen is not None:
                seen.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(200)
            self.send_header("Content-Encoding", encoding)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            # Whoever has read enough hangs up.
            try:
                self.wfile.write(content)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def visited(content: bytes, encoding: str, seen: list[dict[str, str]] | None = None) -> Served:
    async def visit(address: str) -> Served:
        async with PageVisit(address) as visit:
            return await visit.file("shell.js")

    with host(content, encoding, seen) as address:
        return asyncio.run(visit(address))


@every_encoding
def test_what_browsers_take_is_taken_too(encoding: str) -> None:
    seen: list[dict[str, str]] = []
    served = visited(PACKED[encoding](SCRIPT), encoding, seen)
    assert (served.content, served.fault) == (SCRIPT, "")
    assert seen[0]["accept-encoding"] == content_encoding.ACCEPTED
    assert encoding in content_encoding.ACCEPTED.split(", ")


@every_encoding
def test_a_bomb_is_put_down_before_it_has_unfolded(encoding: str) -> None:
    zeros = bytes(8 * MAX_FILE)
    bomb = brotli.compress(zeros, quality=1) if encoding == "br" else PACKED[encoding](zeros)
    assert len(bomb) < MAX_FILE / 8
    tracemalloc.start()
    try:
        served = visited(bomb, encoding)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (served.content, served.fault) == (b"", "length")
    assert most < 5 * MAX_FILE


def test_plain_bytes_without_end_are_left_where_they_are() -> None:
    assert (visited(bytes(2 * MAX_FILE), "identity")).fault == "length"


@every_encoding
def test_what_is_cut_or_goes_on_is_no_file(encoding: str) -> None:
    packed = PACKED[encoding](SCRIPT)
    for wrong in (packed[:-1], packed[: len(packed) // 2], b"", packed + b"\0", packed + packed):
        served = visited(wrong, encoding)
        assert (served.content, served.fault) == (b"", "encoding")


@pytest.mark.parametrize("said", [*PACKED, "compress", "br, gzip", "\t;"])
def test_what_is_not_packed_as_the_host_says_is_no_file(said: str) -> None:
    assert (visited(SCRIPT, said)).fault == "encoding"
    assert (visited(PACKED["br"](SCRIPT), "gzip")).fault == "encoding"


@every_encoding
@given(piece=st.integers(1, 4_096))
def test_it_may_come_in_pieces_and_fill_its_bound(encoding: str, piece: int) -> None:
    packed = PACKED[encoding](SCRIPT)
    pieces = [packed[at : at + piece] for at in range(0, len(packed), piece)]
    assert unpacked(pieces, encoding, len(SCRIPT)) == SCRIPT
    with pytest.raises(TooLong):
        unpacked(pieces, encoding, len(SCRIPT) - 1)


@every_encoding
@given(garbage=st.binary(max_size=2_000))
def test_no_bytes_break_it(encoding: str, garbage: bytes) -> None:
    with suppress(NotUnpacked, TooLong):
        assert len(unpacked([garbage], encoding, 1_000)) <= 1_000


@pytest.mark.parametrize("piece", [1_000, 65_536, 10**6])
def test_what_unpacks_to_several_times_its_length_is_all_there(piece: int) -> None:
    """Packed it is longer than what Brotli is given at once, as the page's largest script is."""
    words = random.Random(7)
    text = b"".join(b"%d function return const " % words.getrandbits(40) for _ in range(15_000))
    packed = brotli.compress(text)
    assert len(packed) > 70_000
    pieces = [packed[at : at + piece] for at in range(0, len(packed), piece)]
    assert unpacked(pieces, "br", len(text)) == text
    with pytest.raises(TooLong):
        unpacked(pieces, "br", len(text) - 1)
