#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays the commands of the pages in a bare system (run.sh makes it) as one who reads them would, and compares.

usage: play.py --root DIR --to DIR [--quick]
The pages: README.md, then those it links to, in their order. Of each the transcripts ("$ command", its output), and commands in
`...` that begin with build/crosstrain or waves/ and hold no placeholder. What needs MNIST, or a placeholder, is left out and
counted. Lines of a transcript must come in the output in their order, "..." stands for any; times are masked, and whether a tile
was built before. Then GTKWave as the program opens it at three sizes of screen, and a table of one's own.
"""
import argparse
import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import sys
import time

HOME = "/root/crosstrain"
SCREENS = ("1366x768", "1920x1080", "2560x1440")
PLACEHOLDER = re.compile(r"(?<![\w=])((?:XT_DATA=)?DIR|MNIST_DIR|UCI|MNIST|PEER|CONFIG|OPERATION|RUN|NAME|FILE|DATA|DIGEST|PROGRAM|X|K|N|M)(?![\w-])|\.\.\.|\[|(?:DATA|FILE)\.")
MASKS = [
    (re.compile(r"Total Test time .*"), "Total Test time"),
    (re.compile(r"proved in [\d.]+ s"), "proved"),
    (re.compile(r"\d+ (samples|operations)/s +\d+:\d\d left"), r"\1/s"),
    (re.compile(r"\x1b\[[0-9;]*[A-Za-z]"), ""),
]
IGNORED = re.compile(r"building the RTL of |.* \(once\) \.\.\.$")  # whether a tile was built before


class Bare:
    """The system: a command in it as at a terminal."""

    def __init__(self, root, log):
        self.root, self.log = root, log

    def start(self, command, display=None):
        env = {"HOME": "/root", "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM": "dumb", "COLUMNS": "80",
               "PAGER": "cat"}
        if display:
            env["DISPLAY"] = display
        pid, fd = pty.fork()
        if pid == 0:
            os.chroot(self.root)
            os.chdir(HOME)
            os.execve("/bin/bash", ["bash", "-c", command], env)
        return pid, fd

    def run(self, command, timeout=7200, display=None):
        """Exit code and lines; lines that were rewritten (progress) are left out."""
        begin = time.time()
        pid, fd = self.start(command, display)
        text = b""
        while time.time() - begin < timeout:
            if select.select([fd], [], [], 1)[0]:
                try:
                    part = os.read(fd, 65536)
                except OSError:  # the terminal's end
                    break
                if not part:
                    break
                text += part
        else:
            os.killpg(pid, signal.SIGKILL)
        status = os.waitpid(pid, 0)[1]
        os.close(fd)
        lines = []
        for line in text.decode(errors="replace").replace("\r\n", "\n").split("\n"):
            lines.append(line.split("\r")[-1])
        code = os.waitstatus_to_exitcode(status)
        with open(self.log, "a") as f:
            f.write(f"$ {command}\n" + "\n".join(lines) + f"\n[exit code {code}, {time.time() - begin:.0f} s]\n\n")
        return code, lines


def masked(line):
    for what, by in MASKS:
        line = what.sub(by, line)
    return re.sub(r"\s+", " ", line).rstrip()  # a terminal shows tabs as blanks


def missing(said, printed):
    """The first line of a transcript that does not come in its place; None: all do."""
    rest = [line for line in map(masked, printed) if not IGNORED.match(line)]
    at, free = 0, True
    for line in said:
        if line.strip() == "...":
            free = True
            continue
        line = masked(line)
        if IGNORED.match(line):
            continue
        found = next((k for k in range(at, len(rest)) if rest[k] == line), None)
        if found is None or (not free and any(rest[at:found])):
            return line if found is None else f"{line}   (before it: {rest[at]})"
        at, free = found + 1, False
    return None


def pages(repo):
    """README.md and the pages it links to, in their order."""
    seen = [repo / "README.md"]
    for name in re.findall(r"\]\(([\w/.-]+\.md)", seen[0].read_text()):
        if (page := repo / name) not in seen and page.exists():
            seen.append(page)
    return seen


def commands(page):
    """(command, lines of output or None) of a page, in the order of its text."""
    found = []
    text = re.sub(r" \\\n +", " ", page.read_text())  # a command on several lines
    for part in re.finditer(r"^```\w*\n(.*?)^```|(?<!`)`([^`\n]+)`(?!`)", text, re.M | re.S):
        if part[1] is not None:
            for one in re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", part[1], re.M):
                found.append((one[1], one[2].splitlines()))
        elif re.match(r"(build/crosstrain \w+ \S|waves/\w+\.sh)", part[2]):
            found.append((part[2], None))
    return found


class Play:
    def __init__(self, bare, to, quick):
        self.bare, self.to, self.quick = bare, to, quick
        self.repo = pathlib.Path(bare.root + HOME)
        self.passed = self.failed = self.left = 0
        self.done = set()

    def result(self, good, what, why=""):
        self.passed += good
        self.failed += not good
        print(f"{'ok' if good else 'FAILED'}: {what}{'' if good else ': ' + why}", flush=True)

    def leave(self, what, why):
        self.left += 1
        print(f"left out: {what}: {why}", flush=True)

    def play(self, page, command, said):
        name = f"{page.relative_to(self.repo)}: {command}"
        if command in self.done and said is None:
            return
        self.done.add(command)
        if PLACEHOLDER.search(command):
            return self.leave(name, "a placeholder")
        if command.startswith("scripts/bench/setup_peer"):
            return self.leave(name, "some gigabytes")
        if "mnist" in command:
            return self.leave(name, "MNIST is not here")
        own = [word for word in command.split() if re.fullmatch(r"[\w-]+\.(data|csv|yaml)", word) and not (self.repo / word).exists()]
        if own:
            return self.leave(name, f"{own[0]} is the reader's own")
        lost = [word for word in command.split() if re.fullmatch(r"out/\S+\.csv", word) and not (self.repo / word).exists()]
        if lost:
            return self.leave(name, f"{lost[0]} is of a run that was left out")
        if self.quick and command == "scripts/test.sh":
            code, lines = self.bare.run("scripts/setup.sh --test")
            return self.result(code == 0, "scripts/setup.sh --test", "\n".join(lines[-5:]))
        code, lines = self.bare.run(command)
        if code and (hint := next((m[1] for line in lines if (m := re.search(r"\(apt-get install ([\w. -]+)\)", line))), None)):
            self.bare.run(f"DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends {hint}")  # as it says
            code, lines = self.bare.run(command)
        if said is None or not [line for line in said if line.strip() != "..."]:
            wanted = 1 if "--plant" in command else 0
            return self.result(code == wanted, name, f"exit code {code}: " + "\n".join(lines[-4:]))
        bad = missing(said, lines)
        return self.result(bad is None, name, f"does not print: {bad}")

    def window(self, screen, name, command):
        """What GTKWave shows when the program opens it."""
        number = next(k for k in range(90, 200) if not os.path.exists(f"/tmp/.X11-unix/X{k}"))
        display, picture = f":{number}", self.to / f"{name}-{screen}.png"
        server = subprocess.Popen(["Xvfb", display, "-screen", "0", screen + "x24", "-nolisten", "tcp"], stderr=subprocess.DEVNULL)
        pid = None
        try:
            while not os.path.exists(f"/tmp/.X11-unix/X{number}"):
                time.sleep(0.1)
            pid, fd = self.bare.start(command, display)
            before, begin, columns = None, time.time(), 0
            while time.time() - begin < 1800:  # until two pictures in a row are the same and not empty
                if select.select([fd], [], [], 5)[0]:
                    try:
                        os.read(fd, 65536)
                    except OSError:
                        break
                subprocess.run(["import", "-display", display, "-window", "root", str(picture)], check=True)
                now = subprocess.run(["identify", "-format", "%# %k", str(picture)], capture_output=True, text=True).stdout
                if now == before and int(now.split()[1]) > 8:
                    break
                before = now
                time.sleep(3)
            columns = edges(picture)
            self.result(columns > 40, f"GTKWave at {screen}: {command}", f"{columns} columns with edges: see {picture}")
        finally:
            if pid:
                os.killpg(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                os.close(fd)
            server.terminate()
            server.wait()

    def own_table(self):
        """A table as a spreadsheet writes it, by `init` and `train` alone."""
        code, lines = self.bare.run("build/crosstrain --help")
        if not any(re.match(r"  init ", line) for line in lines):
            return self.leave("crosstrain init", "there is no such command")
        rows = ["Nr;Kind;Length;Width;Weight"]
        for k in range(240):
            kind = k % 3
            rows.append(f"{k + 1};{('ash', 'beech', 'oak')[kind]};{10 + 4 * kind + k * 7 % 5};{3 + k * 11 % 4};{1 + kind + k * 13 % 3 / 2:.1f}")
        (self.repo / "leaves.csv").write_text("\ufeff" + "\r\n".join(rows) + "\r\n")
        code, lines = self.bare.run("build/crosstrain init leaves.csv")
        self.result(code == 0, "crosstrain init leaves.csv", "\n".join(lines[-4:]))
        next_one = next((m[1] for line in lines if (m := re.search(r"((?:\S*/)?crosstrain train \S+\.yaml.*)", line))), "build/crosstrain train leaves.yaml")
        code, lines = self.bare.run(next_one)
        good = next((float(m[1]) for line in lines if (m := re.match(r"test accuracy +([\d.]+) %", line))), 0)
        self.result(code == 0 and good > 60, next_one, f"exit code {code}, {good} %: " + "\n".join(lines[-4:]))


def edges(picture):
    """Columns of the right two thirds of a picture in which a colour changes from line to line more than in a blank pane."""
    size = subprocess.run(["identify", "-format", "%w %h", str(picture)], capture_output=True, text=True).stdout.split()
    width, height = map(int, size)
    raw = subprocess.run(["convert", str(picture), "-colorspace", "Gray", "-depth", "8", "gray:-"], capture_output=True).stdout
    count = 0
    for x in range(width // 3, width - 30):
        column, left = raw[x::width], raw[x - 1 :: width]
        count += sum(abs(a - b) > 40 for a, b in zip(column[100 : height - 60], left[100 : height - 60])) > 4
    return count


def main():
    options = argparse.ArgumentParser(usage=__doc__)
    options.add_argument("--root", required=True)
    options.add_argument("--to", required=True, type=pathlib.Path)
    options.add_argument("--quick", action="store_true")
    o = options.parse_args()
    log = o.to / "log.txt"
    log.write_text("")
    play = Play(Bare(o.root, log), o.to, o.quick)
    for page in pages(play.repo):
        for command, said in commands(page):
            play.play(page, command, said)
    for screen in SCREENS:
        play.window(screen, "wave", "build/crosstrain wave testbench/configs/digits.yaml 5000")
        play.window(screen, "mismatch", "build/crosstrain train testbench/configs/tour.yaml --engine lockstep --plant PTR --new")
    code, lines = play.bare.run("scripts/run.sh --engine ref")
    again = [line for line in lines if line.startswith("files ")]
    play.result(code == 0 and again[-1:] != [] and "out/digits-" in again[-1], "scripts/run.sh again", "\n".join(lines[-3:]))
    play.own_table()
    print(f"{play.passed} passed, {play.failed} failed ({play.left} left out)")
    sys.exit(play.failed != 0)


main()
