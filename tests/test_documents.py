"""What the documents say, the program does: commands, targets, options and examples exist as written."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import re
import shlex
import tomllib
from types import ModuleType

import pytest
from conftest import ROOT
from typer.main import get_command

import ingest
from ingest.cli import app
from ingest.cli.app import Format, Kind

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]
CHOICES = {"--kind": Kind, "--format": Format}
TARGETS = re.findall(r"^([a-z][\w-]*):.*?(?:## *(.*))?$", MAKEFILE, re.MULTILINE)
MODULES = [name for _, name, _ in pkgutil.walk_packages(ingest.__path__, "ingest.")]


def code_lines(document: str) -> list[str]:
    """The command lines in a document's code blocks, prompts, comments and continued lines put right."""
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", document, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [line.strip().removeprefix("$ ") for line in lines]


def commands_of(document: str, program: str) -> list[list[str]]:
    """``onrecord search "dam" | head  # five`` → ``[["search", "dam"]]``; also words in backticks."""
    inline = [words for words in re.findall(r"`([^`\n]+)`", document) if words.startswith(f"{program} ")]
    found = []
    for line in [*code_lines(document), *inline]:
        for piece in re.split(r"\s(?:\||&&|;|>|<)\s?", line):
            piece = re.sub(r"^(?:\S+=\S+\s+)*(?:\S*/)?", "", piece.strip())
            if piece.startswith(f"{program} "):
                found.append(shlex.split(piece, comments=True)[1:])
    return found


def test_commands_are_taken_from_code():
    document = '```sh\n$ onrecord search "a b" --kind direct | head -3  # some\nDB=x .venv/bin/onrecord serve\n```\n`onrecord show FILE` onrecord'
    assert commands_of(document, "onrecord") == [
        ["search", "a b", "--kind", "direct"],
        ["serve"],
        ["show", "FILE"],
    ]


def test_the_readme_documents_every_command():
    documented = {words[0] for words in commands_of(README, "onrecord")}
    assert documented >= set(COMMANDS)


@pytest.mark.parametrize("words", commands_of(README, "onrecord"), ids=" ".join)
def test_a_command_of_the_readme_exists_with_its_options(words):
    if words[0] in ("--help", "--version"):
        return
    assert words[0] in COMMANDS
    options = {flag for parameter in COMMANDS[words[0]].params for flag in parameter.opts}
    for i, word in enumerate(words):
        flag = word.partition("=")[0]
        if not flag.startswith("-") or flag in ("-", "--", "--help"):
            continue
        assert flag in options, f"onrecord {words[0]} has no option {flag}"
        values = [*word.split("=")[1:], *words[i + 1 :]]
        if flag in CHOICES and not values[0].isupper():  # KIND stands for any
            assert values[0] in list(CHOICES[flag])


@pytest.mark.parametrize("words", commands_of(README, "make"), ids=" ".join)
def test_a_make_command_of_the_readme_exists(words):
    for word in words:
        if "=" in word:
            assert re.search(rf"\$\({word.split('=')[0]}\)", MAKEFILE), f"the Makefile reads no {word}"
        else:
            assert word in dict(TARGETS)


@pytest.mark.parametrize("name", ["serve", "test"])
def test_the_two_commands_that_do_everything_are_in_the_readme(name):
    assert [name] in commands_of(README, "make")


def test_every_target_of_the_makefile_says_what_it_does():
    assert [name for name, comment in TARGETS if not comment] == []
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony
    assert set(phony.group(1).split()) == set(dict(TARGETS))


def test_files_that_the_readme_names_exist():
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_help_names_commands_that_exist(onrecord):
    text = onrecord("--help").stdout
    assert set(re.findall(r"onrecord ([a-z]+)", text)) <= set(COMMANDS)


def test_the_version_is_one():
    assert PROJECT["project"]["version"] == ingest.__version__


def imported(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in ("torch", "onnx"):
            raise
        pytest.skip(f"{error.name} of the extra [train] is not installed")


@pytest.mark.usefixtures("_reader_loaded_once")
@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_come_out_as_they_say(name):
    module = imported(name)
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_everything_public_has_a_docstring(name):
    module = imported(name)
    assert module.__doc__
    for label, thing in vars(module).items():
        if label.startswith("_") or getattr(thing, "__module__", None) != name:
            continue
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert thing.__doc__, f"{name}.{label}"


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("ingest/**/*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_imports_run_downward_only(path):
    """cli → evaluate → pipeline, store → read, find, attribute, resolve → records: no stage knows SQLite."""
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT / "ingest").parts[0].removesuffix(".py")
    stages = ("read", "marks", "find", "attribute", "entities", "resolve", "register", "lexicon", "records")
    above = {
        **dict.fromkeys(stages, ("store", "pipeline", "evaluate", "cli", "site")),
        "store": ("pipeline", "evaluate", "cli", "find", "attribute", "resolve"),
        "pipeline": ("store", "evaluate", "cli"),
        "evaluate": ("store", "cli", "site"),
    }.get(name, ())
    imported = re.findall(r"^\s*(?:from|import) ingest\.(\w+)", text, re.MULTILINE)
    assert not set(imported) & set(above)
    if name in stages or name == "pipeline":
        assert not re.search(r"^\s*(?:from|import) (?:sqlite3|sqlite_utils)", text, re.MULTILINE)
    if name in ("store", "records", "read", "register"):
        assert not re.search(r"^\s*(?:from|import) spacy", text, re.MULTILINE)
