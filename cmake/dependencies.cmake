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
