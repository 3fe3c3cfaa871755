# cmake -DPROGRAM= -DTEMPLATE= -DVERSION= -DOUTPUT= -P man_page.cmake
# Fills the template with what `landaumax help case --man` prints.
execute_process(
  COMMAND ${CMAKE_COMMAND} -E env ASAN_OPTIONS=detect_leaks=0
          ${PROGRAM} help case --man
  OUTPUT_VARIABLE CASE_KEYS RESULT_VARIABLE code)
if(NOT code EQUAL 0 OR CASE_KEYS STREQUAL "")
  message(FATAL_ERROR "\"${PROGRAM} help case --man\" failed: ${code}")
endif()
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)
