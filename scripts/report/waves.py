# SPDX-License-Identifier: Apache-2.0
"""Pictures of dumps: what GTKWave shows when it opens a save file, without a display."""
import pathlib
import shutil
import subprocess
import tempfile

TOOLS = ("gtkwave", "xvfb-run", "xauth")
SCREEN = "1920x1200"  # save files ask for a window that fits


def missing():
    return [tool for tool in TOOLS if shutil.which(tool) is None]


def save_files(dump):
    """Of a dump PREFIX.fst: PREFIX.VIEW.gtkw."""
    return sorted(dump.parent.glob(f"{dump.stem}.*.gtkw"))


def render(dump, save):
    """The PNG, or None."""
    with tempfile.TemporaryDirectory(prefix="crosstrain-report-wave-") as work:
        work = pathlib.Path(work)
        png, script = work / "grab.png", work / "grab.tcl"
        script.write_text(f"gtkwave::/File/Grab_To_File {png}\ngtkwave::/File/Quit\n", encoding="utf-8")
        command = ["xvfb-run", "-a", "-s", f"-screen 0 {SCREEN}x24", "gtkwave", "--nomenu", "-S", str(script),
                   str(dump.resolve()), str(save.resolve())]
        try:
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                           timeout=120, cwd=work, check=False)
        except subprocess.TimeoutExpired:
            return None
        return png.read_bytes() if png.exists() and png.stat().st_size > 1000 else None
