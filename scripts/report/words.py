# SPDX-License-Identifier: Apache-2.0
"""A configuration in words, and numbers as people write them."""
import math

THIN = "\u202f"


def number(v):
    """Whole numbers in groups of three."""
    return f"{v:,.0f}".replace(",", THIN)


def figure(v, digits=4):
    """A number of any size with so many digits."""
    if not math.isfinite(v):
        return "–"
    mantissa, _, exponent = f"{v:.{digits}g}".partition("e")
    return mantissa + (f"{THIN}×{THIN}10{raised(int(exponent))}" if exponent else "")


def raised(n):
    return str(n).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def unit(v, name, digits=4):
    """With the prefix of SI that leaves one to three digits before the point."""
    if v == 0:
        return f"0{THIN}{name}"
    step = max(-6, min(4, math.floor(math.log10(abs(v)) / 3 + 1e-9)))
    prefix = ("a", "f", "p", "n", "µ", "m", "", "k", "M", "G", "T")[step + 6]
    return f"{v / 1000.0 ** step:.{digits}g}{THIN}{prefix}{name}"


def percent(part, whole, digits=2):
    return f"{100 * part / whole:.{digits}f}{THIN}%" if whole else "–"


def each(values):
    """A list of one value per layer; one value if they are equal."""
    if not isinstance(values, list):
        return str(values)
    if not values:
        return "chosen"
    return f"{values[0]:g}" if len(set(values)) == 1 and not isinstance(values[0], str) else ", ".join(map(str, values))


def relative(spread, what):
    return f"{100 * spread:g}{THIN}% {what}"


def device(c, keys):
    """The devices of a plane."""
    spreads = [relative(c[k], what) for k, what in (("dw_min_dtod", "device to device"), ("dw_min_std", "cycle to cycle"))
               if c[k]]
    bounds = [relative(c[k], what) for k, what in (("w_max_dtod", "above"), ("w_min_dtod", "below")) if c[k]]
    model = keys.get("model " + c["model"], ("", ""))[1]
    text = f"{c['model']} ({model})"
    if c["preset"]:
        text += f", preset {c['preset']}"
    if not c["dw_min"]:
        return text + "; it never moves."
    text += f"; mean step {c['dw_min']:g}, {(c['w_max'] - c['w_min']) / c['dw_min']:.0f} of them from bound to bound"
    text += f" ({c['w_min']:g} to {c['w_max']:g})"
    text += "; spread of the step " + (" and ".join(spreads) or "none")
    text += ", of the bounds " + (" and ".join(bounds) or "none")
    if c["up_down"] or c["up_down_dtod"]:
        text += f"; up/down imbalance {c['up_down']:g}, spread {c['up_down_dtod']:g}"
    if c["corrupt_devices_prob"]:
        text += f"; {relative(c['corrupt_devices_prob'], 'stuck')}"
    return text + "."


def data(c):
    d = c["data"]
    held = (f" {100 * d['validation']:g}{THIN}% of the training samples are held out and take the place of the test."
            if d["validation"] else "")
    if d["kind"] == "digits":
        return (f"Built-in digits: {d['train_samples']} images of {d['size']} × {d['size']} pixels to learn from, "
                f"{d['test_samples']} for the test.{held}")
    if d["kind"] == "csv":
        return f"Table {d['train']}" + (f", tested on {d['test']}." if d["test"] else
                                        f", of which {100 * d['test_fraction']:g}{THIN}% are kept for the test.") + held
    limit = f", the first {d['limit']} samples" if d["limit"] else ""
    return f"Images {d['train_images']}{limit}; test on {d['test_images']}.{held}"


def network(c, facts):
    n = c["network"]
    hidden = n["hidden"]
    ends = (str(facts["inputs"]), str(facts["classes"])) if facts["checkpoint"] else ("inputs", "classes")
    text = "-".join((ends[0], *map(str, hidden), ends[1]))
    if hidden:
        text += f", {n['activation']} in the hidden layer" + ("s" if len(hidden) > 1 else "")
    output = {"logistic": "logistic outputs (every class for itself)",
              "softmax": "softmax output (classes share one probability)"}
    return f"{text}, {output.get(n['output'], n['output'])}, cross entropy. Every layer of weights is a tile; the bias is one more input line."


