#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Changes the C++ that Verilator 5.006 has made: fewer words are touched in a clock cycle, the results are the same.

- variables of functions and tasks that Verilator has made members of the model (because the code that settles it at the
  start has them too) become locals of the function that uses them;
- an argument is its source, not a copy of it, where neither changes while the function runs; a part of a vector that
  begins at a word, and what a condition chooses of two vectors, are pointers;
- bitwise operations whose results go from one into the next are one loop over the words (xt_generated.h);
- innermost loops of at most 32 turns that compute single words are unrolled, and a loop whose only loops these are goes
  over vectors (xt_generated.h).

What does not have the forms known here stays as it is. build_tile.sh calls it.

usage: fused_words.py DIR     Prints how much it found. Exit code: 0; 2 usage.
"""
import argparse
import collections
import pathlib
import re

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|[(){};]')
NAME = re.compile(r"(?:vlSelf->)?[A-Za-z_]\w*")
PLAIN = re.compile(r"(?:vlSelf->)?[A-Za-z_]\w*$")
CALL = re.compile(r"((?:\s|//[^\n]*\n)*)(VL_\w+)\((.*)\);$", re.DOTALL)
ASSIGNED = re.compile(r"(?:\s|//[^\n]*\n)*((?:vlSelf->)?[A-Za-z_]\w*)\s*(?:\.at\(|\[|=(?!=))")
DECLARED = re.compile(r"^ *(?:bool \w+; )?(VlWide<(\d+)>|[CSIQ]Data)(?:/\*[\d:]*\*/)? (\w+);", re.MULTILINE)
OF_A_CALL = re.compile(r"vlSelf->(__V(?:func|task)_\w+|\w*____Vlvbound_\w+)$")
FUNCTION = re.compile(r"^[^\n]*\(\w+___024root\* vlSelf\) \{\n.*?^\}\n", re.MULTILINE | re.DOTALL)
BITWISE = {"VL_AND_W": "({} & {})", "VL_OR_W": "({} | {})", "VL_XOR_W": "({} ^ {})", "VL_NOT_W": "(~{})",
           "VL_ASSIGN_W": "{}", "VL_COND_WIWW": ""}

# while (VL_GTS_III(32, 0x10U, k)) {   while ((0xfU > k)) {
LOOP = re.compile(r"^( *)while \((?:VL_(?:GT|LTE)S_III\(32, |\()(0x[0-9a-f]+|\d)U(?:,| >) [\w>-]+\)\) \{\n", re.MULTILINE)
WIDE = re.compile(r"\bVL_\w+_\w*W\w*\(|\bxt_\w+\(")
WORDS = re.compile(r"VL_(?:BIT)?SEL_[IQ]WII|VL_ASSIGN(?:SEL|BIT)_W[IQ]")  # of wide vectors, but words are what they take


def unrolled(text, done):
    """The inner loops first, then those that have only such in them."""
    for mark, what in ("XT_UNROLL", "unrolled loops"), ("XT_VECTOR", "vector loops"):
        def changed(m):
            body = WORDS.sub("", text[m.end():text.find(f"\n{m[1]}}}\n", m.end())])
            loops = body.count("while (")
            fits = loops and loops == body.count("XT_UNROLL") if mark == "XT_VECTOR" else not loops and int(m[2], 0) <= 32
            if not fits or WIDE.search(body):
                return m[0]
            done[what] += 1
            return f"{m[1]}{mark}\n{m[0]}"
        text = LOOP.sub(changed, text)
    return text


def arguments(text):
    """Of a call, at its commas."""
    out, depth, begin = [], 0, 0
    for k, c in enumerate(text):
        if c == "(":
            depth += 1
        elif c == ")":
            depth -= 1
        elif c == "," and not depth:
            out.append(text[begin:k].strip())
            begin = k + 1
    return [*out, text[begin:].strip()]


class Statement:
    """Up to a semicolon or a brace."""

    def __init__(self, text, depth, wide):
        self.depth = depth  # of braces, inside
        self.wide = wide
        self.set(text)

    def set(self, text):
        self.text = text
        self.names = collections.Counter(NAME.findall(text))
        self.call = self.writes = None
        self.all = bool(re.search(r"\bvlSelf\b(?!->)", text))  # who knows what it writes
        m = CALL.match(text)
        if m:
            self.call, self.lead, self.args = m[2], m[1], arguments(m[3])
            self.writes = next((a for a in self.args if PLAIN.match(a)), None)
            self.all |= self.writes not in self.wide
        elif text.endswith(";"):
            m = ASSIGNED.match(text)
            self.writes = m[1] if m else None

    def rename(self, name, to):
        if name in self.names:
            self.set(re.sub(rf"(?<![\w>]){re.escape(name)}\b", to, self.text))

    def drop(self):
        self.set("")


class Function:
    def __init__(self, text, members, wide):
        head, mark, body = text.partition("    // Body\n")
        self.head, self.known = head + mark, bool(mark) and "\n#" not in body
        self.made, self.done = [], collections.Counter()
        if not self.known:
            self.text = text
            return
        # type of every wide name: number of words, or 0 for a pointer
        self.wide = {**wide, **{m[3]: int(m[2]) for m in DECLARED.finditer(head) if m[2]}}
        self.members = members
        self.statements = []
        at = depth = parens = 0
        for m in TOKEN.finditer(body):
            c = m[0]
            parens += (c == "(") - (c == ")")
            if c in "{};" and not parens:
                depth += (c == "{") - (c == "}")
                self.statements.append(Statement(body[at:m.end()], depth, self.wide))
                at = m.end()
        self.rest = body[at:]
        self.localize()
        self.share()
        self.fuse()
        made = "".join(f"    {line}\n" for line in self.made)
        self.text = self.head.replace("    // Body\n", made + "    // Body\n") + "".join(s.text for s in self.statements) + self.rest

    def where(self):
        """By name, the numbers of the statements that have it."""
        out = collections.defaultdict(list)
        for k, s in enumerate(self.statements):
            for name in s.names:
                out[name].append(k)
        return out

    def localize(self):
        for name, where in self.where().items():
            m = OF_A_CALL.match(name)
            first = self.statements[where[0]]
            if not m or m[1] not in self.members or first.writes != name or first.names[name] > 1:
                continue
            kind, words = self.members[m[1]]
            for k in where:
                self.statements[k].rename(name, m[1])
            if words:
                self.wide[m[1]] = words
                self.made.append(f"{kind} {m[1]}; {m[1]}.at({words}U - 1U) = 0U;")
                for k in where:
                    self.statements[k].set(self.statements[k].text)
            else:
                self.made.append(f"{kind} {m[1]} = 0;")
            self.done["locals"] += 1

    def end(self, k, uses):
        """The last statement where a value made in statement k may be looked at, or None if it leaves its block."""
        depth, last = self.statements[k].depth, uses[-1]
        while last + 1 < len(self.statements) and self.statements[last].depth > depth:
            last += 1
        return None if any(s.depth < depth for s in self.statements[k:uses[-1]]) else last

    def stays(self, names, k, last):
        return not any(s.all or s.writes in names for s in self.statements[k + 1:last + 1])

    def share(self):
        where = self.where()
        bases = {}  # of a pointer
        for k, s in enumerate(self.statements):
            if s.call == "VL_ASSIGN_W":
                sources, to = s.args[2:], re.compile(r"__V(?:func|task)_\w+$")
            elif s.call == "VL_SEL_WWII":
                sources, to = s.args[3:4], re.compile(r"__Vtemp_\w+$")
            elif s.call == "VL_COND_WIWW":
                sources, to = s.args[3:], re.compile(r"__Vtemp_\w+$")
            else:
                continue
            made, uses = s.writes, where[s.writes]
            if (not made or not to.match(made) or uses[0] != k or len(uses) < 2 or s.names[made] != 1
                    or any(self.statements[u].writes == made for u in uses[1:])
                    or not all(source in self.wide for source in sources)
                    or any(re.search(rf"\b{made}(?:\.|\[)", self.statements[u].text) for u in uses)):
                continue
            if s.call == "VL_COND_WIWW" and any(self.alone(source, where) for source in sources):
                continue  # part of a loop
            last = self.end(k, uses)
            under = set().union(*(bases.get(source, {source}) for source in sources))
            if last is None or not self.stays(under, k, last):
                continue
            if s.call == "VL_ASSIGN_W":
                if self.wide[sources[0]] not in (0, self.wide[made]):
                    continue
                to = sources[0]
                s.drop()
            else:
                to = made + "_p"
                self.wide[to] = 0
                bases[to] = under
                self.made.append(f"WDataInP {to};")
                if s.call == "VL_SEL_WWII":
                    s.set(f"{s.lead}{to} = xt_select({', '.join(s.args)});")
                else:
                    s.set(f"{s.lead}{to} = ({s.args[2]}) ? xt_words({sources[0]}) : xt_words({sources[1]});")
            for u in uses[1:]:
                self.statements[u].rename(made, to)
            where[to] = sorted({*where[to], *uses[1:]})
            self.done["copies"] += 1

    def alone(self, name, where):
        """A result of a bitwise operation that only one statement looks at, once."""
        uses = where[name]
        return (name.startswith("__Vtemp_") and len(uses) == 2 and self.statements[uses[0]].writes == name
                and self.statements[uses[0]].call in BITWISE and self.statements[uses[1]].names[name] == 1)

    def words(self, s):
        n = int(s.args[0])
        return (n + 31) // 32 if s.call in ("VL_ASSIGN_W", "VL_COND_WIWW") else n

    def fuse(self):
        where = self.where()
        waiting = {}  # of a result that goes into a later loop: its expression, its operands
        for k, s in enumerate(self.statements):
            if s.call not in BITWISE or s.all:
                continue
            operands = s.args[3:] if s.call == "VL_COND_WIWW" else s.args[2:]
            if not all(operand in self.wide for operand in operands):
                continue  # an element of an array
            parts, leaves = [], []
            for operand in operands:
                text, of = waiting.pop(operand, (f"xt_words({operand})[xt_i]", [operand]))
                parts.append(text)
                leaves += of
            before = ""
            if s.call == "VL_COND_WIWW":
                mask = f"xt_mask_{len(self.made)}"
                self.made.append(f"EData {mask};")
                before = f"{mask} = ({s.args[2]}) ? ~0U : 0U;"
                text = f"(({parts[0]} & {mask}) | ({parts[1]} & ~{mask}))"
            else:
                text = BITWISE[s.call].format(*parts)
            if self.alone(s.writes, where):
                user = where[s.writes][1]
                t = self.statements[user]
                between = self.statements[k + 1:user]
                if (t.call in BITWISE and self.words(t) == self.words(s) and t.depth == s.depth
                        and not any(b.depth != s.depth or b.all or b.writes in leaves for b in between)
                        and not any(b.text.endswith(("{", "}")) for b in between)):
                    waiting[s.writes] = text, leaves
                    s.set(s.lead + before)
                    self.done["operations"] += 1
                    continue
            if s.call == "VL_ASSIGN_W" and leaves == operands:
                continue  # a copy
            names = {leaf: f"xt_{n}" for n, leaf in enumerate(dict.fromkeys(leaves))}
            for leaf, short in names.items():
                text = text.replace(f"xt_words({leaf})[", short + "[")
            pointers = "".join(f"WDataInP const {short} = xt_words({leaf}); " for leaf, short in names.items())
            s.set(f"{s.lead}{before} {{ WDataOutP const xt_o = {s.writes}; {pointers}"
                  f"XT_EACH_WORD({self.words(s)}) xt_o[xt_i] = {text}; }}")
            self.done["loops"] += 1


def main(folder):
    members, wide = {}, {}
    for f in folder.glob("*root.h"):
        for m in DECLARED.finditer(f.read_text()):
            members[m[3]] = m[1], int(m[2] or 0)
            if m[2]:
                wide["vlSelf->" + m[3]] = int(m[2])
    done = collections.Counter()
    for f in sorted(folder.glob("*DepSet*.cpp")):
        if "__Slow" in f.name:
            continue
        text = f.read_text()
        wide.update({m[2]: int(m[1]) for m in re.finditer(r"^extern const VlWide<(\d+)>\S* (\w+);", text, re.MULTILINE)})

        def changed(m):
            function = Function(m[0], members, wide)
            done.update(function.done)
            return function.text
        f.write_text(unrolled(FUNCTION.sub(changed, text), done))
    print(", ".join(f"{n} {what}" for what, n in sorted(done.items())))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=pathlib.Path)
    options = parser.parse_args()
    if not options.dir.is_dir():
        parser.error(f"{options.dir} is no folder")
    main(options.dir)
