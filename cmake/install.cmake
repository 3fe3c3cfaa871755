# cmake --install: library, headers, program, CMake package, pkg-config file,
# man page, cases and plots.  Everything finds its parts relative to itself, so
# an installed tree may be moved.
include(CMakePackageConfigHelpers)

set(LMX_DATA_DIR ${CMAKE_INSTALL_DATADIR}/landaumax)
set(LMX_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/landaumax)
set(LMX_PKGCONFIG_DIR ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(TARGETS landaumax EXPORT landaumaxTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/landaumax DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h")
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
foreach(folder cases plots)
  if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/${folder})
    install(DIRECTORY ${folder} DESTINATION ${LMX_DATA_DIR})
  endif()
endforeach()

install(EXPORT landaumaxTargets NAMESPACE landaumax::
  DESTINATION ${LMX_CMAKE_DIR})
configure_package_config_file(cmake/landaumaxConfig.cmake.in
  ${PROJECT_BINARY_DIR}/landaumaxConfig.cmake
  INSTALL_DESTINATION ${LMX_CMAKE_DIR})
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/landaumaxConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/landaumaxConfig.cmake
  ${PROJECT_BINARY_DIR}/landaumaxConfigVersion.cmake
  DESTINATION ${LMX_CMAKE_DIR})

file(RELATIVE_PATH LMX_PREFIX_FROM_PC
  /prefix/${LMX_PKGCONFIG_DIR} /prefix)
configure_file(cmake/landaumax.pc.in
  ${PROJECT_BINARY_DIR}/landaumax.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/landaumax.pc
  DESTINATION ${LMX_PKGCONFIG_DIR})

if(TARGET landaumax_cli)
  file(RELATIVE_PATH LMX_LIB_FROM_BIN
    /prefix/${CMAKE_INSTALL_BINDIR} /prefix/${CMAKE_INSTALL_LIBDIR})
  set_target_properties(landaumax_cli PROPERTIES
    INSTALL_RPATH "$ORIGIN/${LMX_LIB_FROM_BIN}")
  install(TARGETS landaumax_cli
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

  # The program itself writes the man page's section on case files. It belongs
  # to the program, so that whatever was built can be installed.
  set(LMX_MAN_PAGE ${PROJECT_BINARY_DIR}/landaumax.1)
  add_custom_command(TARGET landaumax_cli POST_BUILD
    COMMAND ${CMAKE_COMMAND}
      -DPROGRAM=$<TARGET_FILE:landaumax_cli>
      -DTEMPLATE=${PROJECT_SOURCE_DIR}/docs/landaumax.1.in
      -DVERSION=${PROJECT_VERSION} -DOUTPUT=${LMX_MAN_PAGE}
      -P ${PROJECT_SOURCE_DIR}/cmake/man_page.cmake
    BYPRODUCTS ${LMX_MAN_PAGE}
    COMMENT "Writing the man page" VERBATIM)
  set_property(TARGET landaumax_cli APPEND PROPERTY LINK_DEPENDS
    ${PROJECT_SOURCE_DIR}/docs/landaumax.1.in
    ${PROJECT_SOURCE_DIR}/cmake/man_page.cmake)
  install(FILES ${LMX_MAN_PAGE} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()
