"""Tables and dumps: CSV, Parquet and lines of JSON, with the usual names of columns or chosen ones."""

import builtins
import csv
import gzip
import io
import json
import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ingest.read import ColumnError, Columns, parse, read
from ingest.records import Article, Failure

YES = "“Yes,” said Ann Lee.\n\n“We must go.”"


def errors(items) -> list[str]:
    return [item.error for item in items if isinstance(item, Failure)]


def made_csv(*rows: list[str], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@pytest.fixture
def write(tmp_path):
    def _write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


class TestColumns:
    @pytest.mark.parametrize(
        ("record", "article"),
        [
            (  # news-please, from Common Crawl's news
                {
                    "maintext": YES,
                    "title": "Wall",
                    "url": "https://echo.example/wall?utm_source=x",
                    "source_domain": "echo.example",
                    "date_publish": "2025-03-04 09:00:00",
                    "date_download": "2025-03-09 10:00:00",
                    "authors": ["Ann Lee", "Bo Ray"],
                    "language": "en",
                },
                Article(
                    "https://echo.example/wall",
                    YES,
                    "https://echo.example/wall?utm_source=x",
                    "Wall",
                    "echo.example",
                    "Ann Lee; Bo Ray",
                    "2025-03-04",
                ),
            ),
            (  # GDELT
                {"url": "https://echo.example/1", "title": "T", "seendate": "20250304T101500Z", "domain": "echo.example",
                 "language": "English", "plain_text": YES},
                Article("https://echo.example/1", YES, "https://echo.example/1", "T", "echo.example", None, "2025-03-04"),
            ),
            (  # NewsAPI
                {"source": {"id": None, "name": "Echo"}, "publishedAt": "2025-03-04T09:00:00Z", "content": YES, "author": ""},
                Article("dump-1", YES, outlet="Echo", published="2025-03-04"),
            ),
            (  # schema.org
                {"articleBody": YES, "headline": "T", "author": [{"@type": "Person", "name": "Ann Lee"}], "inLanguage": "x"},
                Article("dump-1", YES, title="T", author="Ann Lee"),
            ),
            ({"Body": YES, "Date": "20250304101500", "ID": 7}, Article("7", YES, published="2025-03-04")),
            ({"text": YES, "body": "No.", "language": "eng,deu"}, Article("dump-1", YES)),
        ],
    )  # fmt: skip
    def test_usual_names(self, write, record, article):
        assert list(read([write("dump.jsonl", json.dumps(record))])) == [article]

    def test_chosen_names(self, write):
        columns = Columns.parse("text=Story, date=when, outlet=paper")
        assert columns == Columns(text="Story", published="when", outlet="paper")
        line = {"story": YES, "text": "No.", "when": "2025-03-04", "date": "1999-01-01", "paper": "Echo"}
        assert list(read([write("a.jsonl", json.dumps(line))], columns=columns)) == [
            Article("a-1", YES, outlet="Echo", published="2025-03-04")
        ]

    @pytest.mark.parametrize("choice", ["", "text", "text=", "=body", "colour=red", "text=a,,date=b"])
    def test_a_choice_that_means_nothing(self, choice):
        with pytest.raises(ColumnError, match="write text=NAME,url=NAME with any of text, id, url"):
            Columns.parse(choice)

    @pytest.mark.parametrize("language", ["de", "German", "fr-FR", "deu,eng"])
    def test_other_languages_are_left_out(self, write, language):
        (failure,) = read([write("a.jsonl", json.dumps({"text": "„Ja“", "language": language}))])
        assert f"a.jsonl:1: not in English (language: {language}); " in failure.error

    def test_a_line_without_text_says_what_it_has(self, write):
        (failure,) = read([write("a.jsonl", '{"headline": "T", "story_html": "x"}')])
        assert 'no "text" in this line, which has headline, story_html; ' in failure.error

    def test_a_list_of_addresses_says_how_to_have_them_fetched(self, write):
        (failure,) = read(
            [write("gdelt.jsonl", '{"url": "https://echo.example/wall", "seendate": "20250304T101500Z"}')]
        )
        assert "which has url, seendate; " in failure.error
        assert "write their addresses into a .urls file" in failure.error


class TestCsv:
    def test_one_article_a_row(self, write):
        path = write(
            "wire.csv",
            made_csv(
                ["Title", "Text", "URL", "Date"],
                ["T", YES, "", "4 March 2025"],
                ["", "No.", "https://a.example/1", ""],
            ),
        )
        assert list(read([path])) == [
            Article("wire-2", YES, title="T", published="2025-03-04"),
            Article("https://a.example/1", "No.", url="https://a.example/1"),
        ]

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("start", ["", "\ufeff"])
    def test_as_spreadsheets_write_it(self, write, delimiter, start):
        content = start + made_csv(
            ["text", "title"], ['He said: "Yes, we; must | go."', "T"], delimiter=delimiter
        )
        assert list(read([write("a.csv", content)])) == [
            Article("a-2", 'He said: "Yes, we; must | go."', title="T")
        ]

    def test_rows_are_counted_as_an_editor_counts_lines(self, write):
        path = write("a.csv", 'text\n"One.\n\nMore."\n\nTwo.\n')
        assert [article.id for article in read([path])] == ["a-2", "a-6"]

    def test_a_field_of_any_size_that_an_article_may_have(self, write):
        (article,) = read([write("a.csv", made_csv(["text"], ["Yes. " * 100_000]))])
        assert len(article.text) == 500_000

    def test_without_the_column(self, write):
        path = write("a.csv", made_csv(["headline", "corpus"], ["T", YES]))
        assert errors(read([path])) == [
            f"{path}: no column text; it has headline, corpus: say which holds the text, e.g. --columns text=NAME"
        ]
        assert errors(read([path], columns=Columns(text="story")))[0].startswith(
            f"{path}: no column story; it has headline"
        )
        assert next(read([path], columns=Columns(text="corpus"))).text == YES

    @pytest.mark.parametrize(
        ("row", "why"),
        [
            (b"caf\xe9,T", "not UTF-8 (byte 3 is 0xe9)"),
            (b"Yes, she said, and left,T", "4 cells for 2 columns; put texts that hold ','"),
            (b" ,T", 'no "text" in this line'),
            (b"a\0b,T", "NUL"),
            (b'"' + b"x\n" * 100_000 + b'",T', "a row larger than 0.1 MB"),
            (b"x" * 200_000 + b",T", "a row larger than 0.1 MB"),
        ],
    )
    def test_a_bad_row_is_named_and_the_rest_goes_on(self, write, monkeypatch, row, why):
        monkeypatch.setattr(parse, "MAX_BYTES", 100_000)
        path = write("a.csv", b"text,title\nOne.,T\n" + row + b"\nThree.,T\n")
        first, second, third = read([path])
        assert (first.text, third.text) == ("One.", "Three.")
        assert f"{path}:3: " in second.error
        assert why in second.error

    def test_a_mark_that_is_never_closed(self, write):
        path = write("a.csv", 'text,title\nOne.,T\n"Two.,T\nThree.,T\n')
        first, second = read([path])
        assert first.text == "One."
        assert f'{path}:3: a row larger than 20 MB, or a mark (") that is never closed' in second.error

    @pytest.mark.parametrize(
        ("content", "why"),
        [("", "empty"), ("\n\n", "empty"), ("text,title\n", "no rows"), (b"\xff\xfet\0", "not UTF-8")],
    )
    def test_nothing_in_it(self, write, content, why):
        assert why in errors(read([write("a.csv", content)]))[0]


class TestParquet:
    @pytest.fixture
    def made(self, tmp_path):
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")

        def _made(columns: dict, **options) -> Path:
            path = tmp_path / "wire.parquet"
            pq.write_table(pa.table(columns), path, **options)
            return path

        return _made

    def test_one_article_a_row(self, made):
        path = made(
            {
                "body": [YES, "No.", None],
                "day": [datetime(2025, 3, 4, 9, tzinfo=UTC), None, None],
                "authors": [["Ann Lee", "Bo Ray"], [], None],
                "publisher": [{"name": "Echo"}, None, None],
                "link": ["https://a.example/1", None, None],
                "other": [1, 2, 3],
            }
        )
        first, second, third = read([path])
        assert first == Article(
            "https://a.example/1", YES, "https://a.example/1", None, "Echo", "Ann Lee; Bo Ray", "2025-03-04"
        )
        assert second == Article("wire-2", "No.")
        assert f'{path}:3: no "text" in this line' in third.error

    def test_days(self, made):
        (article,) = read([made({"text": [YES], "date": [date(2025, 3, 4)]})])
        assert article.published == "2025-03-04"

    def test_without_the_column(self, made):
        path = made({"headline": ["T"], "corpus": [YES]})
        assert errors(read([path])) == [
            f"{path}: no column text; it has headline, corpus: say which holds the text, e.g. --columns text=NAME"
        ]
        assert next(read([path], columns=Columns(text="corpus"))).text == YES

    def test_it_streams(self, made):
        path = made({"text": [f"{i} " + "Yes. " * 20_000 for i in range(300)]}, compression="zstd")
        tracemalloc.start()
        count = sum(isinstance(item, Article) for item in read([path]))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count == 300  # 30 MB
        assert peak < 12_000_000

    @pytest.mark.parametrize("content", [b"PAR1", b"", b"junk" * 999, b"PAR1" + b"\xff" * 999 + b"PAR1"])
    def test_broken(self, write, content):
        pytest.importorskip("pyarrow")
        assert "a.parquet: broken after row 0 (" in errors(read([write("a.parquet", content)]))[0]

    def test_cut_short(self, made):
        path = made({"text": [YES] * 999})
        path.write_bytes(path.read_bytes()[:-200])
        assert "broken after row 0 (" in errors(read([path]))[0]

    def test_without_pyarrow(self, write, monkeypatch):
        real = builtins.__import__

        def without(name, *args, **kwargs):
            if name.startswith("pyarrow"):
                raise ImportError(name)
            return real(name, *args, **kwargs)

        monkeypatch.setattr(builtins, "__import__", without)
        (error,) = errors(read([write("a.parquet", b"PAR1")]))
        assert error.endswith("a.parquet: Parquet needs pyarrow; run pip install 'onrecord[parquet]'")


class TestGzip:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.txt.gz", YES),
            ("a.md.gz", YES),
            ("a.jsonl.gz", json.dumps({"id": "a", "text": YES})),
            ("a.csv.gz", made_csv(["id", "text"], ["a", YES])),
            ("a.txt", YES),  # compressed, whatever its name says
        ],
    )
    def test_of_any_kind(self, write, name, content):
        assert list(read([write(name, gzip.compress(content.encode()))])) == [Article("a", YES)]

    def test_in_a_folder(self, write, tmp_path):
        write("b.txt.gz", gzip.compress(b"Yes."))
        assert list(read([tmp_path])) == [Article("b", "Yes.")]

    @pytest.mark.parametrize("name", ["wire.jsonl.gz", "wire.csv.gz"])
    def test_cut_short(self, write, name):
        rows = [f"{i} {hash(str(i))} yes" for i in range(9_999)]
        lines = ["text", *rows] if "csv" in name else [json.dumps({"text": row}) for row in rows]
        path = write(name, gzip.compress("\n".join(lines).encode())[:-2_000])
        *articles, failure = read([path])
        assert len(articles) > 5_000
        assert (
            failure.error
            == f"{path}: its compressed content is cut short or damaged; what came before is read: fetch or compress it again"
        )

    @pytest.mark.parametrize(
        "content", [b"\x1f\x8b", b"\x1f\x8b\x08junk", gzip.compress(b"Yes.")[:-9] + b"\xff" * 9]
    )
    def test_damaged(self, write, content):
        assert (
            "a.txt.gz: its compressed content is cut short or damaged"
            in errors(read([write("a.txt.gz", content)]))[0]
        )

    def test_a_bomb(self, write):
        assert "larger than 20 MB" in errors(read([write("a.txt.gz", gzip.compress(b"x" * 30_000_000))]))[0]


class TestMemory:
    def test_a_dump_streams(self, write):
        path = write(
            "wire.jsonl",
            "".join(json.dumps({"text": f"{i} " + "Yes. " * 2_000}) + "\n" for i in range(3_000)),
        )
        tracemalloc.start()
        count = sum(isinstance(item, Article) for item in read([path]))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count == 3_000  # 30 MB
        assert peak < 2_000_000
