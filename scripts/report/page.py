# SPDX-License-Identifier: Apache-2.0
"""The page: what the template shows of the runs."""
import base64
import math
import pathlib
import re
import time

import jinja2
import numpy
from markupsafe import Markup

import words
from figures import BUDGET, PARTS, Plots, color
from run import PLANES

HERE = pathlib.Path(__file__).resolve().parent
REPO = HERE.parent.parent


def diagram():
    """rtl/tile.svg, to stand in the page."""
    svg = (REPO / "rtl" / "tile.svg").read_text(encoding="utf-8")
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.S)
    return Markup(re.sub(r'width="\d+" height="\d+" ', 'role="img" ', svg, count=1))


def picture(png):
    return "data:image/png;base64," + base64.b64encode(png).decode()


def groups(runs, key):
    """Runs that show the same, together."""
    found = []
    for r in runs:
        for group in found:
            if key(group[0]) == key(r):
                group.append(r)
                break
        else:
            found.append([r])
    return found


def operations(layers):
    """Those of all layers, each once: lengths do not depend on the lines of a layer."""
    found = {}
    for layer in layers:
        for o in layer.facts["operations"]:
            found.setdefault(o["name"], o)
    order = ["FORWARD", "BACKWARD"]
    return sorted(found.values(), key=lambda o: (order.index(o["name"]) if o["name"] in order else 2, o["most"]))


def class_rates(counts):
    """Per class: samples, found, precision."""
    for k, row in enumerate(counts):
        said = counts[:, k].sum()
        yield {"class": k, "samples": int(row.sum()), "recall": words.percent(row[k], row.sum(), 1),
               "precision": words.percent(counts[k, k], said, 1)}


def confusions(counts, most=5):
    """The most frequent mistakes."""
    wrong = counts * (1 - numpy.eye(len(counts), dtype=int))
    order = numpy.argsort(wrong, axis=None)[::-1][:most]
    return [(int(k // len(counts)), int(k % len(counts)), int(wrong.flat[k])) for k in order if wrong.flat[k]]


def plane_rows(r):
    """Device statistics, a row per layer and plane that moves."""
    for layer in r.layers:
        for plane in PLANES:
            f = layer.facts["planes"][plane]
            state, symmetry = layer.array(plane, "state"), layer.array(plane, "symmetry")
            if not f["step"] or (not state.any() and not f["pulses"]) or (plane == "R" and not state.any()):
                continue
            away = (state - symmetry)[numpy.isfinite(symmetry)]
            yield {"layer": layer.number, "plane": plane, "devices": state.size, "step": f["step"], "mean": state.mean(),
                   "sd": state.std(), "low": numpy.percentile(state, 1), "high": numpy.percentile(state, 99),
                   "at_bound": f["at_low"] + f["at_high"], "stuck": f["stuck"],
                   "symmetry_sd": symmetry[numpy.isfinite(symmetry)].std() if away.size else math.nan,
                   "away": numpy.abs(away).mean() if away.size else math.nan, "none": int(symmetry.size - away.size)}


def pulse_rows(r):
    """Pulses per device, a row per layer and plane; nothing if they were not counted."""
    for layer in r.layers:
        for plane in PLANES:
            counts = layer.array(plane, "pulses", "u32")
            if counts is not None and counts.any():
                yield {"layer": layer.number, "plane": plane, "total": int(counts.sum()), "mean": counts.mean(),
                       "median": numpy.median(counts), "p99": numpy.percentile(counts, 99), "most": int(counts.max()),
                       "never": int((counts == 0).sum()), "devices": counts.size, "rows": layer.n,
                       "where": tuple(int(v) for v in numpy.unravel_index(counts.argmax(), counts.shape))}


def energy_rows(r):
    """(what, events, key, pJ each, J)"""
    t, e, j = r.facts["training"], r.config["energy"], r.facts["joules"]
    return [("periphery of a tile, per cycle", t["CYCLES"], "pj_cycle", e["pj_cycle"], j["cycles"]),
            ("ADC conversions", t["CONVERSIONS"], "pj_conversion", e["pj_conversion"], j["conversions"]),
            ("drivers, per pulse slot", t["SLOTS"], "pj_slot", e["pj_slot"], j["slots"]),
            ("devices that see a pulse", t["PULSES"], "pj_pulse", e["pj_pulse"], j["pulses"])]


def lockstep(r):
    """What was compared: None, or the counts and whether they are all operations of the run."""
    matched = r.summary.get("matched")
    if not matched or not r.has_checkpoint:
        return None
    # Every tile has also been given one RESET, which sets its counter to 0.
    total = sum(layer.facts["counters"]["OPS"] for layer in r.layers) + len(r.layers)
    return {**matched, "total": total, "whole": matched["operations"] >= total}


def first_update(layer, config):
    """Number of the first UPDATE of a tile, as `crosstrain wave` counts: after programming, FORWARD and BACKWARD."""
    setup = layer.n if layer.facts["init"] > 0 else 0
    if config["algorithm"]["name"] != "sgd" and config["algorithm"]["zero_shift_pairs"]:
        setup += 1 + 2 * layer.n
    return setup + (2 if layer.number else 1)


def html(runs, keys):
    plots = Plots()
    done = [r for r in runs if r.has_checkpoint]
    curves = [r for r in runs if r.metrics]
    layers = max((len(r.layers) for r in done), default=0)
    env = jinja2.Environment(loader=jinja2.FileSystemLoader(HERE), autoescape=True, trim_blocks=True,
                             lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    env.filters.update(number=words.number, figure=words.figure, unit=words.unit)
    env.globals.update(percent=words.percent, color=color, plots=plots, picture=picture, class_rates=class_rates,
                       confusions=confusions, plane_rows=plane_rows, pulse_rows=pulse_rows, energy_rows=energy_rows,
                       lockstep=lockstep, first_update=first_update, operations=operations, sum=sum, parts=PARTS, budget=BUDGET)
    return env.get_template("page.html").render(
        runs=runs, done=done, curves=curves, layers=layers, css=Markup((HERE / "page.css").read_text(encoding="utf-8")),
        diagram=diagram(), sentences=[words.sentences(r, keys) for r in runs], keys=list(words.all_keys(runs, keys)),
        timings=groups(done, lambda r: (operations(r.layers), r.config["run"]["clock_mhz"])),
        samples=groups(done, lambda r: [layer.facts["operations"] for layer in r.layers]),
        written={r.name: time.strftime("%Y-%m-%d %H:%M", time.localtime((r.path / "checkpoint.h5").stat().st_mtime))
                 for r in done})
