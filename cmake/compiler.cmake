# Warnings, sanitizers, coverage: one interface target for every program.
include(CheckCSourceCompiles)
include(CheckCXXSourceCompiles)
add_library(lmx_warnings INTERFACE)
target_compile_options(lmx_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wpointer-arith -Wvla -Wwrite-strings -Wcast-align
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>
  $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>)
# Finite arithmetic is checked where it matters (isfinite stays usable);
# errno and trapping semantics only keep loops from being vectorised.
target_compile_options(lmx_warnings INTERFACE
  -fno-math-errno -fno-trapping-math -fopenmp-simd)
# NaN and infinities are results here: with -ffast-math every test for them is
# left out by the compiler.
string(TOUPPER "${CMAKE_BUILD_TYPE}" LMX_CONFIG)
foreach(language C CXX)
  set(CMAKE_REQUIRED_FLAGS "${CMAKE_${language}_FLAGS_${LMX_CONFIG}}")
  unset(LMX_WHOLE_ARITHMETIC_${language} CACHE)
  set(source "#if defined __FAST_MATH__ || __FINITE_MATH_ONLY__ + 0
    #error
    #endif
    int main(void) { return 0; }")
  if(language STREQUAL C)
    check_c_source_compiles("${source}" LMX_WHOLE_ARITHMETIC_C)
  else()
    check_cxx_source_compiles("${source}" LMX_WHOLE_ARITHMETIC_CXX)
  endif()
  if(NOT LMX_WHOLE_ARITHMETIC_${language})
    message(FATAL_ERROR "-ffast-math or -ffinite-math-only is among the "
      "${language} flags: landaumax needs NaN and infinity; leave it out")
  endif()
endforeach()
unset(CMAKE_REQUIRED_FLAGS)
if(LMX_WARNINGS_AS_ERRORS)
  target_compile_options(lmx_warnings INTERFACE -Werror)
endif()
if(LMX_SANITIZE)
  target_compile_options(lmx_warnings INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=undefined
    -fno-omit-frame-pointer)
  target_link_options(lmx_warnings INTERFACE -fsanitize=address,undefined)
  target_compile_definitions(lmx_warnings INTERFACE LMX_NO_TARGET_CLONES)
endif()
if(LMX_COVERAGE)
  target_compile_options(lmx_warnings INTERFACE --coverage)
  target_link_options(lmx_warnings INTERFACE --coverage)
endif()
