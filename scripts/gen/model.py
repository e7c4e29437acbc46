# SPDX-License-Identifier: Apache-2.0
"""Where the state of a tile is inside the Verilated model (sections [snapshot] and [inside])."""
from . import desc


def signals(t):
    """(name in the snapshot, module, path below xt_sim's instances) of every signal that a snapshot reads and writes."""
    for n, v in t["snapshot"].items():
        yield n, "xt_" + v[2].split(".")[-2].removeprefix("u_"), v[2]
    for n, (module, path, _) in t["inside"].items():
        if "{plane}" in path:
            for plane, v in t["plane"].items():
                yield f"{n}[{v[0]}]", module, path.format(plane=plane)
        else:
            yield n, module, path


def vlt(t):
    out = [f"// {desc.LICENCE}", f"// {desc.NOTE}",
           "// What a snapshot reads and writes in the Verilated tile (rtl/SPEC.md section 12). No pragma in the RTL. Not _rw: then",
           "// all logic behind these registers would be evaluated twice per cycle, as behind inputs; who writes calls eval_settle.",
           "// Planes are inlined: their currents would else be copied from instance to instance in every cycle.",
           "`verilator_config", 'inline -module "xt_plane"']
    seen = []
    for _, module, path in signals(t):
        line = f'public_flat_rd -module "{module}" -var "{path.split(".")[-1]}"'
        if line not in seen:
            seen.append(line)
    return "\n".join(out + seen) + "\n"


def table(t):
    """X(tile, name, room, signal): a signal below the instance of room TILE (u_tile) or ANALOG (u_analog), as Verilator
    names it."""
    rows, sums = [], []
    for n, _, path in signals(t):
        top, _, rest = path.partition(".")
        (sums if rest.startswith("g_acc.") else rows).append(f"  X(tile, {n}, {top.removeprefix('u_').upper()}, {rest.replace('.', '__DOT__')})")
    return "\n".join([f"/* {desc.LICENCE} */", f"/* {desc.NOTE} */", "/* " + " ".join(table.__doc__.split()) + " */", "#ifndef XT_INSIDE_TABLE_H",
                      "#define XT_INSIDE_TABLE_H", "", "#define XT_INSIDE_TABLE(X, tile) \\", " \\\n".join(rows), "",
                      "/* With an accumulator. */", "#define XT_INSIDE_ACC_TABLE(X, tile) \\", " \\\n".join(sums), "", "#endif", ""])
