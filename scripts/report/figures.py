# SPDX-License-Identifier: Apache-2.0
"""Plots of the report, as SVG that stands in the page."""
import io
import re

import matplotlib
import numpy
from markupsafe import Markup
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, MaxNLocator

INK, GREY, PALE = "#263238", "#78909c", "#cfd8dc"
RUNS = ("#1565c0", "#e65100", "#2e7d32", "#6a1b9a", "#00838f", "#ad1457", "#827717", "#4e342e")
PARTS = {"START": "#b0bec5", "END": "#b0bec5", "CLEAR": "#cfd8dc", "INTEG": "#64b5f6", "HOLD": "#90a4ae",
         "SAR": "#1565c0", "LATCH": "#cfd8dc", "UM": "#a5d6a7", "SCALE": "#43a047", "ENCODE": "#43a047", "FETCH": "#cfd8dc", "SUM": "#a5d6a7", "PULSE": "#f57c00"}
BUDGET = {"FORWARD reads": "#1565c0", "BACKWARD reads": "#64b5f6", "reads of transfers": "#bbdefb", "pulses": "#f57c00",
          "gaps between pulses": "#ffcc80", "thresholds, settling": "#43a047", "update manager": "#a5d6a7",
          "sums of batches": "#8d6e63", "START and END": "#b0bec5"}
WHOLE, HALF, THIRD = 11.6, 5.5, 3.6  # widths in inches

matplotlib.rcParams.update({
    "svg.fonttype": "none", "font.size": 8.5, "axes.titlesize": 9, "axes.titleweight": "bold", "axes.titlelocation": "left",
    "axes.edgecolor": GREY, "axes.labelcolor": INK, "text.color": INK, "xtick.color": INK, "ytick.color": INK,
    "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.7, "axes.grid": True,
    "grid.color": "#eceff1", "grid.linewidth": 0.7, "axes.axisbelow": True, "lines.linewidth": 1.4,
    "legend.frameon": False, "xtick.major.width": 0.7, "ytick.major.width": 0.7, "figure.constrained_layout.use": True,
    "font.family": ["DejaVu Sans"]})


def color(k):
    return RUNS[k % len(RUNS)]


def label(r):
    """A run's name as matplotlib shows it: $ begins no formula, _ hides nothing, and it is not longer than a plot."""
    name = r.name if len(r.name) <= 32 else "…" + r.name[-31:]
    return ("\u200b" if name.startswith("_") else "") + name.replace("$", r"\$")


