"""Fetching: polite to servers, safe from them, and never into the local network unless allowed."""

import gzip
import itertools
import socket
import time
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpcore
import pytest
from web_server import Reply, serving

from ingest.read import Limits, ReadError, Web
from ingest.read.network import is_public
from ingest.read.web import Validators


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now, self.slept = 1000.0, []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def server():
    with serving() as server:
        yield server


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def web(clock):
    with Web(allow_private=True, clock=clock, sleep=clock.sleep) as web:
        yield web


def quick(**limits) -> Web:
    """A client with a real clock that makes no pauses."""
    return Web(allow_private=True, limits=replace(Limits(pause=0, attempts=1), **limits))


def refused(web: Web, address: str) -> str:
    with pytest.raises(ReadError) as caught:
        web.get(address)
    assert str(caught.value).startswith(f"{address}: ")
    return str(caught.value).removeprefix(f"{address}: ")


class TestPolite:
    def test_every_request_says_who_asks(self, server, web):
        server.pages["/a"] = "<p>Yes."
        assert web.get(f"{server.url}/a").content == b"<p>Yes."
        assert server.asked == ["/robots.txt", "/a"]
        assert all(headers["User-Agent"].startswith("onrecord/") for headers in server.headers)

    @pytest.mark.parametrize(
        "rules", ["User-agent: *\nDisallow: /private", "User-agent: OnRecord\nDisallow: /*vate"]
    )
    def test_robots_txt_is_obeyed(self, server, web, rules):
        server.pages |= {"/robots.txt": rules, "/private/a": "No.", "/b": "Yes."}
        assert "robots.txt asks programs not to read it" in refused(web, f"{server.url}/private/a")
        assert web.get(f"{server.url}/b").content == b"Yes."
        assert server.asked == ["/robots.txt", "/b"]

    def test_a_redirect_does_not_lead_past_robots_txt(self, server, web):
        server.pages |= {
            "/robots.txt": "User-agent: *\nDisallow: /private",
            "/a": Reply(status=302, headers={"Location": "/private"}),
        }
        assert "robots.txt" in refused(web, f"{server.url}/a")
        assert "/private" not in server.asked

    @pytest.mark.parametrize("reply", [Reply(status=404), Reply(status=403), Reply(b"\xff\x00: [[\n" * 99)])
    def test_no_robots_txt_forbids_nothing(self, server, web, reply):
        server.pages |= {"/robots.txt": reply, "/a": "Yes."}
        assert web.get(f"{server.url}/a").content == b"Yes."

    def test_nothing_is_read_where_robots_txt_cannot_be_asked(self, server, web):
        server.pages |= {"/robots.txt": Reply(status=503), "/a": "Yes.", "/b": "Yes."}
        assert "status 503" in refused(web, f"{server.url}/a")
        assert "status 503" in refused(web, f"{server.url}/b")
        assert server.asked == ["/robots.txt"] * 3  # and not again for the next page

    def test_a_pause_between_two_requests_to_a_host(self, server, web, clock):
        server.pages |= {"/a": "Yes.", "/b": "No."}
        web.get(f"{server.url}/a")
        web.get(f"{server.url}/b")
        assert clock.slept == [1.0, 1.0]

    @pytest.mark.parametrize(
        ("asked", "pause"), [("5", 5.0), ("100000", 30.0), ("0.1", 1.0), ("-3", 1.0), ("nan", 1.0)]
    )
    def test_the_pause_that_robots_txt_asks_for_within_reason(self, server, web, clock, asked, pause):
        server.pages |= {"/robots.txt": f"User-agent: *\nCrawl-delay: {asked}", "/a": "Yes.", "/b": "No."}
        web.get(f"{server.url}/a")
        web.get(f"{server.url}/b")
        assert clock.slept == [1.0, pause]

    def test_an_error_that_may_pass_is_waited_out(self, server, web, clock):
        server.pages["/a"] = [Reply(status=503), Reply(status=500), Reply("Yes.")]
        assert web.get(f"{server.url}/a").content == b"Yes."
        assert clock.slept == [1.0, 1.0, 2.0]

    def test_an_error_that_stays_is_reported(self, server, web):
        server.pages["/a"] = Reply(status=500)
        assert refused(web, f"{server.url}/a") == "its server cannot answer now (status 500); try again later"
        assert server.asked.count("/a") == 3

    def test_a_server_may_say_how_long_to_wait(self, server, web, clock):
        server.pages["/a"] = [Reply(status=429, headers={"Retry-After": "7"}), Reply("Yes.")]
        web.get(f"{server.url}/a")
        assert clock.slept == [1.0, 7.0]

    @pytest.mark.parametrize("seconds", [9999, 10**30])
    def test_but_not_for_ever(self, server, web, seconds):
        server.pages["/a"] = Reply(status=429, headers={"Retry-After": str(seconds)})
        assert "asks to wait" in refused(web, f"{server.url}/a")
        assert server.asked.count("/a") == 1

    def test_a_date_to_wait_for(self, server, web, clock):
        moment = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
        server.pages["/a"] = [Reply(status=503, headers={"Retry-After": moment}), Reply("Yes.")]
        web.get(f"{server.url}/a")
        assert 15 < clock.slept[-1] <= 20

    @pytest.mark.parametrize("status", [401, 403, 404, 410, 451])
    def test_a_refusal_is_final(self, server, web, status):
        server.pages["/a"] = Reply(status=status)
        assert f"(status {status})" in refused(web, f"{server.url}/a")
        assert server.asked.count("/a") == 1

    def test_what_has_not_changed_is_not_sent_again(self, server, web):
        server.pages["/a"] = Reply("Yes.", headers={"ETag": '"x1"'})
        first = web.get(f"{server.url}/a")
        second = web.get(f"{server.url}/a", first.validators)
        assert (first.unchanged, first.validators) == (False, Validators('"x1"', None))
        assert (second.unchanged, second.content, second.validators) == (True, b"", first.validators)

    def test_a_validator_that_cannot_be_sent_back_is_not_kept(self, server, web):
        server.pages["/a"] = Reply("Yes.", headers={"ETag": '"\xe9"', "Last-Modified": "x" * 999})
        assert web.get(f"{server.url}/a").validators == Validators()


