"""Write the generated parts of the documents: methods, keys, errors, commands, and what every example prints.

Run as ``python tools/write_reference.py``; with ``--check`` nothing is written and the stale pages are named.

Between ``<!-- part: NAME -->`` and ``<!-- end -->`` a page holds text made from the registries and the catalogues. A block
``console`` holds commands and what they print, a block ``text output`` what the ``python`` block before it prints; a block
``csv file=NAME`` (or ``toml``) is written as a file first. The blocks of a page run in order, in an empty folder.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "docs" / "reference" / "index-file.schema.json"
FENCE = re.compile(r"^```(\w+)[ ]?([^\n]*)\n(.*?)^```$", re.S | re.M)
PART = re.compile(r"(<!-- part: ([\w-]+) -->\n).*?(<!-- end -->)", re.S)
#: What the screen is, so that an example prints the same everywhere.
PLAIN = {"COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"}


def pages() -> list[Path]:
    """The documents of the project, decisions left out: they are records, not descriptions."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(path for path in found if "decisions" not in path.parts)


def fresh(path: Path) -> str:
    """The text of a page with its generated parts and its examples made anew."""
    text = PART.sub(_part, path.read_text(encoding="utf-8"))
    return _played(text, "zh" if path.name.endswith(".zh.md") else "en")


def schema_text() -> str:
    """The JSON Schema of the index file, as it is kept beside the reference."""
    from tidu.index.schema import json_schema

    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


# --- examples ---------------------------------------------------------------------------------------------------------


def run(arguments: list[str]) -> tuple[str, int]:
    """What the command line prints for some arguments, and the code it leaves with."""
    from tidu.faces.cli import main

    out = io.StringIO()
    code = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            main(arguments)
        except SystemExit as end:
            code = int(end.code or 0)
    return _tidy(out.getvalue()), code


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.splitlines()]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines)


def _played(text: str, lang: str) -> str:
    """The text with the output of every example; nothing is run where a page has none."""
    blocks = list(FENCE.finditer(text))
    if not any(block.group(1) in ("console", "python") for block in blocks):
        return text
    language = {"LC_ALL": "zh_CN.UTF-8" if lang == "zh" else "en_US.UTF-8"}
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), mock.patch.dict(os.environ, PLAIN | language):
        names: dict[str, Any] = {"__name__": "example"}
        said, out, at = "", [], 0
        for block in blocks:
            kind, note, body = block.groups()
            if kind == "python":
                said = _python(body, names)
            elif kind == "console":
                body = _console(body)
            elif note.startswith("file="):
                Path(note.removeprefix("file=")).write_text(body, encoding="utf-8")
            elif kind == "text" and note == "output":
                body = said + "\n"
            out += [text[at : block.start(3)], body]
            at = block.end(3)
    return "".join([*out, text[at:]])


def _python(code: str, names: dict[str, Any]) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "example", "exec"), names)  # noqa: S102 (the project's own documents)
    return _tidy(out.getvalue())


def _console(body: str) -> str:
    commands = [line for line in body.splitlines() if line.startswith("$ ")]
    said = []
    for command in commands:
        parts = shlex.split(command.removeprefix("$ "))
        cut = None
        if "|" in parts:
            cut = int(parts[-1].removeprefix("-"))
            parts = parts[: parts.index("|")]
        printed, _ = run(parts[1:])
        lines = printed.splitlines()[:cut]
        said.append("\n".join([command, *(line.rstrip() for line in lines)]))
    return "\n\n".join(said) + "\n"


# --- generated parts --------------------------------------------------------------------------------------------------


