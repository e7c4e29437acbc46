#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Everything that a page (*.md) points at exists: links and their headings, files, commands, tests. Every test has its row
in testbench/README.md.

usage: links.py [BUILD]     BUILD: the build directory whose tests `ctest -R` may name (default: they are not looked at)
A capital NAME in a path is a placeholder. Files that a run makes (out/, build/tiles, ...) are not looked for.
"""
import fnmatch
import os
import pathlib
import re
import subprocess
import sys

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

REPO = pathlib.Path(__file__).resolve().parent.parent.parent
ROOMS = ("rtl/", "refc/", "model/", "testbench/", "scripts/", "waves/", ".ci/")
SUFFIX = ("sv", "svh", "c", "h", "cpp", "py", "sh", "yaml", "toml", "md", "tsv", "vlt")
MADE = ("config.yaml", "summary.yaml")  # by a run, in its folder
TOKEN = re.compile(r"(?<![\w$~/.-])(?:\./)?[\w.*{},-]+(?:/[\w.*{},-]+)*/?")


def files():
    """Paths in the repository; without git, whatever is there."""
    git = subprocess.run(["git", "-C", str(REPO), "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True)
    if git.returncode == 0:
        return [f for f in git.stdout.splitlines() if (REPO / f).exists()]
    return [str(p.relative_to(REPO)) for p in REPO.rglob("*") if p.is_file() and p.parts[len(REPO.parts)] not in ("build", "out")]


def anchors(page):
    """Headings of a page as its renderer names them."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.S)
    heads = re.findall(r"^#+ +(.*)$", text, re.M)
    return {re.sub(r"[^\w -]", "", h.lower()).strip().replace(" ", "-") for h in heads}


def braces(path):
    """a{b,c} is ab and ac."""
    m = re.search(r"\{([^{}]*)\}", path)
    if not m:
        return [path]
    return [q for part in m.group(1).split(",") for q in braces(path[:m.start()] + part + path[m.end():])]


class Checker:
    def __init__(self, build):
        self.names = files()
        self.folders = {str(p) for f in self.names for p in pathlib.PurePath(f).parents}
        self.base = {os.path.basename(f) for f in self.names}
        cmake = "\n".join((REPO / f).read_text() for f in self.names if f.endswith("CMakeLists.txt"))
        self.made = [re.sub(r"\$\{\w+\}", r"\\w+", p) for p in re.findall(r"(?:add_executable|xt_test)\(([\w${}]+)", cmake)
                     if not p.startswith("$")]
        self.tests = None
        if build:
            said = subprocess.run(["ctest", "--test-dir", build, "-N"], capture_output=True, text=True).stdout
            self.tests = re.findall(r"Test +#\d+: (\S+)", said)
        self.bad = self.looked = 0

    def complain(self, page, line, what):
        self.bad += 1
        print(f"{page}:{line}: {what}")

    def exists(self, path, here):
        for q in braces(re.sub(r"(?<![A-Za-z])NAME(?![A-Za-z])", "*", path)):
            q = q.rstrip("/").removeprefix("./")
            places = {os.path.normpath(q), os.path.normpath(os.path.join(here, q))}
            if not any(fnmatch.filter(self.names, p) or p in self.folders for p in places) and \
                    not ("/" not in q and fnmatch.filter(self.base, q)):
                return False
        return True

    def path(self, page, line, token):
        """A path or file name in code."""
        token = token.rstrip(".,")
        if token.startswith("build/"):
            parts = token.rstrip("/").split("/")
            if len(parts) > 1 and parts[1] == "crosstrain":
                self.looked += 1
            elif len(parts) == 4 and parts[1] in ("testbench", "model"):
                self.looked += 1
                if not any(re.fullmatch(made, parts[3]) for made in self.made):
                    self.complain(page, line, f"no CMakeLists.txt makes {token}")
            return
        room = token.startswith(ROOMS) and not token.endswith("/checkpoint.h5")
        name = "/" not in token and token.rsplit(".", 1)[-1] in SUFFIX and "." in token.strip(".") and token[0] not in ".*"
        if not (room or name) or token in MADE:
            return
        self.looked += 1
        if not self.exists(token, os.path.dirname(page)):
            self.complain(page, line, f"{token} does not exist")

    def link(self, page, line, target):
        if re.match(r"[a-z]+:", target):
            return
        self.looked += 1
        path, _, anchor = target.partition("#")
        full = (REPO / page).parent / path if path else REPO / page
        if not full.exists():
            self.complain(page, line, f"link to {target}: no such file")
        elif anchor and anchor not in anchors(full):
            self.complain(page, line, f"link to {target}: no such heading")

    def table(self, page, text):
        """Of tests: each is in the first column, by its name or a pattern."""
        rows = re.findall(r"^\| ([^|]*) \|", text, re.M)
        patterns = [name for row in rows for name in re.findall(r"`([^`]+)`", row)]
        for test in self.tests or ():
            self.looked += 1
            if not any(fnmatch.fnmatch(test, p) for p in patterns):
                self.complain(page, 0, f"test {test} has no row")

    def page(self, page, text):
        fence = False
        for line, text in enumerate(text.splitlines(), 1):
            if text.startswith("```"):
                fence = not fence
                continue
            if not fence:
                for target in re.findall(r"\]\(([^)\s]+)\)", text):
                    self.link(page, line, target)
            command = fence and text.startswith("$ ")
            for code in [text] if command else ([] if fence else re.findall(r"`([^`]+)`", text)):
                for token in TOKEN.findall(code):
                    self.path(page, line, token)
                for test in () if "-R NAME" in code else re.findall(r"ctest\b.*? -R +'?([\w|.^$]+)", code):
                    self.looked += 1
                    if self.tests is not None and not any(re.search(test, t) for t in self.tests):
                        self.complain(page, line, f"ctest -R {test}: no such test")


def main(argv):
    checker = Checker(argv[1] if len(argv) > 1 else None)
    pages = [f for f in checker.names if f.endswith(".md")]
    for page in pages:
        checker.page(page, (REPO / page).read_text())
    checker.table("testbench/README.md", (REPO / "testbench/README.md").read_text())
    print(f"{len(pages)} pages: {checker.looked} links, paths and commands looked at, {checker.bad} wrong")
    return checker.bad != 0 or checker.looked == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