class TestRedirects:
    def test_are_followed(self, server, web):
        server.pages |= {
            "/a": Reply(status=301, headers={"Location": "/b"}),
            "/b": Reply(status=307, headers={"Location": f"{server.url}/c"}),
            "/c": "Yes.",
        }
        answer = web.get(f"{server.url}/a")
        assert (answer.url, answer.content) == (f"{server.url}/c", b"Yes.")

    def test_not_in_a_circle(self, server, web):
        server.pages |= {
            "/a": Reply(status=302, headers={"Location": "/b"}),
            "/b": Reply(status=302, headers={"Location": "/a"}),
        }
        assert "redirects in a circle" in refused(web, f"{server.url}/a")

    def test_not_without_end(self, server, web):
        server.pages |= {f"/{i}": Reply(status=302, headers={"Location": f"/{i + 1}"}) for i in range(50)}
        assert "more than 5 redirects" in refused(web, f"{server.url}/0")
        assert len(server.asked) < 10

    @pytest.mark.parametrize(
        "place", ["file:///etc/passwd", "ftp://echo.example/a", "http://[", "javascript:1"]
    )
    def test_only_to_the_web(self, server, web, place):
        server.pages["/a"] = Reply(status=302, headers={"Location": place})
        assert refused(web, f"{server.url}/a").startswith("no web address (it leads to")


class TestBounds:
    def test_more_than_the_limit_is_announced(self, server):
        server.pages["/a"] = Reply(headers={"Content-Length": "200000000"}, stream=lambda write: None)
        with quick() as web:
            assert refused(web, f"{server.url}/a") == "larger than 20 MB; save it and read the file"

    def test_200_MB_of_nothing_are_cut_at_the_limit(self, server):
        sent = 0

        def nothing(write):
            nonlocal sent
            for _ in range(200):
                write(b" " * 1_000_000)
                sent += 1

        server.pages["/a"] = Reply(stream=nothing)
        with quick() as web:
            assert "larger than 20 MB" in refused(web, f"{server.url}/a")
        assert sent < 40

    @pytest.mark.parametrize("layers", [1, 2])
    def test_a_gzip_bomb(self, server, layers):
        machine = zlib.compressobj(9, wbits=31)
        bomb = b"".join(machine.compress(b"\0" * 1_000_000) for _ in range(100)) + machine.flush()
        for _ in range(layers - 1):
            bomb = gzip.compress(bomb)
        server.pages["/a"] = Reply(bomb, headers={"Content-Encoding": "gzip"})
        with quick() as web:
            assert "larger than 20 MB" in refused(web, f"{server.url}/a")

    def test_gzip(self, server):
        server.pages["/a"] = Reply(gzip.compress(b"Yes."), headers={"Content-Encoding": "gzip"})
        server.pages["/b.gz"] = Reply(gzip.compress(b"No.") + gzip.compress(b" Never."))
        with quick() as web:
            assert web.get(f"{server.url}/a").content == b"Yes."
            assert web.get(f"{server.url}/b.gz").content == b"No. Never."

    @pytest.mark.parametrize("content", [gzip.compress(b"Yes." * 999)[:-20], b"\x1f\x8b\x08junk", b"plain"])
    def test_damaged_gzip(self, server, content):
        server.pages["/a"] = Reply(content, headers={"Content-Encoding": "gzip"})
        with quick() as web:
            assert "cut short or damaged" in refused(web, f"{server.url}/a")

    def test_an_encoding_that_was_not_asked_for(self, server):
        server.pages["/a"] = Reply(b"xx", headers={"Content-Encoding": "br"})
        with quick() as web:
            assert "not asked for (br)" in refused(web, f"{server.url}/a")

    @pytest.mark.parametrize("idle", [15, 1])
    def test_a_slow_drip_is_not_waited_for(self, server, idle):
        def drip(write):
            for _ in range(400):
                write(b".")
                time.sleep(0.05)

        server.pages["/a"] = Reply(stream=drip)
        started = time.monotonic()
        with quick(seconds=1.5, idle=idle) as web:
            assert "not received within 1.5 seconds" in refused(web, f"{server.url}/a")
        assert time.monotonic() - started < 15  # the drip lasts 20

    def test_neither_is_a_drip_of_headers(self, server):
        def drip(write):
            for _ in range(100):
                write(b"X")
                time.sleep(0.05)

        server.pages["/a"] = Reply(status=102, stream=drip)  # an interim status: headers are still to come
        with quick(seconds=0.4) as web:
            assert "not received within 0.4 seconds" in refused(web, f"{server.url}/a")

    def test_silence(self, server):
        server.pages["/a"] = Reply(stream=lambda write: time.sleep(1))
        with quick(idle=0.1) as web:
            assert "no answer (" in refused(web, f"{server.url}/a")

    def test_a_connection_that_ends_early(self, server):
        server.pages["/a"] = Reply(headers={"Content-Length": "100"}, stream=lambda write: write(b"Yes."))
        with quick() as web:
            assert "no answer (" in refused(web, f"{server.url}/a")

    def test_a_closed_door(self):
        with quick() as web:
            assert "no answer (" in refused(web, "http://127.0.0.1:9/a")


