"""Watching feeds: only what is new or corrected is handed on, and nothing is lost when the run is killed."""

import gzip
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from web_server import Reply, page, serving

from ingest import watch as watching
from ingest.read import Limits, ReadError, Web
from ingest.records import Failure
from ingest.watch import (
    State,
    StateError,
    Update,
    alike,
    feed_addresses,
    load_state,
    save_state,
    sketch,
    watch,
)

LONG = (
    "The pumps below the quay ran for nine hours and three cellars in Cooper Lane were flooded all the same."
    " Insurers expect claims of four million, and the ferry to Skerrin will not sail before Friday morning."
    " A second storm is forecast for the weekend, though it should pass to the north of the islands."
)


def feed(*items: tuple[str, str]) -> str:
    """An invented feed of (path, title)."""
    listed = "".join(f"<item><link>{path}</link><title>{title}</title></item>" for path, title in items)
    return f"<rss version='2.0'><channel><title>Echo</title>{listed}</channel></rss>"


class World:
    """A server, a client and a memory; ``look()`` is one round."""

    def __init__(self, server):
        self.server, self.state, self.now = server, State(), 1_000_000.0
        self.web = Web(allow_private=True, limits=Limits(pause=0, attempts=1))

    def look(self, *feeds: str) -> list[Update | Failure]:
        self.server.asked.clear()
        found = []
        for item in watch(
            [self.server.url + feed for feed in feeds or ["/rss"]], self.state, self.web, now=lambda: self.now
        ):
            if isinstance(item, State):
                self.state = item
            else:
                found.append(item)
        self.now += 600
        return found

    def news(self, *feeds: str) -> list[str]:
        return [
            f"{item.change} {item.article.title}" if isinstance(item, Update) else f"failed {item.error}"
            for item in self.look(*feeds)
        ]

    def asked(self) -> list[str]:
        return [path for path in self.server.asked if path != "/robots.txt"]


@pytest.fixture
def world():
    with serving() as server:
        server.pages |= {
            "/rss": Reply(feed(("/wall", "Wall"), ("/dam", "Dam")), headers={"ETag": '"1"'}),
            "/wall": Reply(page("Wall", LONG), headers={"ETag": '"w1"'}),
            "/dam": page("Dam", "It rained."),
        }
        world = World(server)
        with world.web:
            yield world


class TestWhatIsNew:
    def test_each_article_once(self, world):
        assert world.news() == ["new Wall", "new Dam"]
        assert world.news() == []
        assert world.asked() == ["/rss"]

    def test_an_article_that_a_feed_adds(self, world):
        world.look()
        world.server.pages["/rss"] = feed(("/mast", "Mast"), ("/wall", "Wall"), ("/dam", "Dam"))
        world.server.pages["/mast"] = page("Mast", "It fell.")
        assert world.news() == ["new Mast"]
        assert world.asked() == ["/rss", "/mast"]

    def test_an_article_that_two_feeds_list_is_fetched_once(self, world):
        world.server.pages["/local"] = feed(("/wall?utm_source=local", "Wall"))
        assert world.news("/rss", "/local") == ["new Wall", "new Dam"]
        assert world.news("/rss", "/local") == []

    def test_one_article_under_two_addresses(self, world):
        world.server.pages["/rss"] = feed(("/wall", "Wall"), ("/amp/wall", "Wall"))
        world.server.pages["/amp/wall"] = page("Wall", LONG, head='<link rel="canonical" href="/wall">')
        assert world.news() == ["new Wall"]

    def test_a_sitemap_may_be_watched(self, world):
        world.server.pages["/map"] = f"<urlset><url><loc>{world.server.url}/dam</loc></url></urlset>"
        assert world.news("/map") == ["new Dam"]

    @pytest.mark.parametrize("kind", ["urlset", "sitemapindex"])
    def test_but_not_all_that_was_ever_published(self, world, kind):
        entry = "url" if kind == "urlset" else "sitemap"
        listed = "".join(f"<{entry}><loc>{world.server.url}/{i}</loc></{entry}>" for i in range(1_001))
        world.server.pages["/map"] = f"<{kind}>{listed}</{kind}>"
        assert "watch a feed or a news sitemap" in world.news("/map")[0]
        assert world.asked() == ["/map"]


class TestWhatHasChanged:
    def test_a_correction_that_the_feed_announces(self, world):
        world.look()
        world.server.pages["/rss"] = feed(("/wall", "Wall (corrected)"), ("/dam", "Dam"))
        world.server.pages["/wall"] = page("Wall", "It leaked for a year, not two.")
        assert world.news() == ["changed Wall"]
        assert world.news() == []

    def test_a_silent_correction_is_seen_some_hours_later(self, world):
        world.look()
        world.server.pages["/dam"] = page("Dam", "It did not rain.")
        assert world.news() == []
        world.now += 7 * 3600
        assert world.news() == ["changed Dam"]
        assert world.asked() == ["/rss", "/wall", "/dam"]  # the feed itself and the wall: not modified
        assert world.news() == []

    def test_a_page_that_is_only_made_anew_is_no_news(self, world):
        world.look()
        world.server.pages["/dam"] = page("Dam", "It rained.", head="<meta name='made' content='today'>")
        world.now += 7 * 3600
        assert world.news() == []