def _part(found: re.Match[str]) -> str:
    return found.group(1) + PARTS[found.group(2)]() + found.group(3)


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def _table(heads: tuple[str, ...], rows: Iterator[tuple[object, ...]] | list[tuple[object, ...]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _methods() -> str:
    from tidu.index.catalogue import method_rows
    from tidu.index.choice import DEFAULT_METHOD
    from tidu.index.methods import REGISTRIES

    text = ""
    for step in REGISTRIES:
        chinese = {row["method"]: row["meaning"] for row in method_rows(step, "zh")}
        text += f"## `{step}`\n\nDefault: `{DEFAULT_METHOD[step]}`.\n\n"
        rows: list[tuple[object, ...]] = [
            (f"`{row['method']}`", row["meaning"], chinese[row["method"]], f"`{row['keys']}`" if row["keys"] else "", row["source"])
            for row in method_rows(step, "en")
        ]
        text += _table(("method", "what it gives", "含义", "keys and defaults", "source"), rows) + "\n"
    return text


def _parameters() -> str:
    from tidu.index.catalogue import meanings
    from tidu.index.methods import REGISTRIES

    keys = meanings()["keys"]
    rows: list[tuple[object, ...]] = []
    for step, registry in REGISTRIES.items():
        used: dict[str, list[str]] = {}
        for name in registry:
            for key in registry[name].parameters:
                used.setdefault(key, []).append(name)
        for key in sorted(used):
            said = keys[step].get(key) or keys["parameters"][key]
            rows.append((f"`{step}.{key}`", said["en"], said["zh"], ", ".join(f"`{name}`" for name in used[key])))
    return _table(("key", "meaning", "含义", "taken by"), rows)


def _kind(entry: Mapping[str, Any]) -> str:
    """A JSON Schema entry in a few words."""
    if "enum" in entry:
        return " or ".join(f"`{item}`" for item in entry["enum"])
    if "const" in entry:
        return f"`{entry['const']}`"
    if "$ref" in entry:
        name = entry["$ref"].rpartition("/")[2]
        return {"LabelTable": "text, or `{ zh, en }`"}.get(name, "table")
    if "anyOf" in entry:
        kinds = [_kind(item) for item in entry["anyOf"] if item.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    kind = {"string": "text", "number": "number", "integer": "whole number", "boolean": "true or false", "object": "table"}
    if entry.get("type") == "array":
        if "prefixItems" in entry:
            return f"list of {len(entry['prefixItems'])}"
        inside = _kind(entry.get("items", {})).split(" or ")
        return "list of " + " or ".join(f"{item}s" for item in inside) if len(inside) < 4 else "list of values or tables"
    named = entry.get("type", "")
    return " or ".join(kind.get(one, "any") for one in (named if isinstance(named, list) else [named]))


def _default(entry: Mapping[str, Any], required: bool) -> str:
    if required:
        return "required"
    value = entry.get("default")
    if value is None or isinstance(value, dict) or value == []:
        return ""
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def _keys() -> str:
    from tidu.index.catalogue import meanings
    from tidu.index.choice import DEFAULT_METHOD, KEYS
    from tidu.index.methods import REGISTRIES
    from tidu.index.whole_file import IndexFile

    said = meanings()["keys"]
    made = IndexFile.model_json_schema(by_alias=True)
    heads = ("key", "kind", "default", "meaning", "含义")
    names = {
        "index": ("[index]", "IndexTable"),
        "units": ("[units]", "UnitsTable"),
        "universe": ("[universe.NAME]", "UniverseTable"),
        "column": ("[column.NAME]", "ColumnTable"),
        "screen": ("[screen]", "ScreenTable"),
        "pillar": ("[pillar.NAME]", "PillarTable"),
        "indicator": ("[indicator.NAME]", "IndicatorTable"),
        "uncertain": ("[uncertain.NAME]", "UncertainTable"),
    }
    first = ["extends", *(key for key in made["properties"] if key != "extends")]
    top: list[tuple[object, ...]] = [(f"`{key}`", said["file"][key]["en"], said["file"][key]["zh"]) for key in first]
    text = "## The tables of a file\n\n" + _table(("key", "meaning", "含义"), top) + "\n"
    for table, (title, model) in names.items():
        found = made["$defs"][model]
        rows: list[tuple[object, ...]] = []
        for key, entry in found["properties"].items():
            kind = "a step's table" if key in KEYS else _kind(entry)
            default = _default(entry, key in found.get("required", ()))
            rows.append((f"`{key}`", kind, default, said[table][key]["en"], said[table][key]["zh"]))
        text += f"## `{title}`\n\n" + _table(heads, rows) + "\n"
    for step, own in KEYS.items():
        words = said[step]
        rows = [("`method`", "a method of the step", f"`{DEFAULT_METHOD[step]}`", words["method"]["en"], words["method"]["zh"])]
        for key, entry in own.model_json_schema()["properties"].items() if own.model_fields else ():
            rows.append((f"`{key}`", _kind(entry), _default(entry, False), words[key]["en"], words[key]["zh"]))
        count = len(list(REGISTRIES[step]))
        text += f"## `[{step}]`\n\n" + _table(heads, rows)
        text += f"\nAnd the keys of the method chosen: see the {count} [methods](methods.md#{step}).\n\n"
    return text


def _errors() -> str:
    from importlib import resources

    from tidu.core.errors import messages

    source = resources.files("tidu.data").joinpath("messages.toml").read_text(encoding="utf-8")
    text = ""
    rows: list[tuple[object, ...]] = []
    heads = ("code", "what is wrong", "the mend", "中文")

    def close() -> str:
        return _table(heads, rows) + "\n" if rows else ""

    for line in source.splitlines():
        section = re.match(r"# --- (.*?) -+$", line)
        code = re.match(r"\[(\w+)\]$", line)
        if section:
            text += close() + f"## {section.group(1).capitalize()}\n\n"
            rows = []
        elif code:
            entry = messages()[code.group(1)]
            what, mend = entry["what"], entry["mend"]
            rows.append((f"`{code.group(1)}`", what["en"], mend["en"], f"{what['zh']}改法：{mend['zh']}"))
    return text + close()


def _commands() -> str:
    import typer

    from tidu.faces.cli import app

    def walk(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        inner = getattr(command, "commands", {})
        if not inner:
            yield path
        for name, item in inner.items():
            yield from walk(item, (*path, name))

    text = ""
    with mock.patch.dict(os.environ, PLAIN | {"LC_ALL": "en_US.UTF-8"}):
        for path in walk(typer.main.get_command(app), ()):
            text += f"## `tidu {' '.join(path)}`\n\n```text\n{run([*path, '--help'])[0]}\n```\n\n"
    return text


def _columns() -> str:
    from tidu.indicators.shipped import package

    resource = next(item for item in package()["resources"] if item["name"] == "cities")
    rows: list[tuple[object, ...]] = []
    for field in resource["schema"]["fields"]:
        unit = field.get("unit") or {"zh": "", "en": ""}
        texts = (field["title"]["en"], unit["en"], field["title"]["zh"], unit["zh"])
        rows.append((f"`{field['name']}`", *texts))
    return _table(("column", "what it is", "unit", "含义", "单位"), rows)


def _status() -> str:
    from tidu.core.words import word
    from tidu.indicators.panel import STATUS

    rows: list[tuple[object, ...]] = []
    for letter in STATUS:
        rows.append((f"`{letter}`", word(f"status_{letter}", "en"), word(f"status_{letter}", "zh")))
    return _table(("letter", "meaning", "含义"), rows)


def _gaps() -> str:
    from tidu.app import gaps

    rows = [(row["label_en"], row["label_zh"], row["why_en"], row["where_it_would_come_from_en"]) for row in gaps()]
    return _table(("published indicator", "名称", "why there is no city column", "where it would come from"), list(rows))


PARTS: dict[str, Callable[[], str]] = {
    "columns": _columns,
    "status": _status,
    "gaps": _gaps,
    "methods": _methods,
    "parameters": _parameters,
    "keys": _keys,
    "errors": _errors,
    "commands": _commands,
}


def main(check: bool) -> int:
    """Exit code: 1 when pages are stale and only checked, else 0."""
    stale = []
    for path, made in [*((path, lambda path=path: fresh(path)) for path in pages()), (SCHEMA, schema_text)]:
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        new = made()
        if new != old:
            stale.append(path.relative_to(ROOT))
            if not check:
                path.write_text(new, encoding="utf-8")
    for name in stale:
        print(f"{'stale' if check else 'written'}: {name}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
