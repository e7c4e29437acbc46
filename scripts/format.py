#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What clang-format does not look at: form of the SystemVerilog, the pages, the scripts.

usage: format.py [--fix] FILE...     prints FILE:LINE: what; exit 1 if anything is wrong. --fix mends blanks at line ends,
                                     tabs and the final newline first.
Every text file: SPDX line in the first four, no tabs (but in pages), no blanks at line ends, one newline at the end.
SystemVerilog:   120 columns, statements indented by 2, `default_nettype none first and restored last, file named as its module.
Pages (*.md):    120 columns outside of tables; output in a transcript (a block that begins with "$ ") as it is.
C, C++:          clang-format (format.sh); SPDX and blanks here.
Files that say "do not edit" are their generator's business: only blanks and SPDX are looked at.
"""
import pathlib
import re
import sys

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

COLUMNS = 120
CODE = (".c", ".h", ".cpp", ".py", ".sh", ".sv", ".svh", ".toml", ".yaml", ".vlt", ".txt", ".md")
NO_SPDX = ("requirements.txt",)


def systemverilog(path, lines):
    """(line, what) of a file of RTL or bench."""
    text = "\n".join(lines)
    if path.suffix == ".sv":
        if not re.search(r"^`default_nettype none$", text, re.M):
            yield 1, "no `default_nettype none"
        if not re.search(r"^`default_nettype wire$", text, re.M):
            yield len(lines), "`default_nettype is not restored (wire)"
        unit = re.search(r"^(?:module|package) +(?:automatic +)?(\w+)", text, re.M)
        if unit and path.parts[0] == "rtl" and unit[1] != path.stem:
            yield 1, f"has {unit[1]}"
    comment, begins = False, True
    for n, line in enumerate(lines, 1):
        code = re.sub(r" *//.*", "", line).rstrip()
        indent = len(line) - len(line.lstrip(" "))
        if begins and not comment and code and indent % 2:  # lines that go on may be aligned
            yield n, f"indented by {indent}"
        comment = ("/*" in line or comment) and "*/" not in line
        if code:
            begins = bool(re.search(r"(;|\bbegin( *: *\w+)?|\bend\w*( *: *\w+)?)$", code))


def page(lines):
    fence = transcript = False
    for n, line in enumerate(lines, 1):
        if line.startswith("```"):
            fence = not fence
            transcript = fence and n < len(lines) and lines[n].startswith("$ ")
            continue
        if len(line) > COLUMNS and not transcript and not line.startswith("|") and "<!--" not in line:
            yield n, f"{len(line)} columns"


def complaints(path, text):
    lines = text.split("\n")
    if lines[-1] != "" or text.endswith("\n\n"):
        yield len(lines), "does not end with one newline"
    for n, line in enumerate(lines, 1):
        if "\t" in line and path.suffix != ".md":
            yield n, "tab"
        if line != line.rstrip():
            yield n, "blanks at the end"
    if path.name not in NO_SPDX and not any("SPDX-License-Identifier" in line for line in lines[:4]):
        yield 1, "no SPDX line"
    if any("do not edit" in line for line in lines[:4]):
        return
    if path.suffix in (".sv", ".svh"):
        yield from systemverilog(path, lines)
    if path.suffix == ".md":
        yield from page(lines)
    elif path.suffix in (".sv", ".svh"):
        for n, line in enumerate(lines, 1):
            if len(line) > COLUMNS:
                yield n, f"{len(line)} columns"


def mend(path, text):
    lines = [line.rstrip() for line in text.split("\n")]
    return "\n".join(line.expandtabs(2) for line in lines).rstrip("\n") + "\n"


def main(argv):
    fix = argv[:1] == ["--fix"]
    wrong = looked = 0
    for name in argv[fix:]:
        path = pathlib.Path(name)
        if path.suffix not in CODE and path.name not in (".clang-format", ".editorconfig"):
            continue
        looked += 1
        text = path.read_text()
        if fix and mend(path, text) != text:
            text = mend(path, text)
            path.write_text(text)
        for line, what in complaints(path, text):
            print(f"{name}:{line}: {what}")
            wrong += 1
    print(f"format: {looked} files looked at, {wrong} complaints")
    return wrong != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
