#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is a page of `crosstrain report` sound, and does it say what the run says?

usage: check_page.py PAGE.html [--says TEXT]... [--figures N] [--run FOLDER]
Elements are closed in order, ids are unique, links of the page lead somewhere, nothing is loaded from outside, every figure
has a picture and a caption, every section a heading. --says: a text that must be there. --figures: as many at least. --run:
the figures of its summary.yaml are there.
Prints a line per fault; exit code 0 or 1.
"""
import argparse
import html.parser
import re
import sys

import yaml

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links, self.faults, self.text = [], [], [], [], []
        self.figures, self.sections, self.style = [], [], []

    def fault(self, what):
        self.faults.append(f"line {self.getpos()[0]}: {what}")

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if "id" in values:
            self.ids.append(values["id"])
        for name, value in attrs:
            if name in ("href", "xlink:href") and value.startswith("#"):
                self.links.append(value[1:])
            elif name in ("href", "xlink:href", "src", "srcset", "data", "action") and not value.startswith("data:"):
                self.fault(f"{tag} {name} leads outside: {value[:60]}")
            elif value and re.search(r"https?://", value) and not (name.startswith("xmlns") and value in NAMESPACES):
                self.fault(f"{tag} {name}: {value[:60]}")
            if value:
                self.links += re.findall(r"url\(#([^)]*)\)", value)
        if tag == "script":
            self.fault("a script")
        if tag == "figure":
            self.figures.append({"line": self.getpos()[0], "picture": 0, "caption": ""})
        if tag == "section":
            self.sections.append({"id": values.get("id"), "heading": 0})
        if "figure" in self.open and tag in ("svg", "img"):
            self.figures[-1]["picture"] += 1
        if tag == "img" and len(values.get("src", "")) < 100:
            self.fault("an empty img")
        if "section" in self.open and tag == "h2":
            self.sections[-1]["heading"] += 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.fault(f"</{tag}> where {self.open[-1:]} is open")
        elif tag not in VOID:
            self.open.pop()

    def handle_data(self, data):
        if "style" in self.open:
            self.style.append(data)
            return
        self.text.append(data)
        if "figcaption" in self.open:
            self.figures[-1]["caption"] += data


def check(page):
    yield from page.faults
    if page.open:
        yield f"not closed: {page.open}"
    for name in {i for i in page.ids if page.ids.count(i) > 1}:
        yield f"id {name} twice"
    for name in set(page.links) - set(page.ids):
        yield f"a link to {name}, which is not there"
    for figure in page.figures:
        if figure["picture"] != 1 or len(figure["caption"].strip()) < 5:
            yield f"line {figure['line']}: a figure of {figure['picture']} pictures, caption '{figure['caption'].strip()}'"
    for section in page.sections:
        if section["heading"] != 1 or not section["id"]:
            yield f"section {section['id']}: {section['heading']} headings"
    if re.search(r"@import|url\((?!#)", "".join(page.style)):
        yield "style loads something"


def from_summary(folder):
    """What the page must say of a run that has ended."""
    with open(f"{folder}/summary.yaml", encoding="utf-8") as f:
        s = yaml.safe_load(f)
    held = "test" if "test_accuracy" in s else "validation"
    yield f"{100 * s[held + '_accuracy']:.2f}%"
    yield f"{100 * s['training']['SATURATIONS'] / s['training']['CONVERSIONS']:.2f}%"
    for n in (*s["training"].values(), s["samples"], s["setup_cycles"], s["evaluation_cycles"], s["crosspoints"]):
        yield f"{n:,}".replace(",", "")
    yield f"{s['setup_unfinished_lines']}of"
    if "matched" in s:
        yield f"{s['matched']['records']}records"


def main(argv):
    parser = argparse.ArgumentParser()
    parser.add_argument("page")
    parser.add_argument("--says", action="append", default=[])
    parser.add_argument("--figures", type=int, default=1)
    parser.add_argument("--run", action="append", default=[])
    args = parser.parse_args(argv)
    with open(args.page, encoding="utf-8") as f:
        source = f.read()
    page = Page()
    page.feed(source)
    page.close()
    faults = list(check(page))
    tight = re.sub(r"\s", "", "".join(page.text))
    for text in [re.sub(r"\s", "", t) for t in args.says] + [t for run in args.run for t in from_summary(run)]:
        if text not in tight:
            faults.append(f"does not say {text}")
    if len(page.figures) < args.figures:
        faults.append(f"{len(page.figures)} figures, {args.figures} are expected")
    for fault in faults:
        print(f"{args.page}: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