class Elsewhere(httpcore.SyncBackend):
    """A network on which every address leads to the test's own server."""

    def __init__(self, port: int):
        super().__init__()
        self.port, self.connected = port, []

    def connect_tcp(self, host, port, *args, **kwargs):
        self.connected.append(host)
        return super().connect_tcp("127.0.0.1", self.port, *args, **kwargs)


class TestLocalNetwork:
    @pytest.fixture
    def network(self, server):
        return Elsewhere(int(server.url.rpartition(":")[2]))

    def web(self, network, **names) -> Web:
        def resolve(name, port):
            answers = names[name.partition(".")[0]]
            return next(answers) if hasattr(answers, "__next__") else answers

        return Web(limits=Limits(pause=0, attempts=1), resolve=resolve, network=network)

    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fe80::1%eth0",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "2002:7f00:1::",
            "64:ff9b::7f00:1",
            "2001:db8::1",
            "localhost",
            "",
        ],
    )
    def test_is_not_public(self, network, address):
        assert not is_public(address)
        with self.web(network, echo=[address]) as web:
            assert "echo.example is an address on the local network" in refused(web, "http://echo.example/a")
        assert network.connected == []

    @pytest.mark.parametrize(
        "address", ["93.184.215.14", "2606:2800:21f::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
    )
    def test_is_public(self, address):
        assert is_public(address)

    def test_the_checked_address_is_the_one_connected_to(self, server, network):
        server.pages["/a"] = "Yes."
        with self.web(network, echo=["10.0.0.1", "93.184.215.14"]) as web:
            assert web.get("http://echo.example/a").content == b"Yes."
        assert set(network.connected) == {"93.184.215.14"}
        assert server.headers[-1]["Host"] == "echo.example"

    def test_a_redirect_into_it_is_refused(self, server, network):
        server.pages["/a"] = Reply(status=302, headers={"Location": "http://router.example/admin"})
        with self.web(network, echo=["93.184.215.14"], router=["192.168.1.1"]) as web:
            assert "router.example is an address on the local network" in refused(
                web, "http://echo.example/a"
            )
        assert set(network.connected) == {"93.184.215.14"}

    def test_a_name_that_changes_its_address_between_two_looks(self, server, network):
        server.pages["/a"] = Reply("Yes.", headers={"Connection": "close"})
        server.pages["/robots.txt"] = Reply("", headers={"Connection": "close"})
        answers = itertools.chain([["93.184.215.14"]], itertools.repeat(["127.0.0.1"]))
        with self.web(network, rebound=answers) as web:
            assert "on the local network" in refused(web, "http://rebound.example/a")
        assert network.connected == ["93.184.215.14"]

    @pytest.mark.parametrize(
        "host", ["127.0.0.1", "localhost", "[::1]", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]"]
    )
    def test_it_is_known_in_every_spelling(self, network, host):
        with Web(limits=Limits(pause=0, attempts=1), network=network) as web:
            assert "--allow-private" in refused(web, f"http://{host}/a")
        assert network.connected == []


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "file:///etc/passwd",
            "echo.example",
            "http://",
            "ftp://echo.example/",
            "http://echo.example:99999/",
            "http://[::1",
            "",
        ],
    )
    def test_only_those_of_the_web(self, address):
        with quick() as web:
            assert refused(web, address).startswith("no web address; give one that begins with http")

    def test_no_passwords(self, server):
        with quick() as web:
            assert "leave the password out" in refused(
                web, server.url.replace("http://", "http://ann:secret@")
            )
        assert server.asked == []

    @pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 70 + ".example"])
    def test_no_such_server(self, host):
        def nobody(name, port):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        with Web(limits=Limits(pause=0), resolve=nobody) as web:
            assert f"there is no server called {host}; check the address" in refused(web, f"http://{host}/a")