def shrink(counts, most=1024):
    """At most `most` lines a side: the largest of every block."""
    rows, columns = (-(-side // most) for side in counts.shape)
    padded = numpy.pad(counts, ((0, -counts.shape[0] % rows), (0, -counts.shape[1] % columns)))
    return padded.reshape(padded.shape[0] // rows, rows, -1, columns).max((1, 3))


class Plots:
    """Counts the figures of a page: ids of one must not meet those of another."""

    def __init__(self):
        self.count = 0

    def new(self, width, height, rows=1, columns=1, **more):
        figure = Figure(figsize=(width, height))
        FigureCanvasSVG(figure)
        return figure, figure.subplots(rows, columns, squeeze=False, **more)

    def svg(self, figure, text):
        """text: what it shows, for those who cannot see it."""
        self.count += 1
        matplotlib.rcParams["svg.hashsalt"] = f"figure {self.count}"  # the same ids every time
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
        svg = out.getvalue()
        svg = svg[svg.index("<svg"):]
        svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
        svg = re.sub(r'(<image[^>]*?) id="[^"]*"', r"\1", svg)  # twice the same picture, twice the same id
        svg = re.sub(r'\bid="', f'id="f{self.count}-', svg)
        svg = re.sub(r'(href="#|url\(#)', rf"\1f{self.count}-", svg)
        width = re.search(r'width="([\d.]+)pt"', svg)[1]
        svg = re.sub(r'<svg height="[\d.]+pt" version="1.1" (viewBox="[^"]*") width="[\d.]+pt"', r'<svg \1', svg)
        svg = re.sub(r'<svg [^>]*?(viewBox="[^"]*")[^>]*>',
                     rf'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" \1 '
                     rf'style="max-width: {float(width) / 72:.2f}in" role="img" aria-label="{Markup.escape(text)}">',
                     svg, count=1)
        return Markup(svg)

    # ---------------------------------------------------------------- cycles

    def timing(self, operations, clock_mhz):
        rows = len(operations)
        figure, axes = self.new(WHOLE, 1.0 + 0.33 * rows)
        ax = axes[0][0]
        most = max(o["most"] for o in operations)
        for y, o in enumerate(operations):
            at = 0
            for name, cycles in o["parts"]:
                ax.barh(y, cycles, left=at, height=0.62, color=PARTS[name], edgecolor="white", linewidth=0.4)
                if cycles > most * 0.045:
                    ax.text(at + cycles / 2, y, f"{name} {cycles}", ha="center", va="center", fontsize=7,
                            color="white" if name in ("SAR", "SCALE", "PULSE") else INK)
                at += cycles
            ax.text(at + most * 0.006, y, f"{at}", va="center", fontsize=8)
        ax.set_yticks(range(rows), [o["name"] for o in operations])
        ax.invert_yaxis()
        ax.set_xlim(0, most * 1.05)
        ax.grid(axis="y", visible=False)
        ax.set_xlabel("clock cycles since START")
        top = ax.secondary_xaxis("top", functions=(lambda c: c * 1e3 / clock_mhz, lambda t: t * clock_mhz / 1e3))
        top.set_xlabel(f"ns at {clock_mhz:g} MHz")
        return self.svg(figure, "Timing diagram: the parts of every operation over clock cycles")

    def sample(self, r):
        """One training sample over all tiles; lengths of updates: the most."""
        layers = r.layers
        figure, axes = self.new(WHOLE, 0.7 + 0.36 * len(layers))
        ax = axes[0][0]
        longest = []
        for layer, negative in zip(layers, r.facts["negative_inputs"]):
            of = {o["name"]: o["most"] for o in layer.facts["operations"]}
            update = next(name for name in ("UPDATE with transfer", "UPDATE", "MTJ_UPDATE", "ACCUMULATE") if name in of)
            longest.append({**of, "UPDATE": of.get(update + ", some x < 0", of[update]) if negative else of[update]})
        at = 0

        def bar(k, name, begin, cycles):
            ax.barh(k, cycles, left=begin, height=0.6, edgecolor="white", linewidth=0.6,
                    color={"FORWARD": "#1565c0", "BACKWARD": "#64b5f6", "UPDATE": "#f57c00"}[name])
            ax.text(begin + cycles / 2, k, f"{name} {cycles}", ha="center", va="center", fontsize=7,
                    color=INK if name == "BACKWARD" else "white")

        for k, most in enumerate(longest):
            bar(k, "FORWARD", at, most["FORWARD"])
            at += most["FORWARD"]
        for k in range(len(layers) - 1, 0, -1):
            bar(k, "BACKWARD", at, longest[k]["BACKWARD"])
            at += longest[k]["BACKWARD"]
        for k, most in enumerate(longest):
            bar(k, "UPDATE", at, most["UPDATE"])
        ax.set_yticks(range(len(layers)), [f"tile {k}" for k in range(len(layers))])
        ax.invert_yaxis()
        ax.grid(axis="y", visible=False)
        ax.set_xlabel("clock cycles since the sample began (the host's own time left out)")
        return self.svg(figure, "One training sample: the operations of every tile over clock cycles")

    def budget(self, runs):
        figure, axes = self.new(WHOLE, 0.7 + 0.38 * len(runs))
        ax = axes[0][0]
        for y, r in enumerate(runs):
            samples, at = max(r.facts["samples"], 1), 0
            for name, shade in BUDGET.items():
                cycles = r.facts["budget"][name] / samples
                ax.barh(y, cycles, left=at, height=0.6, color=shade, edgecolor="white", linewidth=0.4)
                if cycles > 0.03 * r.facts["training"]["CYCLES"] / samples:
                    ax.text(at + cycles / 2, y, f"{cycles:.0f}", ha="center", va="center", fontsize=7,
                            color="white" if name in ("FORWARD reads", "pulses", "thresholds, settling") else INK)
                at += cycles
            ax.text(at, y, f" {at:.0f}", va="center", fontsize=8)
        ax.set_yticks(range(len(runs)), [label(r) for r in runs])
        ax.invert_yaxis()
        ax.margins(x=0.06)
        ax.grid(axis="y", visible=False)
        ax.set_xlabel("cycles per training sample, all tiles added up")
        return self.svg(figure, "Where the cycles of a training sample go, for every run")

    # ---------------------------------------------------------------- curves

    @staticmethod
    def over_samples(axes):
        for ax in axes:
            ax.set_xlabel("training samples")
            ax.xaxis.set_major_formatter(EngFormatter(sep=""))
            ax.xaxis.set_major_locator(MaxNLocator(7))

    def learning(self, runs):
        figure, axes = self.new(WHOLE, 3.1, 1, 2)
        accuracy, loss = axes[0]
        for r in runs:
            m, c, name = r.metrics, color(r.number), f"{label(r)}, " if len(runs) > 1 else ""
            few = "." if len(m["samples"]) < 40 else ""
            accuracy.plot(m["samples"], 100 * m["train_accuracy"], color=c, marker=few, linewidth=1, alpha=0.75,
                          label=name + "training")
            held = m[r.held + "_accuracy"]
            there = ~numpy.isnan(held)
            if there.any():
                accuracy.plot(m["samples"][there], 100 * held[there], color=c, marker="D", markersize=4,
                              linestyle="--" if there.sum() > 1 else "none", label=name + r.held)
            loss.plot(m["samples"], m["loss"], color=c, marker=few, label=label(r))
        accuracy.set_title("Accuracy (%)")
        loss.set_title("Training loss (cross entropy, nats per sample)")
        loss.set_ylim(bottom=0)
        accuracy.legend(loc="lower right", fontsize=7.5)
        self.over_samples(axes[0])
        return self.svg(figure, "Accuracy and loss over training samples")

    def rails(self, runs):
        figure, axes = self.new(WHOLE, 2.6, 1, 2)
        rails, clips = axes[0]
        for r in runs:
            m, c = r.metrics, color(r.number)
            few = "." if len(m["samples"]) < 40 else ""
            with numpy.errstate(divide="ignore", invalid="ignore"):
                share = 100 * r.steps("SATURATIONS") / r.steps("CONVERSIONS")
                clipped = 1000 * r.steps("CLIPS") / numpy.diff(m["samples"], prepend=0)
            pure = numpy.isnan(m[r.held + "_accuracy"])  # no evaluation in the interval
            pure = pure if pure.any() else ~pure
            rails.plot(m["samples"][pure], share[pure], color=c, marker=few, label=label(r))
            clips.plot(m["samples"], clipped, color=c, marker=few, label=label(r))
        rails.set_title("Conversions at a rail (%)")
        clips.set_title("Clipped pulse trains per 1000 samples")
        for ax in axes[0]:
            ax.set_ylim(bottom=0)
        if len(runs) > 1:
            rails.legend(fontsize=7.5)
        self.over_samples(axes[0])
        return self.svg(figure, "Conversions at a rail and clipped pulse trains over training samples")

    def confusion(self, r):
        counts = r.confusion()
        classes = len(counts)
        share = counts / numpy.maximum(counts.sum(1, keepdims=True), 1)
        size = HALF if classes > 4 else THIRD
        figure, axes = self.new(size, size * 0.93)
        ax = axes[0][0]
        right = numpy.eye(classes, dtype=bool)
        worst = max(0.05, share[~right].max(initial=0))
        ax.imshow(numpy.where(right, 0, share), cmap=matplotlib.colors.LinearSegmentedColormap.from_list(
            "wrong", ("#ffffff", "#ffb74d", "#e65100")), vmin=0, vmax=worst, interpolation="none")
        ax.imshow(numpy.ma.masked_where(~right, share), cmap=matplotlib.colors.LinearSegmentedColormap.from_list(
            "right", ("#ffffff", "#90caf9")), vmin=0, vmax=1, interpolation="none")
        if classes <= 20:
            for i, j in zip(*numpy.nonzero(counts)):
                ax.text(j, i, str(counts[i, j]), ha="center", va="center", fontsize=8 if classes <= 12 else 6,
                        color="white" if i != j and share[i, j] > 0.75 * worst else INK)
            ax.set_xticks(range(classes))
            ax.set_yticks(range(classes))
            ax.set_xticks(numpy.arange(classes + 1) - 0.5, minor=True)
            ax.set_yticks(numpy.arange(classes + 1) - 0.5, minor=True)
        ax.set_xlabel("predicted class")
        ax.set_ylabel("class of the sample")
        ax.grid(False)
        ax.grid(which="minor", color="#eceff1", linewidth=0.7)
        ax.tick_params(which="both", length=0)
        for side in ax.spines.values():
            side.set_visible(False)
        return self.svg(figure, f"Confusion matrix of {r.name}")

    # ---------------------------------------------------------------- devices

    @staticmethod
    def steps_of(ax, values, bins, r, alone):
        ax.hist(values, bins, weights=numpy.full(len(values), 100 / max(len(values), 1)), color=color(r.number),
                histtype="stepfilled" if alone else "step", alpha=0.85 if alone else 1, linewidth=1.3, label=label(r))

    def states(self, runs, number):
        """States of layer `number` of the runs that have it: A, C, and A from its symmetry point."""
        runs = [r for r in runs if number < len(r.layers)]
        panels = (("A", "state of A (weight units)"), ("C", "state of C (weight units)"),
                  ("distance", "distance from the symmetry point"))
        figure, axes = self.new(WHOLE, 2.5, 1, 3)
        for ax, (what, title) in zip(axes[0], panels):
            values, shown = [numpy.empty(0)], []
            for r in runs:
                learns = r.facts["algorithm"]["learns"]
                if what == "A" and learns != "A":
                    continue
                layer = r.layers[number]
                v = layer.array(learns if what == "distance" else what, "state").ravel()
                if what == "distance":
                    v = v - layer.array(learns, "symmetry").ravel()
                values.append(v[numpy.isfinite(v)])
                shown.append((r, values[-1]))
            every = numpy.concatenate(values)
            ax.set_title(title)
            ax.set_ylabel("% of the devices")
            if not every.size:
                ax.text(0.5, 0.5, "A takes no part" if what == "A" else "no device has a symmetry point", ha="center",
                        transform=ax.transAxes)
                ax.set_xticks([])
                ax.set_yticks([])
                continue
            low, high = numpy.percentile(every, (0.05, 99.95))
            pad = 0.04 * (high - low) or 0.01
            bins = numpy.linspace(low - pad, high + pad, 81)
            for r, v in shown:
                self.steps_of(ax, numpy.clip(v, bins[0], bins[-1]), bins, r, len(runs) == 1)
            ax.yaxis.set_major_locator(MaxNLocator(5))
            ax.axvline(0, color=GREY, linewidth=0.6)
        if len(runs) > 1:
            axes[0][0].legend(fontsize=7.5)
        return self.svg(figure, f"Histograms of the states of layer {number}")

    def endurance(self, r, layer, planes):
        """Pulses of every device: a map and a histogram per plane."""
        wide = layer.n >= layer.m  # the longer side lies
        height = 2.3 if layer.n * layer.m > 1000 else 1.9
        figure, axes = self.new(WHOLE, height * len(planes), len(planes), 2, gridspec_kw={"width_ratios": (2.4, 1)})
        for (left, right), plane in zip(axes, planes):
            counts = layer.array(plane, "pulses", "u32")
            top = max(float(numpy.percentile(counts, 99.5)), 1)
            picture = shrink(counts.T if wide else counts)
            shown = left.imshow(picture, cmap="viridis", vmin=0, vmax=top, aspect="auto", interpolation="none",
                                extent=(-0.5, max(counts.shape) - 0.5, min(counts.shape) - 0.5, -0.5))
            left.set_xlabel("input line (row)" if wide else "output line (column)")
            left.set_ylabel("output line (column)" if wide else "input line (row)")
            left.set_title(f"{plane}: pulses per device")
            left.grid(False)
            bar = figure.colorbar(shown, ax=left, pad=0.01, extend="max", format=EngFormatter(sep=""))
            bar.outline.set_visible(False)
            right.hist(numpy.minimum(counts.ravel(), top), 60, color=color(r.number))
            right.xaxis.set_major_formatter(EngFormatter(sep=""))
            right.yaxis.set_major_formatter(EngFormatter(sep=""))
            right.set_xlabel("pulses")
            right.set_ylabel("devices")
        return self.svg(figure, f"Endurance map of layer {layer.number} of {r.name}: pulses of every device")
