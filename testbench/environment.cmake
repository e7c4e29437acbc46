# SPDX-License-Identifier: Apache-2.0
# Read by ctest before the tests. Most tiles that they Verilate run for seconds: compiling them for speed takes three times as
# long as compiling them at -O1 (model/xt_rtl.h).
if(NOT DEFINED ENV{XT_TILE_CXXFLAGS})
  set(ENV{XT_TILE_CXXFLAGS} "-O1")
endif()
