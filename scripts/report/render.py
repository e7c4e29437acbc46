#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The picture of the report's README: parts of a page, as Chromium draws them, in two columns.

usage: scripts/report/render.py PAGE.html [PICTURE.png]      PICTURE: default scripts/report/report.png
Needs chromium, chromium-driver, python3-selenium and ImageMagick (convert).
"""
import base64
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
COLUMNS = (("header", "#summary", "#cycles figure:nth-of-type(1)", "#learning figure"),
           ("#test .side", "#devices figure", "#pulses figure"))


def main(page, picture=HERE / "report.png"):
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1200,1000"):
        options.add_argument(argument)
    with tempfile.TemporaryDirectory() as work:
        browser = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        columns = []
        try:
            browser.get(pathlib.Path(page).resolve().as_uri())
            for k, parts in enumerate(COLUMNS):
                column = f"{work}/column{k}.png"
                files = []
                for n, part in enumerate(parts):
                    files.append(f"{work}/{k}-{n}.png")
                    box = browser.execute_script("const b = document.querySelector(arguments[0]).getBoundingClientRect();"
                                                 "return {x: b.x, y: b.y + window.scrollY, width: b.width, height: b.height, scale: 1}",
                                                 part)
                    shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"clip": box, "captureBeyondViewport": True})
                    pathlib.Path(files[-1]).write_bytes(base64.b64decode(shot["data"]))
                subprocess.run(["convert", "-background", "white", *files, "-bordercolor", "white", "-border", "16x12", "-append",
                                column], check=True)
                columns.append(column)
        finally:
            browser.quit()
        subprocess.run(["convert", "-background", "white", *columns, "+append", "-resize", "50%", "+dither", "-colors", "128",
                        "-define", "png:compression-level=9", "-strip", str(picture)], check=True)
    print(f"{picture}: {pathlib.Path(picture).stat().st_size} bytes")


if __name__ == "__main__":
    if {"-h", "--help"} & set(sys.argv[1:]) or len(sys.argv) not in (2, 3):
        print(__doc__.strip())
        sys.exit(0 if {"-h", "--help"} & set(sys.argv[1:]) else 2)
    main(*sys.argv[1:])
