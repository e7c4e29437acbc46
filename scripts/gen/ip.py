# SPDX-License-Identifier: Apache-2.0
"""What tools that integrate xt_top read: its registers in SystemRDL, component and registers in IP-XACT, lists of files."""
import re
from xml.sax.saxutils import escape

from . import desc as d

# Fields of registers that have several, by name: (field, high bit, low bit, reset, meaning). Other registers are one field.
PARTS = {
    "IRQ_STATUS": [(n, k, k, 0, f"kind {n} interrupts") for k, n in enumerate(("ANSWER", "DONE", "IDLE", "ERROR", "SPACE", "BUS"))],
    "BUS_STATUS": [("ADDRESS", 17, 0, 0, "byte address"), ("WRITE", 18, 18, 0, "1: a write"), ("STATUS", 22, 20, 0, "register status")],
    "CONTROL": [("ABORT", 0, 0, 0, "1: the operation that runs is cut")],
    "STATUS": [("BUSY", 0, 0, 0, "busy"), ("RESET_GIVEN", 1, 1, 0, "RESET has been given")],
    "GEN_SEL": [("LINE", 15, 0, 0, "line"), ("COLUMN", 16, 16, 0, "0 row, 1 column")],
}
TILES_MOST = 16
LISTS = {n + "s": f"{n} of every tile, 16 bits each, tile 0 lowest; 0: all have {n}. SHAPE of a tile then resets to its own"
         for n in "NM"}


def fields(t, n, v):
    """(field, high bit, low bit, reset, meaning) of a register; a reset may be the name of a parameter."""
    if n in PARTS:
        return PARTS[n]
    if n in t["csr_value"]:
        out, low = [], 0
        for s, w in reversed(t["csr_value"][n]):
            reset = s if s in t["shape"] else t["const"].get(s, d.canonical_hash(t) if s == "PARAM_HASH" else 0)
            out.append((n if len(t["csr_value"][n]) == 1 else s.upper(), low + w - 1, low, reset, v[5] if len(t["csr_value"][n]) == 1 else s))
            low += w
        return out
    if "TILES" in (v[2], v[4]) or v[4] == "SOURCES" or n in ("ANSWER_NOW", "ERROR_NOW"):
        # as many bits as xt_top can have tiles: those beyond Tiles are 0
        out = [("TILES", TILES_MOST - 1, 0, "(1 << Tiles) - 1" if v[2] == "TILES" else 0, "a bit per tile")]
        if v[4] == "SOURCES" or n in ("ANSWER_NOW", "ERROR_NOW"):
            out.append(("NO_TILE", t["top"]["NO_TILE"], t["top"]["NO_TILE"], 0, "packets to tiles that do not exist"))
        return out
    reset = {"TOP_ID": t["const"]["ID"], "TOP_PARAM_HASH": d.canonical_hash(t), "TOP_TILES": "Tiles"}.get(n, v[2])
    bits = 32 if v[1] == "ro" or isinstance(v[3], str) else d.register_bits(v)
    return [(n, bits - 1, 0, reset, v[5])]


def legal(v):
    """What a write must be, in words."""
    if v[1] not in ("rw", "state") or v[4] in ("TILES", "SOURCES", 0xFFFFFFFF):
        return ""
    bound = {"BLMAX": "BlMax", "N1": "N - 1", "PROB1": "2^ProbBits - 1", "GEN1": "largest state of the generator"}
    return f" Legal: {v[3]}..{bound.get(v[4], v[4])}; any other value is refused."


def registers(t):
    """((name, word, access, fields, meaning) of a tile's registers, the same of xt_top's)."""
    tile = [(n, v[0], v[1], fields(t, n, v), v[5] + "." + legal(v)) for n, v in t["csr"].items()]
    for n, v in t["counter"].items():
        for k, part in enumerate(("LOW", "HIGH")):
            text = f"{v[1]}: {part.lower()} word." + (" Shows what the last read of a low word kept." if k else "")
            tile.append((f"{n}_{part}", 0x40 + 2 * v[0] + k, "state", [(f"{n}_{part}", 31, 0, 0, text)], text))
    top = [(n, v[0], v[1], fields(t, n, v), v[5] + ".") for n, v in t["top_csr"].items()]
    return tile, top


# ---- SystemRDL 2.0

