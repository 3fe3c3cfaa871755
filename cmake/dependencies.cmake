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

# Threads are a convenience: results do not depend on them.
if(LMX_OPENMP)
  find_package(OpenMP COMPONENTS C)
  if(OpenMP_C_FOUND)
    target_link_libraries(lmx_dependencies INTERFACE OpenMP::OpenMP_C)
  else()
    message(STATUS "No OpenMP: particle simulations use one thread")
  endif()
endif()