def algorithm(c, facts, keys):
    a = c["algorithm"]
    used = [a["name"]] if isinstance(a["name"], str) else a["name"]
    names = sorted(set(used), key=used.index)
    text = " ".join(f"{name}: {keys.get('algorithm ' + name, ('', 'one that this program does not know'))[1]}." for name in names) + " "
    if len(names) > 1:
        text += f"From the first layer on: {', '.join(used)}. "
    if set(names) <= {"sgd", "mtj"}:
        text += f"Learning rate {each(a['lr'])}. "
    else:
        text += (f"Rate of A {each(a['fast_lr'])}; after every {'update' if a['transfer_every'] == 1 else str(a['transfer_every']) + ' updates'} "
                 f"one line of A is read and {each(a['transfer_lr'])} of it goes to C per {a['transfer_lr_per']}, in "
                 f"{a['transfer_pulse'].replace('_', '-')} pulses, at most {a['transfer_bl']} slots a train. ")
        if not set(names) <= {"shd", "sgd", "mtj"}:
            text += f"Reads see C + {a['gamma']:g} A. "
        if a["zero_shift_pairs"]:
            text += f"A was brought to its symmetry point first ({a['zero_shift_pairs']} pairs of pulses), R programmed to it. "
        else:
            text += "A was not brought to its symmetry point (zero_shift_pairs is 0). "
    if a["lr_decay"] != 1:
        text += f"The rate is multiplied by {a['lr_decay']:g} after every epoch. "
    if names == ["mtj"]:
        return text + "Updates: one pulse of each device, by the logarithms of the codes."
    managed = [name for key, name in (("update_management", "update management"),
                                      ("update_bl_management", "management of the length")) if a[key]]
    return text + (f"Updates: {a['pulse_type'].replace('_', '-')} pulses, at most {a['desired_bl']} slots a train"
                   + (", with " + " and ".join(managed) if managed else "") + ".")


def binary(m):
    return (f"{each(m['devices_per_weight'])} a weight, each of +-{each(m['gain'])}; Delta {m['delta']:g}, Vc0 {m['vc0']:g} V, tau0 "
            f"{m['tau0_ns']:g} ns, cycles of {m['cycle_ns']:g} ns; {float(m['g_parallel']):g} S parallel, TMR {100 * m['tmr']:g} %.")


def periphery(c):
    t = c["tile"]
    cells = {"passive": "passive, without transistors (1R)",
             "half": "half-select: one pulse train per pair of signs, two or four in all",
             "gated": "gated: one pulse train for all signs"}
    reads = {"pulse_width": f"pulse width ({2 ** (t['code_bits'] - 1) - 1} slots)",
             "bit_serial": f"bit-serial ({t['code_bits'] - 1} slots)"}
    share = "one converter per line" if t["adc_share"] == 1 else f"{t['adc_share']} lines share a converter"
    text = (f"Input codes of {t['code_bits']} bits, sign included, by {reads[t['read']]}; SAR converters of "
            f"{t['adc_bits']} bits, {share}. Pulse trains of at most {t['bl_max']} slots; cells {cells.get(t['cell'], t['cell'])}. "
            f"Device states of {t['state_bits']} bits")
    text += f"; read noise {t['out_noise']:g}." if t["out_noise"] else "; no read noise."
    return text


def sentences(r, keys):
    """(what, words) of a run."""
    c = r.config
    used = c["algorithm"]["name"] if isinstance(c["algorithm"]["name"], list) else [c["algorithm"]["name"]]
    planes = () if set(used) == {"mtj"} else ("C",) if set(used) <= {"sgd", "mtj"} else ("A", "C")
    rows = [("Network", network(c, r.facts)), ("Data", data(c)), ("Algorithm", algorithm(c, r.facts, keys))]
    rows += [(f"Devices of {p}", device(c["device"][p], keys)) for p in planes]
    if "mtj" in used:
        rows.append(("Binary devices", binary(c["mtj"])))
    rows += [("Periphery", periphery(c)),
             ("Run", f"Seed {c['seed']}; {c['run']['epochs']} epoch{'s' * (c['run']['epochs'] != 1)}; engine "
                     f"{c['run']['engine']}; clock {c['run']['clock_mhz']:g} MHz (a setting, not a timing analysis).")]
    return rows


def flat(config, above=""):
    """path: value of every key, as text."""
    for key, value in config.items():
        path = f"{above}{key}"
        if isinstance(value, dict):
            yield from flat(value, path + ".")
        elif isinstance(value, bool):
            yield path, str(value).lower()
        else:
            yield path, ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def all_keys(runs, keys):
    """(path, default, meaning, a value per run, whether one is not the default or they differ)."""
    flats = [dict(flat(r.config)) for r in runs]
    for path, (dflt, meaning) in keys.items():
        values = [f.get(path, "") for f in flats]
        if not any(path in f for f in flats):
            continue
        same = len(set(values)) == 1
        plain = same and set(v.strip() for v in values[0].split(",")) <= {dflt}
        yield path, dflt, meaning, values, not plain, not same