RDL_ACCESS = {"ro": "sw = r; hw = w;", "rw": "sw = rw; hw = r;", "state": "sw = rw; hw = rw;", "wo": "sw = w; hw = r; singlepulse;",
              "rw1c": "sw = rw; onwrite = woclr; hw = w;", "rw1s": "sw = rw; onwrite = woset; hw = rw;"}


def rdl_string(s):
    return '"' + s.replace("\\", "\\\\").replace('"', '\\"') + '"'


def rdl_block(name, regs, parameters):
    out = [f"regfile {name} #({parameters}) {{"]
    for n, word, access, parts, text in regs:
        out += [f"  reg {{ desc = {rdl_string(text)};"]
        for f, high, low, reset, meaning in parts:
            reset = reset if isinstance(reset, str) else f"{high - low + 1}'h{reset:x}"
            out.append(f"    field {{ {RDL_ACCESS[access]} desc = {rdl_string(meaning)}; }} {f}[{high}:{low}] = {reset};")
        out.append(f"  }} {n} @ 0x{4 * word:x};")
    return out + ["};", ""]


def rdl(t):
    tile, top = registers(t)
    shape = ", ".join(f"longint unsigned {n} = {v[0]}" for n, v in t["shape"].items())
    given = ", ".join(f".{n}({n})" for n in t["shape"])
    out = [f"// {d.LICENCE}", f"// {d.NOTE}", "// The registers behind xt_top in SystemRDL 2.0. Byte addresses; all are 32 bits. Meaning: REGISTERS.md, SPEC.md.",
           "// Of tiles of different shapes (Ns, Ms of xt_top) SHAPE resets to each one's own: an array has one reset.", ""]
    out += rdl_block("xt_tile_regs", tile, shape) + rdl_block("xt_top_regs", top, "longint unsigned Tiles = 1")
    out += [f"addrmap xt_top #(longint unsigned Tiles = 1, {shape}) {{", "  default regwidth = 32;", "  default accesswidth = 32;",
            f"  xt_tile_regs #({given}) tile[Tiles] @ 0x0 += 0x{t['top']['TOP_TILE_STRIDE']:x};",
            f"  xt_top_regs #(.Tiles(Tiles)) top @ 0x{t['top']['TOP_BASE']:x};", "};", ""]
    return "\n".join(out)


# ---- IP-XACT, IEEE 1685-2014

XACT_ACCESS = {"ro": "read-only", "rw": "read-write", "state": "read-write", "wo": "write-only", "rw1c": "read-write", "rw1s": "read-write"}
XACT_WRITE = {"rw1c": "oneToClear", "rw1s": "oneToSet"}


def tag(name, value, indent):
    return "  " * indent + f"<ipxact:{name}>{escape(str(value))}</ipxact:{name}>"


def xact_number(v):
    return v if isinstance(v, str) else f"'h{v:x}"


def xact_registers(regs, indent):
    out, i = [], "  " * indent
    for n, word, access, parts, text in regs:
        out += [f"{i}<ipxact:register>", tag("name", n, indent + 1), tag("description", text, indent + 1),
                tag("addressOffset", f"'h{4 * word:x}", indent + 1), tag("size", 32, indent + 1)]
        if access in ("ro", "state", "rw1c", "rw1s"):
            out.append(tag("volatile", "true", indent + 1))
        out.append(tag("access", XACT_ACCESS[access], indent + 1))
        for f, high, low, reset, meaning in parts:
            out += [f"{i}  <ipxact:field>", tag("name", f, indent + 2), tag("description", meaning, indent + 2), tag("bitOffset", low, indent + 2),
                    f"{i}    <ipxact:resets><ipxact:reset>{tag('value', xact_number(reset), 0)}</ipxact:reset></ipxact:resets>",
                    tag("bitWidth", high - low + 1, indent + 2), tag("access", XACT_ACCESS[access], indent + 2)]
            if access in XACT_WRITE:
                out.append(tag("modifiedWriteValue", XACT_WRITE[access], indent + 2))
            out.append(f"{i}  </ipxact:field>")
        out.append(f"{i}</ipxact:register>")
    return out


