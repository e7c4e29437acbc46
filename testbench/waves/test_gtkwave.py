#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a save file opens, as a user opens it: `gtkwave DUMP SAVE` under a window manager, on screens of five sizes, in the
window that the save file asks for and in one that fills the screen. The picture of the screen decides: the begin and the
end of the operation (named markers, dashed) and the marker must be in it, at distances that follow from their times.

usage: test_gtkwave.py PROGRAM      Environment XT_TEST_PICTURES: a folder that keeps the pictures.
Prints `N passed, M failed`; exit code 0, 1 a failure, 77 skipped (Xvfb, openbox, gtkwave or ImageMagick is missing).
"""
import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

REPO = pathlib.Path(__file__).resolve().parents[2]
SIZES = [(1366, 768), (1440, 900), (1600, 1000), (1920, 1080), (2560, 1440)]
MARKER, NAMED, BACK = bytes.fromhex("ff8080"), bytes.fromhex("ffff80"), bytes(3)  # GTKWave's colours
PATIENCE = 120  # seconds until GTKWave has drawn
TOOLS = {"Xvfb": "xvfb", "openbox": "openbox", "gtkwave": "gtkwave", "import": "imagemagick"}
VIEWS = ["overview", "forward", "sar", "update", "transfer"]
passed, failed = 0, 0


def check(ok, text):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print(f"FAILED: {text}", flush=True)
    return ok


class Screen:
    """An X server with a window manager; filled: that gives every window the whole screen."""

    def __init__(self, work, size, filled):
        self.size, self.work = size, work
        home = work / ("filled" if filled else "plain")
        home.mkdir(exist_ok=True)
        (home / "rc.xml").write_text('<?xml version="1.0"?><openbox_config xmlns="http://openbox.org/3.4/rc"><applications>'
                                     f'<application class="*"><maximized>{"yes" if filled else "no"}</maximized>'
                                     '</application></applications></openbox_config>\n')
        read, write = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-wr", "-displayfd", str(write), "-nolisten", "tcp", "-screen", "0",
                                        "%dx%dx24" % size], pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as f:
            display = f.readline().strip()
        self.env = dict(os.environ, DISPLAY=":" + display, HOME=str(home), NO_AT_BRIDGE="1", LC_ALL="C")
        for name in ("WAYLAND_DISPLAY", "XDG_CONFIG_HOME", "GDK_SCALE"):
            self.env.pop(name, None)
        self.manager = subprocess.Popen(["openbox", "--config-file", str(home / "rc.xml")], env=self.env,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for p in (self.manager, self.server):
            p.terminate()
            p.wait()

    def picture(self):
        """The screen as rows of RGB bytes; empty while it changes."""
        out = subprocess.run(["import", "-window", "root", "-depth", "8", "rgb:-"], env=self.env, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, check=False).stdout
        wide = 3 * self.size[0]
        return [out[i:i + wide] for i in range(0, len(out), wide)] if len(out) == wide * self.size[1] else []

    def show(self, *args, until, cwd="/"):
        """GTKWave's picture when `until` holds for it and it stands still, or when that does not come."""
        viewer = subprocess.Popen(["gtkwave", *map(str, args)], env=self.env, cwd=cwd, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        rows, still, end = [], 0, time.monotonic() + PATIENCE
        try:
            while time.monotonic() < end and viewer.poll() is None:
                new = self.picture()
                still = still + 1 if new and new == rows and waves(rows) else 0
                rows = new
                if still > 1 and until(rows):
                    break
        finally:
            viewer.terminate()
            viewer.wait()
        return rows


def columns(rows, color):
    """How often the colour occurs in each column of the picture that has it."""
    count = {}
    for row in rows:
        at = row.find(color)
        while at >= 0:
            if at % 3 == 0:
                count[at // 3] = count.get(at // 3, 0) + 1
            at = row.find(color, at + 1)
    return count


def waves(rows):
    """First and last column of GTKWave's waves, and their height; None before there are any."""
    dark = columns(rows[::8], BACK)
    high = max(dark.values(), default=0)
    wide = [x for x, n in dark.items() if n > high / 2]
    return (min(wide), max(wide), 8 * high) if high > len(rows) / 32 and len(wide) > len(rows[0]) / 8 else None


def lines(rows):
    """Columns of the vertical lines in the waves: the marker and the named ones."""
    area = waves(rows)
    if area is None:
        return [], []
    return tuple([x for x, n in sorted(columns(rows, color).items()) if n > area[2] * 0.4 and area[0] <= x <= area[1]]
                 for color in (MARKER, NAMED))


def shows(rows, begin, end, marker):
    """Whether the lines are where the times want them."""
    red, named = lines(rows)
    if marker == begin:  # the marker is drawn over it
        named = red + named
    if len(red) != 1 or len(named) != 2:
        return False
    pixel = (end - begin) / (named[1] - named[0])
    return named[1] - named[0] > 300 and abs(begin + (red[0] - named[0]) * pixel - marker) <= 2 * pixel


def keep(rows, size, name):
    folder = os.environ.get("XT_TEST_PICTURES")
    if folder and rows:
        subprocess.run(["convert", "-size", "%dx%d" % size, "-depth", "8", "rgb:-", f"{folder}/{name}.png"],
                       input=b"".join(rows), check=False)


def times(save):
    """Begin and end of the operation, marker."""
    for line in save.read_text().splitlines():
        if line.startswith("*"):
            f = line.split()
            return int(f[2]), int(f[3]), int(f[1])
    return 0, 0, 0


class Run:
    """crosstrain's dumps of one operation and of one mismatch."""

    def __init__(self, program, work):
        self.work, self.program = work, program
        (work / "digits.yaml").write_text("seed: 3\ndata: {kind: digits, size: 8, train_samples: 12, test_samples: 4}\n"
                                          "network: {hidden: []}\ntile: {code_bits: 6, adc_bits: 7}\n"
                                          "device:\n  A: {dw_min: 0.004}\nrun: {epochs: 1, checkpoint_every: 5}\n")
        self("wave", "digits.yaml", "66", "--out", "seen", "--no-view", code=0)
        self("train", "digits.yaml", "--engine", "lockstep", "--plant", "PTR", "--out", "bug", "--no-view", code=1)
        self("wave", REPO / "testbench" / "configs" / "mtj" / "tour.yaml", "152", "--tile", "1", "--out", "mtj", "--no-view", code=0)
        self.mtj = work / "mtj" / "tour-tile1-op152"
        self.operation = work / "seen" / "digits-tile0-op66"
        self.mismatch = next((work / "bug" / "mismatch").glob("*.fst")).with_suffix("")

    def __call__(self, *args, code):
        p = subprocess.run([self.program, *args], cwd=self.work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                           check=False)
        if p.returncode != code:
            raise SystemExit(f"{' '.join(args)}: exit code {p.returncode}\n{p.stdout}")


def every_size(run):
    for size in SIZES:
        for filled in (False, True):
            with Screen(run.work, size, filled) as screen:
                for name, prefix in (("operation", run.operation), ("mismatch", run.mismatch)):
                    save = pathlib.Path(f"{prefix}.update.gtkw")
                    at = times(save)
                    rows = screen.show(f"{prefix}.fst", save, until=lambda r, at=at: shows(r, *at))
                    text = "%s-%dx%d%s" % (name, *size, "-filled" if filled else "")
                    keep(rows, size, text)
                    check(at[0] < at[1] and at[0] <= at[2] < at[1], f"{save}: times {at}")
                    check(shows(rows, *at), f"{text}: lines at {lines(rows)}, times {at}")


def every_view(run):
    with Screen(run.work, SIZES[3], False) as screen:
        for prefix, view in [*((run.operation, v) for v in VIEWS), (run.mtj, "mtj")]:
            save = pathlib.Path(f"{prefix}.{view}.gtkw")
            rows = screen.show(f"{prefix}.fst", save, until=lambda r, s=save: shows(r, *times(s)))
            keep(rows, SIZES[3], "view-" + view)
            check(shows(rows, *times(save)), f"view {view}: lines at {lines(rows)}")


def names_move(run):
    """A folder that has moved shows the same, names included; without its tables it does not."""
    size = SIZES[0]
    here, there = run.operation.parent, run.work / "another place" / "deeper"
    there.parent.mkdir()

    def part(rows):  # signals and their values at the marker; the waves may stand a pixel elsewhere
        area = waves(rows)
        return [r[3 * (area[0] - 270):3 * (area[0] - 20)] for r in rows[size[1] // 5:size[1] * 9 // 10]] if area else []

    def picture(screen, folder, *files, name, until=None):
        rows = screen.show(*[folder / f for f in files], until=until or (lambda r: part(r) == before))
        keep(rows, size, name)
        return part(rows)

    fst, save = "digits-tile0-op66.fst", "digits-tile0-op66.update.gtkw"
    at = times(here / save)
    since = [0.0]

    def opened(rows):  # for a while: the names come last
        if not shows(rows, *at):
            since[0] = time.monotonic()
        return time.monotonic() - since[0] > 5

    with Screen(run.work, size, False) as screen:
        before = picture(screen, here, fst, save, name="here", until=opened)
        shutil.copytree(here, run.work / "copy")
        shutil.move(here, there)
        moved = picture(screen, there, fst, save, name="moved")
        check(before and moved == before, "a moved folder shows something else")
        check(picture(screen, run.work / "copy", fst, save, name="copied") == before, "a copied folder shows something else")
        check(picture(screen, there, save, name="alone") == before, "the save file alone shows something else")
        (there / "digits-tile0-op66.step.txt").unlink()
        nameless = picture(screen, there, fst, save, name="nameless", until=opened)
        check(nameless and nameless != before, "a table of names is gone and nobody sees it")


def main():
    missing = [package for tool, package in TOOLS.items() if shutil.which(tool) is None]
    if missing:
        print(f"skipped: not installed: {' '.join(missing)}")
        sys.exit(77)
    with contextlib.ExitStack() as stack:
        work = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        run = Run(os.path.abspath(sys.argv[1]), work)
        every_size(run)
        every_view(run)
        names_move(run)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
