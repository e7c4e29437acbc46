/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "checkpoint.h"

#include <hdf5.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "algo.h"
#include "xt_dim.h"

enum { BLOCK = 512, FORMAT = 1 };
#define MAX_BYTES ((size_t)4 << 30)
#define MAGIC "crosstrain checkpoint 1\n"
/* Datasets that depend on who counts. */
#define SUMS "device_sums"
#define FLIPS "device_flips"
#define COUNTED "counted_from"
/* Digest of what the layer's devices and front end are made from. */
#define MADE_FROM "made_from"

/* The HDF5 library prints every failed call; our messages say the same in one line. */
static void silence(void) {
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

/* ---- one dataset in or out: both directions walk the same list, so they cannot differ ---- */
struct io {
  hid_t loc;
  int write;
  const char *path; /* of the file, for messages */
  struct tr_err *e;
};

static int fail_io(const struct io *io, const char *name) {
  return io->write
             ? tr_fail(io->e, TR_EXIT_INTERNAL, "%s: HDF5 cannot make dataset %s", io->path, name)
             : tr_fail(io->e, TR_EXIT_DATA, "%s: dataset %s is missing or has another type or size", io->path, name);
}

static int put(const struct io *io, const char *name, hid_t file_type, hid_t mem_type, int rank, const hsize_t *dims,
               const void *buf) {
  const hid_t space = rank ? H5Screate_simple(rank, dims, NULL) : H5Screate(H5S_SCALAR);
  const hid_t prop = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_obj_track_times(prop, 0); /* same state, same bytes */
  const hid_t set = H5Dcreate2(io->loc, name, file_type, space, H5P_DEFAULT, prop, H5P_DEFAULT);
  const int ok = set >= 0 && H5Dwrite(set, mem_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buf) >= 0;
  if (set >= 0) H5Dclose(set);
  H5Pclose(prop);
  H5Sclose(space);
  return ok ? 0 : fail_io(io, name);
}

static int get(const struct io *io, const char *name, hid_t mem_type, int rank, const hsize_t *dims, void *buf) {
  int ok = 0;
  const hid_t set = H5Dopen2(io->loc, name, H5P_DEFAULT);
  if (set >= 0) {
    const hid_t space = H5Dget_space(set), type = H5Dget_type(set);
    hsize_t have[H5S_MAX_RANK] = {0};
    ok = H5Tget_class(type) == H5Tget_class(mem_type) && H5Sget_simple_extent_ndims(space) == rank &&
         H5Sget_simple_extent_dims(space, have, NULL) == rank;
    for (int k = 0; ok && k < rank; k++) ok = have[k] == dims[k];
    ok = ok && H5Dread(set, mem_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buf) >= 0;
    H5Tclose(type);
    H5Sclose(space);
    H5Dclose(set);
  }
  return ok ? 0 : fail_io(io, name);
}

static int data(const struct io *io, const char *name, hid_t file_type, hid_t mem_type, int rank, const hsize_t *dims,
                void *buf) {
  return io->write ? put(io, name, file_type, mem_type, rank, dims, buf) : get(io, name, mem_type, rank, dims, buf);
}

static int u32s(const struct io *io, const char *name, uint32_t *v, size_t n) {
  const hsize_t dims[1] = {n};
  return data(io, name, H5T_STD_U32LE, H5T_NATIVE_UINT32, 1, dims, v);
}
static int u64s(const struct io *io, const char *name, uint64_t *v, size_t n) {
  const hsize_t dims[1] = {n};
  return data(io, name, H5T_STD_U64LE, H5T_NATIVE_UINT64, 1, dims, v);
}
static int u32(const struct io *io, const char *name, uint32_t *v) {
  return data(io, name, H5T_STD_U32LE, H5T_NATIVE_UINT32, 0, NULL, v);
}
static int u64(const struct io *io, const char *name, uint64_t *v) {
  return data(io, name, H5T_STD_U64LE, H5T_NATIVE_UINT64, 0, NULL, v);
}
static int f64(const struct io *io, const char *name, double *v) {
  return data(io, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 0, NULL, v);
}

static int group_begin(const struct io *io, const char *name, struct io *in) {
  *in = *io;
  if (io->write) {
    const hid_t prop = H5Pcreate(H5P_GROUP_CREATE);
    H5Pset_obj_track_times(prop, 0);
    in->loc = H5Gcreate2(io->loc, name, H5P_DEFAULT, prop, H5P_DEFAULT);
    H5Pclose(prop);
  } else {
    in->loc = H5Gopen2(io->loc, name, H5P_DEFAULT);
  }
  return in->loc >= 0 ? 0 : fail_io(io, name);
}

/* ---- contents ---- */
static int snapshot_io(const struct io *io, struct xt_snapshot *s) {
#define IO_uint32_t u32
#define IO_uint64_t u64
#define X(name, type, legal, rtl, text) \
  if (IO_##type(io, #name, &s->name)) return -1;
  XT_SNAPSHOT_TABLE(X)
#undef X
  return 0;
}

static int layer_io(const struct io *io, struct tr_layer *l, struct xt_snapshot *s) {
  const struct xt_shape *sh = &l->plan.shape;
  struct tr_probe *p = &l->probe;
  const hsize_t dims[2] = {(hsize_t)sh->n, (hsize_t)sh->m};
  const hid_t state = sh->state_bits <= 16 ? H5T_STD_I16LE : H5T_STD_I32LE;
  for (int plane = 0; plane < XT_NUM_PLANES; plane++) {
    const char *name = tr_plane_name(plane);
    const int16_t *w16 = s->w[plane] ? NULL : l->tile.engine->states16(l->tile.t, plane);
    if (w16 ? put(io, name, state, H5T_NATIVE_INT16, 2, dims, w16)
            : data(io, name, state, H5T_NATIVE_INT32, 2, dims, s->w[plane]))
      return -1;
  }
  const hsize_t units = (hsize_t)xt_shape_units(sh);
  if (data(io, "cal", H5T_STD_I16LE, H5T_NATIVE_INT16, 1, &units, s->cal)) return -1;
  const hsize_t sums[2] = {(hsize_t)sh->n, (hsize_t)xt_shape_sums(sh)};
  if (sums[1] > 0 && data(io, "acc", H5T_STD_I32LE, H5T_NATIVE_INT32, 2, sums, s->acc)) return -1;
  return u32s(io, "row_gen", s->row_gen, (size_t)sh->n) || u32s(io, "col_gen", s->col_gen, (size_t)sh->m) ||
                 snapshot_io(io, s) || u64s(io, "counters", s->counters, XT_NUM_COUNTERS) ||
                 u32s(io, "csr", s->csr, 256) || u64(io, "probe_n", &p->n) || f64(io, "probe_abs_g", &p->abs_g) ||
                 f64(io, "probe_g2", &p->g2) || u64(io, "exp_clamps", &l->exp_clamps) ||
                 (l->plan.mtj.batch && (u64(io, "batched", &l->batched) || u64(io, "clipped", &l->clipped)))
             ? -1
             : 0;
}

/* Pulses of every device, if the tile counts them. */
static int pulses_io(const struct io *io, struct tr_layer *l) {
  const struct xt_shape *sh = &l->plan.shape;
  const hsize_t dims[2] = {(hsize_t)sh->n, (hsize_t)sh->m};
  if (!(l->tile.engine->can & XT_CAN_PULSES)) return 0;
  for (int plane = 0; plane < XT_NUM_PLANES; plane++) {
    uint32_t *count = l->tile.engine->pulses(l->tile.t, plane);
    char name[16];
    snprintf(name, sizeof name, "pulses_%s", tr_plane_name(plane));
    if (!count) continue;
    if (!io->write && H5Lexists(io->loc, name, H5P_DEFAULT) <= 0)
      return tr_fail(io->e, TR_EXIT_CONFIG, "%s: has no pulse counts: made without run.count_pulses", io->path);
    if (data(io, name, H5T_STD_U32LE, H5T_NATIVE_UINT32, 2, dims, count)) return -1;
  }
  return 0;
}

static int exists(hid_t loc, const char *name) {
  return H5Lexists(loc, name, H5P_DEFAULT) > 0;
}

/* What pulses did to binary devices, if the tile counts it; it begins here if the file has nothing. */
static int device_counts_io(const struct io *io, struct tr_layer *l, struct tr_state *s) {
  const struct xt_shape *sh = &l->plan.shape;
  const hsize_t dims[2] = {(hsize_t)sh->n, (hsize_t)sh->m};
  enum { WORDS = sizeof(struct xt_device_sums) / sizeof(uint64_t) };
  uint64_t words[WORDS];
  struct xt_device_counts *c = tr_tile_device_counts(&l->tile, l->plan.algorithm->update);
  if (!c) return 0;
  if (!io->write && !exists(io->loc, SUMS)) {
    s->counted_from = s->samples;
    return 0;
  }
  memcpy(words, &c->sums, sizeof words);
  if (u64(io, COUNTED, &s->counted_from) || u64s(io, SUMS, words, WORDS) ||
      data(io, FLIPS, H5T_STD_U32LE, H5T_NATIVE_UINT32, 2, dims, c->flips))
    return -1;
  memcpy(&c->sums, words, sizeof words);
  return 0;
}

/* Devices are made again from the configuration, by rules of this program: with others the states would be of other
 * devices. */
static int made_from_io(const struct io *io, const struct tr_layer *l) {
  uint32_t field[sizeof(struct xt_array_cfg) / sizeof(uint32_t)];
  uint64_t made = UINT64_C(0xcbf29ce484222325), was = 0; /* FNV-1a, by the field */
  _Static_assert(sizeof field == sizeof l->plan.array, "fields of 32 bits, nothing between them");
  memcpy(field, &l->plan.array, sizeof field);
  for (size_t k = 0; k < sizeof field / sizeof *field; k++) made = (made ^ field[k]) * UINT64_C(0x100000001b3);
  if (io->write) return u64(io, MADE_FROM, &made);
  if (exists(io->loc, MADE_FROM)) {
    if (u64(io, MADE_FROM, &was)) return -1;
  } else if (l->plan.array.load == 0 || !tr_plan_is_mtj(&l->plan)) {
    return 0; /* from before it was kept: the rules of loads on binary devices are the only ones that have changed */
  }
  return was == made ? 0
                     : tr_fail(io->e, TR_EXIT_DATA,
                               "%s: made by a program with other rules for devices or the front end: start anew with "
                               "--overwrite",
                               io->path);
}

static int state_io(const struct io *io, struct tr_state *s) {
#define X(name, text) \
  if (u64(io, #name, &s->name)) return -1;
  TR_STATE_TABLE(X)
#undef X
  if (!io->write) s->data_digest = 0;
  if ((io->write || H5Lexists(io->loc, "data_digest", H5P_DEFAULT) > 0) && u64(io, "data_digest", &s->data_digest))
    return -1;
  return u64s(io, "setup", s->setup, XT_NUM_COUNTERS) || u64s(io, "eval", s->eval, XT_NUM_COUNTERS) ? -1 : 0;
}

/* The numbers of the clocks, those of tiles that the network does not have left out. */
static int clock_io(const struct io *io, struct xt_clock *c) {
  enum { WORD = sizeof(uint64_t), TILE = sizeof(struct xt_clock_tile) / WORD, ALL = sizeof c->now / WORD };
  uint64_t v[ALL];
  memcpy(v, &c->now, sizeof c->now);
  if (u64s(io, "clock", v, ALL - TILE * (XT_CLOCK_TILES - c->tiles))) return -1;
  memcpy(&c->now, v, sizeof c->now);
  return xt_clock_legal(c) ? 0 : tr_fail(io->e, TR_EXIT_DATA, "%s: dataset clock cannot be", io->path);
}

static int string_io(const struct io *io, const char *name, char **text) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  int ok = 0;
  if (io->write) {
    H5Tset_size(type, strlen(*text) + 1);
    ok = !data(io, name, type, type, 0, NULL, *text);
  } else {
    const hid_t set = H5Dopen2(io->loc, name, H5P_DEFAULT);
    const hid_t have = set >= 0 ? H5Dget_type(set) : -1;
    const size_t n = have >= 0 && H5Tget_class(have) == H5T_STRING && !H5Tis_variable_str(have) ? H5Tget_size(have) : 0;
    if (n > 0 && n < ((size_t)1 << 20) && (*text = calloc(n + 1, 1)) != NULL) {
      H5Tset_size(type, n);
      ok = !data(io, name, type, type, 0, NULL, *text);
    }
    if (have >= 0) H5Tclose(have);
    if (set >= 0) H5Dclose(set);
  }
  H5Tclose(type);
  return ok ? 0 : fail_io(io, name);
}

static int write_contents(const struct io *io, struct tr_net *net, const struct tr_config *c,
                          const struct tr_state *s) {
  uint32_t format = FORMAT, hash = XT_PARAM_HASH, layers = (uint32_t)net->layers;
  struct tr_state copy = *s;
  struct io in;
  char *text = tr_config_text(c, 0, io->e);
  int rc = text ? 0 : -1;
  if (!rc)
    rc = u32(io, "format", &format) || u32(io, "param_hash", &hash) || u32(io, "layers", &layers) ||
         string_io(io, "config", &text);
  free(text);
  if (rc || group_begin(io, "run", &in)) return -1;
  rc = state_io(&in, &copy) || clock_io(&in, &net->clock) ? -1 : 0;
  H5Gclose(in.loc);
  for (int k = 0; !rc && k < net->layers; k++) {
    struct tr_layer *l = &net->layer[k];
    struct xt_snapshot snap;
    char name[32];
    snprintf(name, sizeof name, "layer%d", k);
    const int direct = (l->tile.engine->can & XT_CAN_COPIES) && l->tile.engine->states16(l->tile.t, 0) != NULL;
    if (tr_snapshot_alloc_part(&snap, &l->plan.shape, direct ? 0 : XT_NUM_PLANES, io->e)) rc = -1;
    if (!rc) rc = tr_tile_check(&l->tile, l->tile.engine->get_snapshot(l->tile.t, &snap), "snapshot", io->e);
    if (!rc) rc = group_begin(io, name, &in);
    if (!rc) {
      rc = layer_io(&in, l, &snap) || made_from_io(&in, l) || pulses_io(&in, l) || device_counts_io(&in, l, &copy) ? -1
                                                                                                                   : 0;
      H5Gclose(in.loc);
    }
    tr_snapshot_free(&snap);
  }
  return rc;
}

static void make_block(char block[BLOCK], unsigned long crc, size_t n) {
  memset(block, 0, BLOCK);
  snprintf(block, BLOCK, MAGIC "crc32 %08lx bytes %zu\n", crc, n);
}

/* The file in the driver's memory, without a copy of it: but for four bytes of the superblock that say it is open. */
static int write_image(const char *path, const uint8_t *image, size_t n, struct tr_err *e) {
  enum { SUPER = 24, OPEN = 20 };
  char head[BLOCK + SUPER];
  if (n < SUPER || image[8] != 0)
    return tr_fail(e, TR_EXIT_INTERNAL, "%s: HDF5 makes another superblock than that of version 0", path);
  memcpy(head + BLOCK, image, SUPER);
  memset(head + BLOCK + OPEN, 0, SUPER - OPEN);
  make_block(head, crc32_z(crc32_z(0, (const uint8_t *)head + BLOCK, SUPER), image + SUPER, n - SUPER), n);
  return tr_write_file(path, head, sizeof head, image + SUPER, n - SUPER, e);
}

int tr_checkpoint_save(const char *path, struct tr_net *net, const struct tr_config *c, const struct tr_state *s,
                       struct tr_err *e) {
  silence();
  const hid_t fapl = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fapl_core(fapl, (size_t)1 << 20, 0); /* in memory: the disk is ours to handle */
  const hid_t f = H5Fcreate("checkpoint", H5F_ACC_TRUNC, H5P_DEFAULT, fapl);
  H5Pclose(fapl);
  if (f < 0) return tr_fail(e, TR_EXIT_INTERNAL, "%s: HDF5 cannot make a file in memory", path);
  const struct io io = {f, 1, path, e};
  int rc = write_contents(&io, net, c, s);
  void *memory = NULL; /* where the driver keeps the address of the file */
  ssize_t n = 0;
  if (!rc && (H5Fflush(f, H5F_SCOPE_GLOBAL) < 0 || H5Fget_vfd_handle(f, H5P_DEFAULT, &memory) < 0 ||
              (n = H5Fget_file_image(f, NULL, 0)) <= 0))
    rc = tr_fail(e, TR_EXIT_INTERNAL, "%s: HDF5 gives no file image", path);
  if (!rc) rc = write_image(path, *(uint8_t *const *)memory, (size_t)n, e);
  H5Fclose(f);
  return rc;
}

/* ---- reading ---- */
struct tr_checkpoint {
  hid_t file;
  uint8_t *bytes;
  char *path, *config;
};

int tr_checkpoint_is(const char *path) {
  char head[sizeof MAGIC - 1];
  FILE *f = fopen(path, "rb");
  if (!f) return 0;
  const int is = fread(head, 1, sizeof head, f) == sizeof head && memcmp(head, MAGIC, sizeof head) == 0;
  fclose(f);
  return is;
}

static int check_block(const char *path, const uint8_t *bytes, size_t n, struct tr_err *e) {
  char want[BLOCK];
  size_t body = 0;
  char head[BLOCK + 1] = "";
  if (n < BLOCK || memcmp(bytes, MAGIC, sizeof MAGIC - 1) != 0)
    return tr_fail(e, TR_EXIT_DATA, "%s: not a checkpoint of this program", path);
  memcpy(head, bytes, BLOCK);
  if (sscanf(head + sizeof MAGIC - 1, "crc32 %*8x bytes %zu\n", &body) == 1 && n - BLOCK < body)
    return tr_fail(e, TR_EXIT_DATA, "%s: the checkpoint is cut: %zu bytes of %zu", path, n - BLOCK, body);
  make_block(want, crc32_z(0, bytes + BLOCK, n - BLOCK), n - BLOCK);
  if (memcmp(want, bytes, BLOCK) != 0) return tr_fail(e, TR_EXIT_DATA, "%s: the checkpoint is damaged (CRC)", path);
  return 0;
}

/* ---- the structure: groups of datasets, nothing else. A CRC is no proof of origin, and HDF5 files can refer to other
 * files, to themselves, and to more numbers than there are. ---- */
enum { MAX_LINKS = 256 }; /* of a group; a layer has about 20 */

struct tree {
  const char *path;
  hsize_t left; /* bytes of the file that no dataset has claimed */
  struct tr_err *e;
};

static int refuse(const struct tree *t, const char *name, const char *why) {
  return tr_fail(t->e, TR_EXIT_DATA, "%s: %.80s %s", t->path, name, why);
}

static int check_dataset(struct tree *t, const char *name, hid_t set) {
  const hid_t prop = H5Dget_create_plist(set), space = H5Dget_space(set), type = H5Dget_type(set);
  const H5D_layout_t layout = H5Pget_layout(prop);
  const H5T_class_t class = H5Tget_class(type);
  const hssize_t n = H5Sget_simple_extent_npoints(space);
  const size_t size = H5Tget_size(type);
  int rc = 0;
  if ((class != H5T_INTEGER && class != H5T_FLOAT && class != H5T_STRING) || H5Tis_variable_str(type) || !size)
    rc = refuse(t, name, "holds neither numbers nor a text");
  else if (n < 0 || H5Sget_simple_extent_ndims(space) > 2 || (hsize_t)n > t->left / size)
    rc = refuse(t, name, "claims more numbers than the file has");
  else if ((layout != H5D_CONTIGUOUS && layout != H5D_COMPACT) || H5Pget_external_count(prop) != 0)
    rc = refuse(t, name, "is not stored in one piece in this file");
  else
    t->left -= (hsize_t)n * size;
  H5Tclose(type);
  H5Sclose(space);
  H5Pclose(prop);
  return rc;
}

static int check_group(struct tree *t, hid_t group, int depth) {
  H5G_info_t info;
  int rc = 0;
  if (H5Gget_info(group, &info) < 0) return refuse(t, "a group", "cannot be listed");
  if (info.nlinks > MAX_LINKS) return refuse(t, "a group", "has too many members");
  for (hsize_t k = 0; !rc && k < info.nlinks; k++) {
    char name[64] = "";
    H5L_info_t link;
    if (H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, k, name, sizeof name, H5P_DEFAULT) < 0 ||
        H5Lget_info(group, name, &link, H5P_DEFAULT) < 0)
      return refuse(t, name[0] ? name : "a group", "cannot be listed");
    if (link.type != H5L_TYPE_HARD) return refuse(t, name, "is a link to something else");
    const hid_t object = H5Oopen(group, name, H5P_DEFAULT);
    const H5I_type_t kind = object < 0 ? H5I_BADID : H5Iget_type(object);
    if (kind == H5I_DATASET)
      rc = check_dataset(t, name, object);
    else if (kind == H5I_GROUP && depth == 0)
      rc = check_group(t, object, depth + 1);
    else
      rc = refuse(t, name, kind == H5I_GROUP ? "is a group within a group" : "is not a dataset");
    if (object >= 0) H5Oclose(object);
  }
  return rc;
}

struct tr_checkpoint *tr_checkpoint_open(const char *path, struct tr_err *e) {
  silence();
  struct tr_checkpoint *cp = tr_alloc(1, sizeof *cp, e);
  if (!cp) return NULL;
  cp->file = -1;
  size_t n = 0;
  uint32_t format = 0, hash = 0;
  int rc = tr_read_file(path, 0, MAX_BYTES, &cp->bytes, &n, e);
  if (!rc) rc = check_block(path, cp->bytes, n, e);
  if (!rc && !(cp->path = strdup(path))) rc = tr_nomem(e);
  if (!rc) {
    const hid_t fapl = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_core(fapl, (size_t)1 << 20, 0);
    H5Pset_file_image(fapl, cp->bytes + BLOCK, n - BLOCK);
    char name[64]; /* HDF5 takes two files of one name for the same file */
    snprintf(name, sizeof name, "checkpoint at %p", (void *)cp);
    cp->file = H5Fopen(name, H5F_ACC_RDONLY, fapl);
    H5Pclose(fapl);
    if (cp->file < 0) rc = tr_fail(e, TR_EXIT_DATA, "%s: not an HDF5 file behind its header", path);
  }
  if (!rc) {
    struct tree tree = {path, n - BLOCK, e};
    const hid_t root = H5Gopen2(cp->file, "/", H5P_DEFAULT);
    rc = root < 0 ? refuse(&tree, "its root", "is not a group") : check_group(&tree, root, 0);
    if (root >= 0) H5Gclose(root);
  }
  const struct io io = {cp->file, 0, path, e};
  if (!rc) rc = u32(&io, "format", &format) || u32(&io, "param_hash", &hash) || string_io(&io, "config", &cp->config);
  if (!rc && format != FORMAT)
    rc = tr_fail(e, TR_EXIT_DATA, "%s: format %" PRIu32 "; this program reads %d", path, format, FORMAT);
  if (!rc && hash != XT_PARAM_HASH)
    rc = tr_fail(e, TR_EXIT_DATA, "%s: made with parameters 0x%08" PRIx32 ", this program has 0x%08" PRIx32, path, hash,
                 XT_PARAM_HASH);
  if (rc) {
    tr_checkpoint_close(cp);
    return NULL;
  }
  return cp;
}

void tr_checkpoint_close(struct tr_checkpoint *cp) {
  if (!cp) return;
  if (cp->file >= 0) H5Fclose(cp->file);
  free(cp->bytes);
  free(cp->path);
  free(cp->config);
  free(cp);
}

int tr_checkpoint_config(struct tr_checkpoint *cp, struct tr_config *c, struct tr_err *e) {
  return tr_config_parse(cp->config, strlen(cp->config), cp->path, NULL, c, e) || tr_config_resolve(c, e) ? -1 : 0;
}

int tr_checkpoint_counts(const struct tr_checkpoint *cp) {
  return H5Lexists(cp->file, "layer0", H5P_DEFAULT) > 0 && H5Lexists(cp->file, "layer0/pulses_A", H5P_DEFAULT) > 0;
}

/* Layers of binary devices need not be the first. */
int tr_checkpoint_counts_flips(const struct tr_checkpoint *cp) {
  char name[32];
  for (int k = 0; k < TR_MAX_LAYERS; k++) {
    snprintf(name, sizeof name, "layer%d", k);
    if (!exists(cp->file, name)) return 0;
    snprintf(name, sizeof name, "layer%d/" SUMS, k);
    if (exists(cp->file, name)) return 1;
  }
  return 0;
}

/* Lines and outputs of layer `layer`. */
static int layer_size(const struct tr_checkpoint *cp, uint32_t layer, hsize_t dims[2], struct tr_err *e) {
  char name[32];
  snprintf(name, sizeof name, "layer%" PRIu32 "/A", layer);
  const hid_t set = H5Dopen2(cp->file, name, H5P_DEFAULT), space = set >= 0 ? H5Dget_space(set) : -1;
  const int ok = space >= 0 && H5Sget_simple_extent_ndims(space) == 2 &&
                 H5Sget_simple_extent_dims(space, dims, NULL) == 2 && dims[0] >= 2 && dims[0] <= TR_MOST_N &&
                 dims[1] >= 1 && dims[1] <= TR_MOST_M;
  if (space >= 0) H5Sclose(space);
  if (set >= 0) H5Dclose(set);
  return ok ? 0 : tr_fail(e, TR_EXIT_DATA, "%s: dataset %s is missing or has another type or size", cp->path, name);
}

int tr_checkpoint_sizes(struct tr_checkpoint *cp, const struct tr_config *c, int32_t *inputs, int32_t *classes,
                        struct tr_err *e) {
  const struct io io = {cp->file, 0, cp->path, e};
  uint32_t layers = 0;
  hsize_t first[2] = {0, 0}, last[2] = {0, 0};
  if (u32(&io, "layers", &layers) || layer_size(cp, 0, first, e) || layer_size(cp, layers - 1, last, e)) return -1;
  *inputs = (int32_t)first[0] - 1;
  *classes = (int32_t)last[1] / tr_gang_of(c, tr_config_layers(c) - 1);
  return 0;
}

int tr_checkpoint_load(struct tr_checkpoint *cp, struct tr_net *net, struct tr_state *s, struct tr_err *e) {
  const struct io io = {cp->file, 0, cp->path, e};
  struct io in;
  uint32_t layers = 0;
  if (u32(&io, "layers", &layers)) return -1;
  if (layers != (uint32_t)net->layers)
    return tr_fail(e, TR_EXIT_DATA, "%s: %" PRIu32 " layers; the network has %d", cp->path, layers, net->layers);
  if (group_begin(&io, "run", &in)) return -1;
  s->counted_from = 0;
  int rc = state_io(&in, s) || clock_io(&in, &net->clock) ? -1 : 0;
  H5Gclose(in.loc);
  for (int k = 0; !rc && k < net->layers; k++) {
    struct tr_layer *l = &net->layer[k];
    struct xt_snapshot snap;
    char name[32];
    snprintf(name, sizeof name, "layer%d", k);
    if (tr_snapshot_alloc(&snap, &l->plan.shape, e)) rc = -1;
    if (!rc) rc = group_begin(&io, name, &in);
    if (!rc) {
      rc = made_from_io(&in, l) || layer_io(&in, l, &snap) || pulses_io(&in, l) || device_counts_io(&in, l, s) ? -1 : 0;
      H5Gclose(in.loc);
    }
    if (!rc) {
      const int err = tr_tile_put(&l->tile, &snap);
      if (err == XT_E_ARG)
        rc = tr_fail(e, TR_EXIT_DATA, "%s: layer %d: %s", cp->path, k, l->tile.engine->error(l->tile.t));
      else
        rc = tr_tile_check(&l->tile, err, "snapshot", e);
    }
    tr_snapshot_free(&snap);
  }
  return rc;
}

/* ---- comparison ---- */
struct cmp {
  struct tr_checkpoint *cp[2];
  char *line;
  size_t cap;
  uint64_t *compared;
  int found;
  struct tr_err *e;
};

static hid_t open_set(struct tr_checkpoint *cp, const char *name, size_t *bytes, size_t *item, hid_t *type,
                      hsize_t *row) {
  const hid_t set = H5Dopen2(cp->file, name, H5P_DEFAULT);
  if (set < 0) return -1;
  const hid_t space = H5Dget_space(set), file_type = H5Dget_type(set);
  const int is_string = H5Tget_class(file_type) == H5T_STRING;
  *type = is_string ? H5Tcopy(file_type) : H5Tget_native_type(file_type, H5T_DIR_DEFAULT);
  *item = H5Tget_size(*type);
  *bytes = (size_t)H5Sget_simple_extent_npoints(space) * *item;
  hsize_t dims[H5S_MAX_RANK] = {0};
  *row = H5Sget_simple_extent_dims(space, dims, NULL) == 2 ? dims[1] : 0;
  H5Tclose(file_type);
  H5Sclose(space);
  return set;
}

static void number_text(char *out, size_t cap, const uint8_t *p, hid_t type) {
  union {
    int16_t i16;
    int32_t i32;
    uint32_t u32;
    uint64_t u64;
    double f64;
  } v;
  if (H5Tget_size(type) > sizeof v) {
    snprintf(out, cap, "(text)");
    return;
  }
  memcpy(&v, p, H5Tget_size(type));
  if (H5Tequal(type, H5T_NATIVE_INT16) > 0) {
    snprintf(out, cap, "%" PRId16, v.i16);
  } else if (H5Tequal(type, H5T_NATIVE_INT32) > 0) {
    snprintf(out, cap, "%" PRId32, v.i32);
  } else if (H5Tequal(type, H5T_NATIVE_UINT32) > 0) {
    snprintf(out, cap, "%" PRIu32, v.u32);
  } else if (H5Tequal(type, H5T_NATIVE_UINT64) > 0) {
    snprintf(out, cap, "%" PRIu64, v.u64);
  } else if (H5Tequal(type, H5T_NATIVE_DOUBLE) > 0) {
    snprintf(out, cap, "%.17g", v.f64);
  } else {
    snprintf(out, cap, "(other type)");
  }
}

static int is_named(const char *path, const char *name) {
  const char *p = strrchr(path, '/');
  return p && strcmp(p + 1, name) == 0;
}

static int is_count(const char *name) {
  return is_named(name, SUMS) || is_named(name, FLIPS) || is_named(name, COUNTED);
}

/* Both have counts of the devices of this dataset's layer, from the same sample on. */
static int same_counts(const struct cmp *c, const char *name) {
  uint64_t from[2] = {0, 1};
  char counted[64];
  snprintf(counted, sizeof counted, "%.*s" COUNTED, (int)(strrchr(name, '/') + 1 - name), name);
  for (int k = 0; k < 2; k++) {
    struct tr_err none = {0, ""};
    const struct io io = {c->cp[k]->file, 0, c->cp[k]->path, &none};
    if (!exists(c->cp[k]->file, counted) || u64(&io, counted, &from[k])) return 0;
  }
  return from[0] == from[1];
}

static int compare_set(struct cmp *c, const char *name) {
  size_t bytes[2] = {0, 0}, item[2] = {0, 0};
  hid_t type[2] = {-1, -1}, set[2];
  hsize_t row[2] = {0, 0};
  uint8_t *buf[2] = {NULL, NULL};
  int rc = 0;
  const int counts = !is_named(name, MADE_FROM); /* not a number of the run; older files have none */
  if (is_count(name) && !same_counts(c, name)) return 0;
  if (!counts && (!exists(c->cp[0]->file, name) || !exists(c->cp[1]->file, name))) return 0;
  for (int k = 0; k < 2; k++) set[k] = open_set(c->cp[k], name, &bytes[k], &item[k], &type[k], &row[k]);
  if (set[0] < 0 || set[1] < 0) {
    snprintf(c->line, c->cap, "%s: only in %s", name, c->cp[set[0] < 0]->path);
    c->found = 1;
  } else if (H5Tequal(type[0], type[1]) <= 0) {
    snprintf(c->line, c->cap, "%s: numbers of another type", name);
    c->found = 1;
  } else if (bytes[0] != bytes[1] || item[0] != item[1] || row[0] != row[1]) {
    snprintf(c->line, c->cap, "%s: %zu numbers against %zu", name, bytes[0] / item[0], bytes[1] / item[1]);
    c->found = 1;
  } else {
    for (int k = 0; k < 2 && !rc; k++) {
      buf[k] = tr_alloc(bytes[k], 1, c->e);
      if (!buf[k]) {
        rc = -1;
      } else if (H5Dread(set[k], type[k], H5S_ALL, H5S_ALL, H5P_DEFAULT, buf[k]) < 0) {
        rc = tr_fail(c->e, TR_EXIT_DATA, "%s: dataset %s cannot be read", c->cp[k]->path, name);
      }
    }
    const size_t n = bytes[0] / item[0];
    for (size_t i = 0; !rc && !c->found && i < n; i++)
      if (memcmp(buf[0] + i * item[0], buf[1] + i * item[0], item[0]) != 0) {
        char a[64], b[64];
        number_text(a, sizeof a, buf[0] + i * item[0], type[0]);
        number_text(b, sizeof b, buf[1] + i * item[0], type[1]);
        if (row[0]) {
          snprintf(c->line, c->cap, "%s[%zu][%zu]: %s against %s", name, i / (size_t)row[0], i % (size_t)row[0], a, b);
        } else {
          snprintf(c->line, c->cap, "%s[%zu]: %s against %s", name, i, a, b);
        }
        c->found = 1;
      } else {
        *c->compared += (uint64_t)counts;
      }
  }
  for (int k = 0; k < 2; k++) {
    free(buf[k]);
    if (type[k] >= 0) H5Tclose(type[k]);
    if (set[k] >= 0) H5Dclose(set[k]);
  }
  return rc;
}

static herr_t visit(hid_t loc, const char *name, const H5O_info_t *info, void *ctx) {
  struct cmp *c = ctx;
  (void)loc;
  if (info->type != H5O_TYPE_DATASET || c->found) return 0;
  return compare_set(c, name) ? -1 : 0;
}

int tr_checkpoint_compare(const char *a, const char *b, char *line, size_t cap, uint64_t *compared, struct tr_err *e) {
  struct cmp c = {{tr_checkpoint_open(a, e), NULL}, line, cap, compared, 0, e};
  *compared = 0;
  c.cp[1] = c.cp[0] ? tr_checkpoint_open(b, e) : NULL;
  int rc = c.cp[0] && c.cp[1] ? 0 : -1;
  for (int k = 0; k < 2 && !rc && !c.found; k++) /* both ways: a dataset may be in one of them only */
    if (H5Ovisit2(c.cp[k]->file, H5_INDEX_NAME, H5_ITER_INC, visit, &c, H5O_INFO_BASIC) < 0)
      rc = e->code ? -1 : tr_fail(e, TR_EXIT_DATA, "%s: HDF5 cannot list it", c.cp[k]->path);
  *compared /= 2;
  tr_checkpoint_close(c.cp[0]);
  tr_checkpoint_close(c.cp[1]);
  return rc ? -1 : c.found;
}
