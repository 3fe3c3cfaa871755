# Every library the project stands on, behind one interface target.
find_package(PkgConfig REQUIRED)
find_package(SUNDIALS 6.4 REQUIRED COMPONENTS cvode nvecserial sunlinsolspgmr)
pkg_check_modules(HDF5 REQUIRED IMPORTED_TARGET hdf5-serial)
pkg_check_modules(FFTW3 REQUIRED IMPORTED_TARGET fftw3)
pkg_check_modules(GSL REQUIRED IMPORTED_TARGET gsl)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(MUPARSER REQUIRED IMPORTED_TARGET muparser)
pkg_check_modules(TOMLPP REQUIRED IMPORTED_TARGET tomlplusplus)

add_library(lmx_dependencies INTERFACE)
target_link_libraries(lmx_dependencies INTERFACE
  SUNDIALS::cvode SUNDIALS::nvecserial SUNDIALS::sunlinsolspgmr
  PkgConfig::HDF5 PkgConfig::FFTW3 PkgConfig::GSL PkgConfig::JANSSON
  PkgConfig::MUPARSER PkgConfig::TOMLPP m)

# Header only, without a CMake or pkg-config file of its own.
find_path(RANDOM123_INCLUDE_DIR Random123/philox.h)
if(NOT RANDOM123_INCLUDE_DIR)
  message(FATAL_ERROR
    "Random123/philox.h not found (Debian: librandom123-dev)")
endif()
target_include_directories(lmx_dependencies SYSTEM INTERFACE
  ${RANDOM123_INCLUDE_DIR})

# Ball arithmetic: a part of FLINT 3 (flint/arb.h), before that a library of
# its own on top of FLINT (arb.h; -lflint-arb on Debian, -larb elsewhere).
find_path(ARB_INCLUDE_DIR arb.h PATH_SUFFIXES flint)
find_library(FLINT_LIBRARY flint)
if(NOT ARB_INCLUDE_DIR OR NOT FLINT_LIBRARY)
  message(FATAL_ERROR "FLINT with Arb not found "
    "(Debian: libflint-dev, before Debian 13 also libflint-arb-dev)")
endif()
target_include_directories(lmx_dependencies SYSTEM INTERFACE
  ${ARB_INCLUDE_DIR})
if(NOT ARB_INCLUDE_DIR MATCHES "/flint$")
  find_library(ARB_LIBRARY NAMES flint-arb arb)
  if(NOT ARB_LIBRARY)
    message(FATAL_ERROR "arb.h has no library beside it: flint-arb or arb")
  endif()
  target_link_libraries(lmx_dependencies INTERFACE ${ARB_LIBRARY})
endif()
target_link_libraries(lmx_dependencies INTERFACE ${FLINT_LIBRARY})

# Results do not depend on the number of threads.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
target_link_libraries(lmx_dependencies INTERFACE Threads::Threads)
