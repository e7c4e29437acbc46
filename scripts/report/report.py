#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draw the page of `crosstrain report`: it calls this program, after it has put what it knows of every run into DIR/0,
DIR/1, ... (refc/train/report.h) and the table of keys into DIR/keys.tsv.

usage: report.py --out FILE.html [--export DIR] [--waves] (--check | --facts DIR) -- RUN...
--check: are the packages there, can the files be written? --export: predictions and curves as CSV. --waves: pictures of the
dumps in the run folders, by GTKWave.
Exit code 0; 3 a file, 4 a package that is missing: one line on stderr.
"""
import argparse
import importlib.util
import logging
import os
import pathlib
import sys
import tempfile

import waves

PACKAGES = (("matplotlib", "python3-matplotlib"), ("jinja2", "python3-jinja2"), ("yaml", "python3-yaml"))

SYSTEM = "/usr/bin/python3"


def missing_packages():
    return [package for module, package in PACKAGES if importlib.util.find_spec(module) is None]


def check_place(folder, name):
    """Whether `name` in `folder` can be written; what is there may be replaced if it is a regular file."""
    if not folder.is_dir():
        raise OSError(f"{folder}: no such folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OSError(f"{folder}: cannot write there")
    target = folder / name
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise OSError(f"{target}: is not a regular file")


def write_aside(path, text):
    """All of it or nothing: into a file beside, which then takes the name."""
    handle, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as f:
            f.write(text)
            f.flush()
            os.fsync(f.fileno())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(aside, 0o666 & ~mask)
        os.replace(aside, path)
    except BaseException as e:
        os.unlink(aside)
        if isinstance(e, OSError):
            raise OSError(f"{path}: cannot write: {os.strerror(e.errno)}") from e
        raise


def main(argv):
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--export", type=pathlib.Path)
    parser.add_argument("--waves", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--facts", type=pathlib.Path)
    parser.add_argument("runs", nargs="+")
    args = parser.parse_args(argv)
    missing = missing_packages()
    if missing and os.path.exists(SYSTEM) and os.path.realpath(sys.executable) != os.path.realpath(SYSTEM):
        os.execv(SYSTEM, [SYSTEM, __file__, *argv])  # packages of apt are there, whatever comes first in PATH
    if missing:
        print("crosstrain: report needs Python packages that are not installed: apt-get install " + " ".join(missing),
              file=sys.stderr)
        return 4
    if args.waves and waves.missing():
        print(f"crosstrain: --waves: {', '.join(waves.missing())} cannot be found: apt-get install gtkwave xvfb xauth",
              file=sys.stderr)
        return 4
    try:
        if args.check:
            check_place(args.out.parent, args.out.name)
            if args.export and not args.export.is_dir():
                check_place(args.export.parent, args.export.name)
            return 0
        logging.getLogger("matplotlib").setLevel(logging.ERROR)  # a cache that cannot be kept, a font that is missing
        import page  # with the packages that it needs
        import run
        runs = run.load_all(args.runs, args.facts)
        if args.waves:
            for r in runs:
                r.draw_dumps()
        text = page.html(runs, run.load_keys(args.facts / "keys.tsv"))
        if args.export:
            args.export.mkdir(exist_ok=True)
            for r in runs:
                for name, table in r.tables():
                    check_place(args.export, name)
                    write_aside(args.export / name, table)
                    print(f"wrote {args.export / name}")
        check_place(args.out.parent, args.out.name)
        write_aside(args.out, text)
        for r in runs:
            for note in r.notes:
                print(f"note: {r.name}: {note}")
        print(f"wrote {args.out}")
    except BrokenPipeError:
        return 3
    except OSError as e:
        print(f"crosstrain: {e.filename + ': ' + e.strerror if e.filename else e}", file=sys.stderr)
        return 3
    except ValueError as e:
        print(f"crosstrain: {e}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
