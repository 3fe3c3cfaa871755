# Warnings, sanitizers, coverage: one interface target for every program.
add_library(lmx_warnings INTERFACE)
target_compile_options(lmx_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wpointer-arith -Wvla -Wwrite-strings -Wcast-align
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>
  $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>)
# Finite arithmetic is checked where it matters (isfinite stays usable);
# errno and trapping semantics only keep loops from being vectorised.
target_compile_options(lmx_warnings INTERFACE
  -fno-math-errno -fno-trapping-math -fopenmp-simd)
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