def ports(t):
    """(direction, name, left bound of the vector or None) of xt_top, from its source."""
    source = (d.REPO / "rtl/xt_top.sv").read_text()
    head = source[source.index("\n) (\n") : source.index("\n);")]
    known = {"XT_ARRAY_CTL_T_BITS": sum(d.boundary_bits(t, v[0]) for v in t["boundary"].values()),
             "XT_TRACE_T_BITS": sum(v[0] for v in t["trace"].values()), "32'(xt_pkg::NUM_COUNTERS)": len(t["counter"]),
             "32'(xt_pkg::AMP_BITS)": t["const"]["AMP_BITS"]}
    for way, left, name in re.findall(r"^  (input  wire|output) logic (?:\[(.*):0\] )?(\w+),?$", head, re.M):
        for k, v in known.items():
            left = re.sub(rf"(?<![\w'(]){re.escape(k)}(?!\w)", str(v), left)
        yield way.split()[0], name, left or None


def widths():
    """(name, expression) of the lines of every tile, and of the sums over them that the widths of ports are: as xt_pkg has
    them, in IP-XACT's expressions, which are SystemVerilog's without functions."""
    out = []
    for k in range(TILES_MOST):
        # a comparison is 1 or 0
        out += [(f"{n}{k}", f"(Tiles > {k}) * ((Ns == 0) * {n} + ((Ns >> {16 * k}) & 'hffff))".replace("Ns", f"{n}s")) for n in "NM"]
        out.append((f"L{k}", f"(N{k} > M{k} ? N{k} : M{k})"))
    every = [(name, " + ".join(part.replace("@", str(k)) for k in range(TILES_MOST)))
             for name, part in (("Rows", "N@"), ("Cols", "M@"), ("Lines", "L@"), ("Units", "(L@ + AdcShare - 1) / AdcShare"))]
    return out + every


BUSES = (  # name, bus type, role, prefix of the ports, {logical name: rest of the physical name}
    ("s_axil", ("AXI4-Lite", "r0p0"), "slave", "s_axil_",
     {n: n.lower() for n in "AWADDR AWPROT AWVALID AWREADY WDATA WSTRB WVALID WREADY BRESP BVALID BREADY ARADDR ARPROT ARVALID ARREADY "
      "RDATA RRESP RVALID RREADY".split()}),
    ("s_axis", ("AXI4Stream", "r0p0_1"), "slave", "s_axis_", {n: n.lower() for n in "TDATA TVALID TREADY TLAST TDEST".split()}),
    ("m_axis", ("AXI4Stream", "r0p0_1"), "master", "m_axis_", {n: n.lower() for n in "TDATA TVALID TREADY TLAST TID".split()}),
)


