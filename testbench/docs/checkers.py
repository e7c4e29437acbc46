#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The checkers of form and links, checked: each planted fault must be named, and the file without it must pass.

usage: checkers.py     prints `N passed, M failed`
"""
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
REPO = HERE.parent.parent
sys.path.insert(0, str(HERE))
import links  # noqa: E402

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

GOOD = """// SPDX-License-Identifier: Apache-2.0
`default_nettype none
module xt_a (
  input  wire logic clk_i
);
  logic a;
  assign a = clk_i &
         clk_i;
endmodule
`default_nettype wire
"""
PAGE = """<!-- SPDX-License-Identifier: Apache-2.0 -->
# Title
See [it](README.md).
"""
FORM = [  # name, good text, (from, to), what must be said
    ("rtl/xt_a.sv", GOOD, None, None),
    ("rtl/xt_a.sv", GOOD, ("  logic a", "   logic a"), "indented by 3"),
    ("rtl/xt_a.sv", GOOD, ("  logic a", "\tlogic a"), "tab"),
    ("rtl/xt_a.sv", GOOD, ("logic a;", "logic a; "), "blanks at the end"),
    ("rtl/xt_a.sv", GOOD, ("logic a;", "logic a;  // " + "x" * 110), "columns"),
    ("rtl/xt_a.sv", GOOD, ("nettype none", "nettype wire"), "no `default_nettype none"),
    ("rtl/xt_a.sv", GOOD, ("nettype wire", "nettype none"), "not restored"),
    ("rtl/xt_a.sv", GOOD, ("module xt_a", "module xt_b"), "has xt_b"),
    ("rtl/xt_a.sv", GOOD, ("// SPDX", "// spdx"), "no SPDX line"),
    ("rtl/xt_a.sv", GOOD, ("`default_nettype wire\n", "`default_nettype wire\n\n"), "one newline"),
    ("page.md", PAGE, None, None),
    ("page.md", PAGE, ("See", "See " + "x" * 120), "columns"),
    ("page.md", PAGE, ("See", "| " + "x" * 120), None),
    ("page.md", PAGE, ("See", "```\n$ run\n" + "x" * 130 + "\n```\nSee"), None),
    ("page.md", PAGE, ("See", "```\n" + "x" * 130 + "\n```\nSee"), "columns"),
]
LINKS = [  # a line of a page at the repository's root, what must be said
    ("[it](README.md)", None),
    ("[it](rtl/SPEC.md#14-an-update-from-command-to-device)", None),
    ("[it](rtl/NOT_THERE.md)", "no such file"),
    ("[it](rtl/SPEC.md#not-there)", "no such heading"),
    ("`scripts/run.sh`", None),
    ("`scripts/not_there.sh`", "does not exist"),
    ("`refc/xt_{adc,csr}.c`", None),
    ("`refc/xt_{adc,not_there}.c`", "does not exist"),
    ("`testbench/configs/NAME.yaml`", None),
    ("```\n$ scripts/not_there.sh\n```", "does not exist"),
    ("`build/testbench/docs/worked_example`", None),
    ("`build/testbench/docs/not_there`", "makes"),
    ("`ctest --test-dir build -R docs_`", None),
    ("`ctest --test-dir build -R not_there`", "no such test"),
]


class Listener(links.Checker):
    def __init__(self):
        super().__init__(None)
        self.tests = ["docs_example", "format"]
        self.said = ""

    def complain(self, page, line, what):
        self.said += what


def verdict(what, said, failed, expected):
    good = (expected in said and failed) if expected else not failed
    if not good:
        print(f"FAILED: {what!r}: expected {expected}, was {said.strip() or 'silent'}")
    return good


def main():
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for name, text, change, expected in FORM:
            path = pathlib.Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text.replace(*change, 1) if change else text)
            said = subprocess.run([REPO / "scripts/format.py", name], cwd=folder, capture_output=True, text=True)
            results.append(verdict(change, said.stdout, said.returncode == 1, expected))
        for line, expected in LINKS:
            listener = Listener()
            listener.page("page.md", line)
            results.append(verdict(line, listener.said, listener.said != "", expected))
        for table, expected in (("| `docs_*` `format` | x |", None), ("| `docs_*` | `format` |", "test format has no row")):
            listener = Listener()
            listener.table("page.md", table)
            results.append(verdict(table, listener.said, listener.said != "", expected))
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return not all(results)


if __name__ == "__main__":
    sys.exit(main())
