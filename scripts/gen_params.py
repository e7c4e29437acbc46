#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Generate from rtl/xt_params.toml everything that is said there once (the list is in its head).

usage: gen_params.py [--check] [OUTDIR]
Writes below OUTDIR (default: the repository). --check writes nothing and exits 1 if a file differs.
"""
import pathlib
import sys

from gen import c, desc, ip, md, model, sv

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

FILES = (("rtl/xt_pkg.sv", sv.package), ("rtl/xt_types.svh", sv.types), ("rtl/xt_csr.sv", sv.csr),
         ("rtl/array/xt_planes.svh", sv.planes), ("rtl/array/xt_cells.svh", sv.cells), ("rtl/array/xt_laws.svh", sv.laws),
         ("refc/xt_params.h", c.params), ("refc/xt_types.h", c.types), ("rtl/REGISTERS.md", md.registers),
         ("model/xt_public.vlt", model.vlt), ("model/xt_inside_table.h", model.table), ("rtl/xt.f", ip.file_list),
         ("rtl/ip/xt_top.rdl", ip.rdl), ("rtl/ip/xt_top.xml", ip.ipxact), ("rtl/ip/xt_top.sdc", ip.sdc))


def main(argv):
    check = "--check" in argv
    rest = [a for a in argv if a != "--check"]
    root = pathlib.Path(rest[0]) if rest else desc.REPO
    t = desc.load()
    bad = 0
    for name, generate in FILES:
        path, text = root / name, generate(t)
        if check:
            if not path.exists() or path.read_text() != text:
                print(f"{name}: differs from what rtl/xt_params.toml generates; run scripts/gen_params.py")
                bad = 1
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