def ipxact(t):
    tile, top = registers(t)
    directions = {name: way for way, name, _ in ports(t)}
    stride, base = t["top"]["TOP_TILE_STRIDE"], t["top"]["TOP_BASE"]
    out = ['<?xml version="1.0" encoding="UTF-8"?>', f"<!-- {d.LICENCE} -->", f"<!-- {d.NOTE} -->",
           '<ipxact:component xmlns:ipxact="http://www.accellera.org/XMLSchema/IPXACT/1685-2014"',
           '    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
           '    xsi:schemaLocation="http://www.accellera.org/XMLSchema/IPXACT/1685-2014 http://www.accellera.org/XMLSchema/IPXACT/1685-2014/index.xsd">',
           tag("vendor", "crosstrain", 1), tag("library", "rtl", 1), tag("name", "xt_top", 1), tag("version", "1.0", 1), "  <ipxact:busInterfaces>"]
    for name, (bus, version), role, prefix, names in BUSES:
        out += ["    <ipxact:busInterface>", tag("name", name, 3),
                f'      <ipxact:busType vendor="amba.com" library="AMBA4" name="{bus}" version="{version}"/>',
                "      <ipxact:abstractionTypes>", "        <ipxact:abstractionType>",
                f'          <ipxact:abstractionRef vendor="amba.com" library="AMBA4" name="{bus}_rtl" version="{version}"/>', "          <ipxact:portMaps>"]
        for logical, rest in names.items():
            physical = next(p for p in (f"{prefix}{rest}_i", f"{prefix}{rest}_o") if p in directions)
            out.append("            <ipxact:portMap>" + tag("logicalPort", "@", 0).replace("@", tag("name", logical, 0))
                       + tag("physicalPort", "@", 0).replace("@", tag("name", physical, 0)) + "</ipxact:portMap>")
        out += ["          </ipxact:portMaps>", "        </ipxact:abstractionType>", "      </ipxact:abstractionTypes>"]
        out += ['      <ipxact:slave><ipxact:memoryMapRef memoryMapRef="registers"/></ipxact:slave>'] if name == "s_axil" else [f"      <ipxact:{role}/>"]
        out.append("    </ipxact:busInterface>")
    out += ["  </ipxact:busInterfaces>", "  <ipxact:memoryMaps>", "    <ipxact:memoryMap>", tag("name", "registers", 3)]
    out += ["      <ipxact:addressBlock>", tag("name", "tiles", 4), tag("baseAddress", "'h0", 4), tag("range", f"'h{TILES_MOST * stride:x}", 4),
            tag("width", 32, 4), tag("usage", "register", 4), "        <ipxact:registerFile>", tag("name", "tile", 5), tag("dim", "Tiles", 5),
            tag("addressOffset", "'h0", 5), tag("range", f"'h{stride:x}", 5)]
    out += xact_registers(tile, 5) + ["        </ipxact:registerFile>", "      </ipxact:addressBlock>"]
    out += ["      <ipxact:addressBlock>", tag("name", "top", 4), tag("baseAddress", f"'h{base:x}", 4), tag("range", f"'h{stride:x}", 4),
            tag("width", 32, 4), tag("usage", "register", 4)]
    out += xact_registers(top, 4) + ["      </ipxact:addressBlock>", tag("addressUnitBits", 8, 3), "    </ipxact:memoryMap>", "  </ipxact:memoryMaps>"]
    out += ["  <ipxact:model>", "    <ipxact:views>", "      <ipxact:view>", tag("name", "rtl", 4), tag("componentInstantiationRef", "verilog", 4),
            "      </ipxact:view>", "    </ipxact:views>", "    <ipxact:instantiations>", "      <ipxact:componentInstantiation>",
            tag("name", "verilog", 4), tag("language", "systemVerilog", 4), tag("moduleName", "xt_top", 4), "        <ipxact:moduleParameters>"]
    # of the tiles, the registers' resets speak of them
    parameters = [("Tiles", 1, 1, TILES_MOST)] + [(n, *v[:3]) for n, v in t["shape"].items()] + [("Trace", 1, 0, 1), ("StreamBits", 32, 32, 1024)]
    bits = "<ipxact:vectors><ipxact:vector><ipxact:left>255</ipxact:left><ipxact:right>0</ipxact:right></ipxact:vector></ipxact:vectors>"
    for n, *_ in parameters:
        out += [f'          <ipxact:moduleParameter dataType="int"><ipxact:name>{n}</ipxact:name><ipxact:value>{n}</ipxact:value></ipxact:moduleParameter>']
    for n in LISTS:
        out.append(f'          <ipxact:moduleParameter dataType="logic"><ipxact:name>{n}</ipxact:name>{bits}<ipxact:value>{n}</ipxact:value></ipxact:moduleParameter>')
    out += ["        </ipxact:moduleParameters>", "        <ipxact:fileSetRef><ipxact:localName>rtl</ipxact:localName></ipxact:fileSetRef>",
            "      </ipxact:componentInstantiation>", "    </ipxact:instantiations>", "    <ipxact:ports>"]
    for way, name, left in ports(t):
        vector = f"<ipxact:vectors><ipxact:vector>{tag('left', left, 0)}<ipxact:right>0</ipxact:right></ipxact:vector></ipxact:vectors>" if left else ""
        out.append(f"      <ipxact:port>{tag('name', name, 0)}<ipxact:wire>{tag('direction', 'in' if way == 'input' else 'out', 0)}{vector}</ipxact:wire></ipxact:port>")
    out += ["    </ipxact:ports>", "  </ipxact:model>", "  <ipxact:fileSets>", "    <ipxact:fileSet>", tag("name", "rtl", 3)]
    for f in sources():
        include = "<ipxact:isIncludeFile>true</ipxact:isIncludeFile>" if f.endswith(".svh") else ""
        out.append(f"      <ipxact:file><ipxact:name>../{f}</ipxact:name><ipxact:fileType>systemVerilogSource</ipxact:fileType>{include}</ipxact:file>")
    out += ["    </ipxact:fileSet>", "  </ipxact:fileSets>", "  <ipxact:parameters>"]
    for n, default, low, high in parameters:
        out.append(f'    <ipxact:parameter parameterId="{n}" resolve="user" type="int" minimum="{low}" maximum="{high}">{tag("name", n, 0)}'
                   f'{tag("value", default, 0)}</ipxact:parameter>')
    for n, meaning in LISTS.items():
        out.append(f'    <ipxact:parameter parameterId="{n}" resolve="user" type="bit">{tag("name", n, 0)}{tag("description", meaning, 0)}{bits}'
                   f'{tag("value", 0, 0)}</ipxact:parameter>')
    for n, expression in widths():
        out.append(f'    <ipxact:parameter parameterId="{n}" type="int">{tag("name", n, 0)}{tag("value", expression, 0)}</ipxact:parameter>')
    return "\n".join(out + ["  </ipxact:parameters>", "</ipxact:component>", ""])


