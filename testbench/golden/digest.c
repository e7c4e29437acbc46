/* SPDX-License-Identifier: Apache-2.0 */
/* digest FILE.h5: every dataset of a checkpoint, its path and the FNV-1a hash (64 bits) of its numbers in the types of
 * this machine, one per line in the order of their names. Exit code 0, 2 usage, 3 the file cannot be read. */
#include <hdf5.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static herr_t print(hid_t object, const char *name, const H5O_info_t *info, void *user) {
  (void)user;
  if (info->type != H5O_TYPE_DATASET) return 0;
  const hid_t set = H5Dopen2(object, name, H5P_DEFAULT), stored = H5Dget_type(set);
  const hid_t type = H5Tget_native_type(stored, H5T_DIR_ASCEND), space = H5Dget_space(set);
  const size_t bytes = (size_t)H5Sget_simple_extent_npoints(space) * H5Tget_size(type);
  unsigned char *data = malloc(bytes + 1);
  herr_t rc = data != NULL && H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0 ? 0 : -1;
  if (rc == 0) {
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (size_t b = 0; b < bytes; b++) hash = (hash ^ data[b]) * UINT64_C(0x100000001B3);
    printf("%s\t%016" PRIx64 "\n", name, hash);
  }
  free(data);
  H5Sclose(space);
  H5Tclose(type);
  H5Tclose(stored);
  H5Dclose(set);
  return rc;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: digest FILE.h5\n");
    return 2;
  }
  const hid_t file = H5Fopen(argv[1], H5F_ACC_RDONLY, H5P_DEFAULT);
  if (file < 0 || H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_INC, print, NULL, H5O_INFO_BASIC) < 0) {
    fprintf(stderr, "digest: %s cannot be read\n", argv[1]);
    return 3;
  }
  H5Fclose(file);
  return 0;
}
