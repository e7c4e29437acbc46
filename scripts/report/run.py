# SPDX-License-Identifier: Apache-2.0
"""A run as the report sees it: what the C side computed (facts), metrics.csv, summary.yaml, pictures."""
import csv
import io
import math
import os
import pathlib

import numpy
import yaml

import waves

PLANES = ("A", "C", "R")


def load_yaml(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return yaml.safe_load(f)
    except yaml.YAMLError as e:
        raise ValueError(f"{path}: not YAML: {str(e).splitlines()[0]}") from e


def load_keys(path):
    """path: (default, meaning) of every key, model and algorithm."""
    with open(path, encoding="utf-8", newline="") as f:
        return {row[0]: (row[1], row[2]) for row in csv.reader(f, delimiter="\t", quoting=csv.QUOTE_NONE)}


def load_all(paths, facts):
    names = [os.path.basename(os.path.abspath(p)) for p in paths]
    names = [n if names.count(n) == 1 else p for n, p in zip(names, paths)]
    places = [os.path.realpath(p) for p in paths]
    for p, place in zip(paths, places):
        if places.count(place) > 1:
            raise ValueError(f"{p}: the same run twice")
    return [Run(pathlib.Path(p), name, facts / str(k), k) for k, (p, name) in enumerate(zip(paths, names))]


class Layer:
    def __init__(self, number, facts, folder):
        self.number, self.facts, self.folder = number, facts, folder
        self.n, self.m = facts["n"], facts["m"]

    def array(self, plane, name, kind="f32"):
        """[rows][columns] of a plane: state, low, high, symmetry, or pulses; None if it is not there."""
        path = self.folder / f"layer{self.number}.{plane}.{name}.{kind}"
        if not path.exists():
            return None
        return numpy.fromfile(path, "=" + kind[0] + "4").reshape(self.n, self.m)


class Run:
    def __init__(self, path, name, facts, number):
        self.path, self.name, self.number, self.folder = path, name, number, facts
        self.notes = []
        self.config = load_yaml(facts / "config.yaml")
        self.held = "validation" if self.config["data"]["validation"] else "test"
        self.facts = load_yaml(facts / "facts.yaml")
        self.layers = [Layer(k, layer, facts) for k, layer in enumerate(self.facts.get("layers", []))]
        self.metrics = self.load_metrics()
        self.summary = self.load_summary()
        self.predictions = self.load_predictions()
        self.pictures = [(str(p), p.read_bytes()) for sub in ("", "mismatch", "wave", "waves")
                         for p in sorted((path / sub).glob("*.png"))]
        self.dumps = sorted(path.glob("*/*.fst"))
        self.mismatch = (path / "mismatch").is_dir()
        self.finished = self.has_checkpoint and self.facts["epochs"] >= self.config["run"]["epochs"]
        if not self.has_checkpoint:
            self.notes.append("no checkpoint yet: only its configuration and its curves")
        elif self.facts["test"]["missing"]:
            self.notes.append(f"no confusion matrix: {self.facts['test']['missing']}")

    @property
    def has_checkpoint(self):
        return self.facts["checkpoint"]

    def load_metrics(self):
        """Columns of metrics.csv; counters are sums since RESET."""
        path = self.path / "metrics.csv"
        if not path.exists():
            self.notes.append("no metrics.csv: no curves")
            return {}
        with open(path, encoding="utf-8", errors="replace", newline="") as f:
            rows = list(csv.reader(f))
        if not rows or rows[0][:5] != ["epoch", "samples", "loss", "train_accuracy", self.held + "_accuracy"]:
            raise ValueError(f"{path}: line 1: not the head of a metrics.csv")
        for k, row in enumerate(rows[1:], 2):
            try:
                if len(row) != len(rows[0]):
                    raise ValueError
                rows[k - 1] = [float(v) if v else math.nan for v in row]
            except ValueError:
                raise ValueError(f"{path}: line {k}: {len(rows[0])} numbers are expected") from None
        if len(rows) < 2:
            return {}
        return {name: numpy.array([row[k] for row in rows[1:]]) for k, name in enumerate(rows[0])}

    def load_summary(self):
        """summary.yaml, if it is about what the checkpoint holds."""
        path = self.path / "summary.yaml"
        if not path.exists():
            return {}
        summary = load_yaml(path)
        if not isinstance(summary, dict):
            raise ValueError(f"{path}: not the summary of a run")
        if self.has_checkpoint and summary.get("samples") != self.facts["samples"]:
            self.notes.append("summary.yaml is older than the checkpoint: left out")
            return {}
        return summary

    def load_predictions(self):
        path = self.folder / "predictions.csv"
        return numpy.loadtxt(path, int, delimiter=",", skiprows=1, ndmin=2) if path.exists() else None

    def steps(self, name):
        """What a counter grew by from line to line of metrics.csv; in the first one without the initial weights."""
        values = self.metrics[name]
        start = self.facts["setup"][name] if self.has_checkpoint and name in self.facts["setup"] else values[0]
        return numpy.diff(values, prepend=start)

    def draw_dumps(self):
        """Pictures of the dumps in the run folder, one per save file."""
        for dump in self.dumps:
            for save in waves.save_files(dump):
                png = waves.render(dump, save)
                if png:
                    self.pictures.append((str(save), png))
                else:
                    self.notes.append(f"GTKWave drew no picture of {save}")

    def confusion(self):
        """[label][predicted]: test samples."""
        classes = self.facts["classes"]
        counts = numpy.zeros((classes, classes), int)
        numpy.add.at(counts, (self.predictions[:, 1], self.predictions[:, 2]), 1)
        return counts

    def tables(self):
        """(file name, text) of what --export writes."""
        name = "".join(c if c.isalnum() or c in "-_." else "_" for c in self.name)
        if self.metrics:
            columns = dict(self.metrics)
            for c in ("CONVERSIONS", "SATURATIONS", "PULSES", "CYCLES", "CLIPS"):
                columns["interval_" + c] = self.steps(c)
            text = io.StringIO()
            out = csv.writer(text, lineterminator="\n")
            out.writerow(columns)
            out.writerows([["" if math.isnan(v) else f"{v:.10g}" for v in row] for row in zip(*columns.values())])
            yield f"{name}-curves.csv", text.getvalue()
        if self.predictions is not None:
            yield f"{name}-predictions.csv", (self.folder / "predictions.csv").read_text(encoding="utf-8")