class TestCopies:
    def test_nearly_the_same_words_elsewhere_are_a_copy(self, world):
        world.server.pages["/rss"] = feed(("/wall", "Wall"), ("/wire/wall", "Wall"), ("/dam", "Dam"))
        world.server.pages["/wire/wall"] = page("Wall", LONG + " This story was carried by the Gazette.")
        wall, copy, dam = world.look()
        assert (wall.copy_of, copy.copy_of, dam.copy_of) == (None, wall.article.id, None)
        assert copy.change == "new"

    def test_alike(self):
        text = page("Wall", LONG)
        assert alike(sketch(text), sketch(text.upper())) == 1
        assert alike(sketch(text), sketch("Nothing of the sort was said by anybody at all on that day.")) == 0
        assert alike(sketch(""), sketch("")) in (0, 1)


class TestFaults:
    def test_a_page_that_cannot_be_had_is_tried_three_times(self, world):
        world.server.pages["/wall"] = Reply(status=500)
        assert [item.partition(" ")[0] for item in world.news()] == ["failed", "new"]
        assert "status 500" in world.news()[0]
        world.server.pages["/rss"] = Reply(feed(("/wall", "Wall"), ("/dam", "Dam")), headers={"ETag": '"1"'})
        assert len(world.news()) == 1
        assert world.news() == []

    def test_it_is_read_when_it_is_there_again(self, world):
        good = world.server.pages["/wall"]
        world.server.pages["/wall"] = Reply(status=500)
        world.look()
        world.server.pages["/wall"] = good
        assert world.news() == ["new Wall"]

    @pytest.mark.parametrize(
        ("reply", "why"),
        [
            (Reply(page("Wall")), "a page, not a feed or a sitemap"),
            (Reply(status=500), "status 500"),
            (Reply(b"\0\1\2"), "something else, not a feed"),
            (Reply(status=302, headers={"Location": "/rss"}), "in a circle"),
            (
                Reply(gzip.compress(bytes(100_000_000)), headers={"Content-Encoding": "gzip"}),
                "larger than 20 MB",
            ),
            (Reply(stream=lambda write: [write(bytes(1_000_000)) for _ in range(200)]), "larger than 20 MB"),
        ],
    )
    def test_a_broken_feed_does_not_stop_the_others(self, world, reply, why):
        world.server.pages["/local"] = feed(("/dam", "Dam"))
        good = world.server.pages["/rss"]
        world.server.pages["/rss"] = reply
        failed, dam = world.news("/rss", "/local")
        assert why in failed
        assert dam == "new Dam"
        world.server.pages["/rss"] = good
        assert world.news("/rss", "/local") == ["new Wall"]

    def test_a_broken_round_forgets_nothing(self, world):
        world.look()
        good = world.server.pages["/rss"]
        world.server.pages["/rss"] = Reply(status=500)
        world.look()
        world.server.pages["/rss"] = good
        assert world.news() == []

    def test_a_run_that_is_killed_loses_nothing(self, world):
        events = watch([f"{world.server.url}/rss"], world.state, world.web)
        next(events)
        events.close()
        assert world.news() == ["new Wall", "new Dam"]

    def test_what_no_feed_lists_is_forgotten(self, world):
        world.look()
        world.server.pages["/rss"] = feed(("/dam", "Dam"))
        world.look()
        assert [list(pages) for pages in world.state.pages.values()] == [[f"{world.server.url}/dam"]]


class TestTheFile:
    def test_what_is_remembered_is_what_was_seen(self, world, tmp_path):
        world.look()
        path = tmp_path / "new" / "watch.json"
        save_state(path, world.state)
        assert load_state(path) == world.state
        assert [file.name for file in path.parent.iterdir()] == ["watch.json"]

    def test_there_may_be_none(self, tmp_path):
        assert load_state(tmp_path / "gone.json") == State()

    @pytest.mark.parametrize(
        "content",
        [
            "",
            "{",
            "[]",
            "7",
            "{}",
            '{"version": 99}',
            '{"version": 1, "feeds": {"a": 1}, "pages": {}}',
            "\xff",
        ],
    )
    def test_a_damaged_one(self, tmp_path, content):
        path = tmp_path / "watch.json"
        path.write_bytes(content.encode("latin-1"))
        with pytest.raises(
            StateError, match=r"watch\.json: not what watch remembers .*; delete it to begin anew"
        ):
            load_state(path)

    def test_a_full_disk_leaves_the_old_one(self, world, tmp_path, monkeypatch):
        path = tmp_path / "watch.json"
        save_state(path, State())
        before = path.read_text()
        world.look()

        def full(*args):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(watching.os, "fsync", full)
        with pytest.raises(StateError, match="No space left"):
            save_state(path, world.state)
        assert path.read_text() == before
        assert [file.name for file in tmp_path.iterdir()] == ["watch.json"]

    def test_feeds(self, tmp_path):
        path = tmp_path / "feeds.txt"
        path.write_text(
            "\ufeff# ours\nhttps://echo.example/rss\n\n  https://gazette.example/atom  \n", encoding="utf-8"
        )
        assert feed_addresses(path) == ["https://echo.example/rss", "https://gazette.example/atom"]

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            ("", "empty"),
            ("# none", "empty"),
            ("https://a.example/\nfile:///etc/passwd", "feeds.txt:2: no web address"),
        ],
    )
    def test_bad_feeds(self, tmp_path, content, why):
        path = tmp_path / "feeds.txt"
        path.write_text(content)
        with pytest.raises(ReadError, match=why):
            feed_addresses(path)
        with pytest.raises(ReadError, match="cannot be opened"):
            feed_addresses(tmp_path / "gone.txt")


