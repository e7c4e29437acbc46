#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A page of `crosstrain report` in headless Chromium: no message on the console, no request but the page itself, every
picture drawn, nothing wider than the window at 1366 pixels and at the width of A4, and it prints.

usage: browse.py PAGE.html...
Prints a line per fault; exit code 0, 1, or 77 where Chromium or Selenium (python3-selenium) is missing.
"""
import base64
import json
import pathlib
import shutil
import sys

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
except ImportError:
    webdriver = None

WIDTHS = (1366, 794)  # a notebook; A4 at 96 pixels per inch

PICTURES = """
return [...document.querySelectorAll('figure svg, figure img, figure image')].map(p => {
  const box = p.getBoundingClientRect(), name = p.getAttribute('aria-label') || p.alt || p.tagName;
  if (box.width < (p.tagName === 'image' ? 2 : 40) || box.height < 20) return name + ' has a size of ' + box.width + ' x ' + box.height;
  if (p.tagName === 'IMG' && !(p.complete && p.naturalWidth > 1)) return name + ' is not an image';
  if (p.tagName === 'svg' && p.querySelectorAll('path, rect, line, image, text').length < 10) return name + ' is empty';
  return '';
}).filter(Boolean);
"""


def look(browser, path):
    url = path.resolve().as_uri()
    browser.get_log("performance")
    browser.get(url)
    for width in WIDTHS:
        browser.set_window_size(width, 900)
        over = browser.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
        if over > 0:
            yield f"{over} pixels wider than a window of {width}"
    yield from browser.execute_script(PICTURES)
    pdf = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
    if not pdf.startswith(b"%PDF") or len(pdf) < 20000:
        yield f"prints {len(pdf)} bytes"
    for entry in browser.get_log("browser"):
        yield f"console: {entry['message'][:200]}"
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            asked = message["params"]["request"]["url"]
            if asked != url and not asked.startswith("data:"):
                yield f"asks for {asked[:100]}"


def main(pages):
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if webdriver is None or not chromium or not driver:
        print("Chromium with Selenium (packages chromium, chromium-driver, python3-selenium) is not installed")
        return 77
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    faults = 0
    browser = webdriver.Chrome(options=options, service=Service(driver))
    try:
        for page in map(pathlib.Path, pages):
            for fault in look(browser, page):
                print(f"{page}: {fault}")
                faults += 1
    finally:
        browser.quit()
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