# ---- lists of files, relative to rtl/

def sources():
    """What is synthesized, the package first."""
    names = sorted(f.name for f in (d.REPO / "rtl").glob("xt_*.sv"))
    return ["xt_types.svh", "xt_pkg.sv"] + [n for n in names if n != "xt_pkg.sv"]


def file_list(t):
    head = [f"// {d.LICENCE}", f"// {d.NOTE}", "// What is synthesized, in the order of compilation, relative to rtl/:",
            "//   verilator -F rtl/xt.f ...;  cd rtl && iverilog -g2012 -c xt.f ..."]
    return "\n".join(head + ["+incdir+."] + [n for n in sources() if n.endswith(".sv")] + [""])


# ---- timing constraints

SDC = """\
# Timing constraints of xt_top that hold by its design. What they rest on is asserted in every simulation or is a
# property of the sources. Set before: xt_period, the clock's period in ns. The hierarchy is kept: registers are named by the
# ports of xt_csr.
# testbench/ip/sdc.sh reads this in OpenSTA on the gates of a small xt_top.

create_clock -name clk -period $xt_period [get_ports clk_i]

# Buses: every output of xt_top but the words of m_axis comes from a register, every input goes to one gate level or to a
# register. What the other side leaves of the period is the integrator's; so much is assumed here.
set xt_buses [expr {{0.3 * $xt_period}}]
set_input_delay $xt_buses -clock clk [get_ports {{s_axil_*_i* s_axis_*_i* m_axis_*_i}}]
set_output_delay $xt_buses -clock clk [get_ports {{s_axil_*_o* s_axis_*_o m_axis_*_o* irq_o op_busy_o*}}]

# The array: comparators answer within the cycle of the trial code; half of it for the macro.
set_input_delay [expr {{0.5 * $xt_period}}] -clock clk [get_ports from_array_*]
set_output_delay [expr {{0.1 * $xt_period}}] -clock clk [get_ports to_array_*]

# rst_ni comes from xt_reset_sync, on the same clock: recovery and removal are checked as they are. What goes into
# xt_reset_sync is asynchronous; in the integrator's constraints:
#   set_false_path -from [get_ports arst_ni]

# Registers of a tile (regs_o of xt_csr) have two cycles to arrive: a write is taken only while the tile is not busy, so no
# operation runs in the cycle in which the register is new (xt_tile.R4), and nothing takes a value of it before START. But for
# TIMEOUT, compared in every cycle; GEN_SEL, CAL_SEL and ACC_SEL, which choose what the next access reads or writes; and those
# that a packet's check looks at, {checked}: it ends the cycle before START.
foreach {{from to}} {{{slow}}} {{
  for {{set b $from}} {{$b <= $to}} {{incr b}} {{
    set_multicycle_path -setup 2 -through [get_pins "*/u_csr/regs_o\\[$b\\]"]
    set_multicycle_path -hold 1 -through [get_pins "*/u_csr/regs_o\\[$b\\]"]
  }}
}}
"""
CHECKED = ("CELL_MODE", "UPD_MODE", "UPD_EXP", "SCALE_D_EXP", "MTJ_RATE", "ACC_EXP", "ACC_RATE")  # inputs of xt_cmd
FAST = ("TIMEOUT", "GEN_SEL", "CAL_SEL", "ACC_SEL", *CHECKED)


def sdc(t):
    slow, low = [], 0
    for n, v in reversed(d.registers(t, "rw").items()):
        high = low + d.register_bits(v) - 1
        if n not in FAST:
            if slow and slow[-1] == low - 1:
                slow[-1] = high
            else:
                slow += [low, high]
        low = high + 1
    return f"# {d.LICENCE}\n# {d.NOTE}\n" + SDC.format(slow=" ".join(map(str, slow)), checked=" ".join(CHECKED))