class TestCommand:
    """``onrecord watch``, as cron runs it: each time anew, with nothing but the files of the last time."""

    @pytest.fixture
    def look(self, world, tmp_path, onrecord):
        feeds, db = tmp_path / "feeds.txt", tmp_path / "quotes.db"
        feeds.write_text(f"{world.server.url}/rss\n")

        def look(expected: int = 0) -> str:
            result = onrecord("watch", feeds, "--db", db, "--allow-private", "--workers", 1)
            assert result.exit_code == expected, result.output
            return result.stderr

        return look

    @pytest.fixture
    def rows(self, tmp_path):
        def rows(sql: str) -> list[tuple]:
            with closing(sqlite3.connect(tmp_path / "quotes.db")) as connection:
                return connection.execute(sql).fetchall()

        return rows

    def test_what_is_new_and_then_nothing(self, world, look, rows):
        said = look()
        assert "new: Wall\nnew: Dam\n2 articles" in said
        assert rows("SELECT count(*) FROM articles") == [(2,)]
        assert "0 articles, 0 quotes" in look()

    def test_a_corrected_article_keeps_the_addresses_of_what_still_stands(self, world, look, rows):
        words = "“It {} hold,” said Bo Ray, the engineer. “We have measured it,” said Ann Lee, the mayor."
        world.server.pages["/dam"] = page("Dam", words.format("will"))
        look()
        before = dict(rows("SELECT text, id FROM quotes"))
        world.server.pages |= {
            "/rss": feed(("/wall", "Wall"), ("/dam", "Dam, corrected")),
            "/dam": page("Dam", words.format("will not")),
        }
        assert "changed: Dam\n1 article" in look()
        after = dict(rows("SELECT text, id FROM quotes"))
        assert "“It will hold,”" in before.keys() - after.keys()
        assert "“It will not hold,”" in after.keys() - before.keys()
        assert all(after[text] == before[text] for text in before.keys() & after.keys())
        assert "“We have measured it,”" in before.keys() & after.keys()
        assert rows("SELECT before, after FROM changes WHERE what = 'quote'") == [
            ("“It will hold,”", None),
            (None, "“It will not hold,”"),
        ]

    def test_a_copy_is_named_and_its_quotes_are_known_as_repeats(self, world, look, rows):
        world.server.pages |= {
            "/rss": feed(("/wall", "Wall"), ("/wire", "Wall, says agency")),
            "/wire": page("Wall, says agency", LONG),
        }
        assert f"new: Wall, says agency, a copy of {world.server.url}/wall" in look()
        same = rows("SELECT count(*) FROM repeats JOIN quotes ON quotes.id = quote_id GROUP BY canonical_id")
        assert same
        assert all(count == (2,) for count in same)

    def test_a_feed_that_is_well_again_is_no_longer_a_failure(self, world, look, rows):
        world.server.pages["/rss"] = Reply(status=404)
        assert "left out:" in look(expected=1)
        assert rows("SELECT count(*) FROM failures") == [(1,)]
        world.server.pages["/rss"] = feed(("/wall", "Wall"))
        look()
        assert rows("SELECT count(*) FROM failures") == [(0,)]

    def test_ctrl_c_ends_the_wait_for_the_next_look(self, world, tmp_path):
        (tmp_path / "feeds.txt").write_text(f"{world.server.url}/rss\n")
        code = "from ingest.cli import app; app()"
        words = ["watch", "feeds.txt", "--db", "quotes.db", "--every", "60", "--allow-private"]
        run = subprocess.Popen(
            [sys.executable, "-c", code, *words], cwd=tmp_path, stderr=subprocess.PIPE, text=True
        )
        assert run.stderr is not None
        lines = iter(run.stderr.readline, "")
        assert any("2 articles" in line for line in lines)
        os.kill(run.pid, signal.SIGINT)
        assert list(lines)[-1:] == ["stopped; the same command again does the rest\n"]
        assert run.wait(timeout=60) == 130
        run.stderr.close()
