"""Brings resources/translations up to date with the source: `python -m tests.ui.translations`.

lupdate reads the window's own words. The engine and what lies under it know no Qt: their sentences are found here, as
the literals that make a notice, a Sentence or an error, and handed to lupdate in the words that it knows.
"""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "resources/translations"
LANGUAGES = ("en", "es")  # of English, only what differs with a number
FLOORS = ("bridge", "engine", "store", "relay", "protocol", "transparency")
_SPEAKING = {  # which arguments of a call are for a person
    "Notice": slice(1, 4),
    "of_error": slice(1, 2),
    "of_file": slice(1, 2),
    "Sentence": slice(0, 1),
    "counted": slice(0, 2),
    "Refused": slice(0, 1),
    "_refusal": slice(0, 2),
    "ActFailed": slice(0, 2),
}
_OF_ERRORS = ("sentence", "action")  # a SpokenError's


class Unreadable(Exception):
    """A sentence that is put together where it is used: no translation can be found for it."""


def refresh(folder: Path = FOLDER) -> None:
    """Writes the .ts files anew, keeping what is translated, and compiles them; the same bytes each time."""
    with TemporaryDirectory() as made:
        words = Path(made) / "engine.py"
        literals = [json.dumps(each, ensure_ascii=False) for each in engine_sentences()]
        words.write_text("".join(f'QT_TRANSLATE_NOOP("engine", {each})\n' for each in literals), encoding="utf-8")
        window = [str(path) for path in sorted((ROOT / "agent_app/ui").rglob("*.py"))]
        for language in LANGUAGES:
            kept = folder / f"sealdesk_{language}.ts"
            options = ["-no-obsolete", "-locations", "none", "-source-language", "en", "-target-language", language]
            plural = ["-pluralonly"] if language == "en" else []
            _run("lupdate", *options, *plural, *window, str(words), "-ts", str(kept))
            _run("lrelease", "-silent", str(kept), "-qm", str(kept.with_suffix(".qm")))


def engine_sentences() -> list[str]:
    found: set[str] = set()
    for floor in FLOORS:
        for path in sorted((ROOT / "agent_app" / floor).rglob("*.py")):
            found.update(sentences_of(path.read_text(encoding="utf-8"), path))
    return sorted(found)


def sentences_of(source: str, path: Path) -> Iterator[str]:
    """What a file's notices and sentences say. Raises Unreadable."""
    tree = ast.parse(source)
    named = dict(_named(tree))
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Name(kind) | ast.Attribute(attr=kind), arguments) if kind in _SPEAKING:
                for argument in arguments[_SPEAKING[kind]]:
                    if isinstance(argument, ast.JoinedStr) or _is_text_of(argument):
                        raise Unreadable(f"{path}:{argument.lineno}: write Sentence(pattern, name=value).")
                    yield from _literals(argument, named)
            case ast.Assign([ast.Name(name)], ast.Constant(str(said))) if name in _OF_ERRORS:
                yield said


def _is_text_of(value: ast.expr) -> bool:
    """`str(error)`: English, and without its pattern."""
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in ("str", "repr")


def pairs() -> Iterator[tuple[str, str]]:
    """What the engine says of one thing, and of several."""
    for path in sorted((ROOT / "agent_app/engine").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(ast.Name("counted"), [ast.Constant(str(one)), ast.Constant(str(more)), *_]):
                    yield one, more


def _named(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        match node:
            case ast.Assign([ast.Name(name)], value) | ast.AnnAssign(ast.Name(name), _, ast.expr() as value):
                yield name, value


def _literals(value: ast.expr, named: dict[str, ast.expr]) -> Iterator[str]:
    match value:
        case ast.Constant(str(said)) if said:
            yield said
        case ast.Name(name) | ast.Subscript(ast.Name(name)) if name in named:
            yield from _literals(named[name], {})
        case ast.Call(ast.Attribute(ast.Name(name), "get"), [_, otherwise]) if name in named:
            yield from _literals(named[name], {})
            yield from _literals(otherwise, named)
        case ast.Dict(values=values):
            for one in values:
                yield from _literals(one, named)
        case ast.IfExp(body=body, orelse=otherwise):
            yield from _literals(body, named)
            yield from _literals(otherwise, named)


def _run(tool: str, *arguments: str) -> None:
    program = Path(sys.executable).parent / f"pyside6-{tool}"
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode or "warning" in done.stderr.casefold():
        raise RuntimeError(f"{tool} failed: {done.stdout}{done.stderr}")


if __name__ == "__main__":
    refresh()
