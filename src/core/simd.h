/* Compiling hot loops several times, for several vector instruction sets.
 * LMX_KERNEL in front of a function definition makes the loader choose the
 * best of its versions for the processor at hand, so that one binary runs
 * everywhere and uses AVX2 or AVX-512 where they exist.  Helpers called from
 * such a function must be LMX_INLINE: only inlined code is compiled for the
 * wider instructions. */
#ifndef LMX_CORE_SIMD_H
#define LMX_CORE_SIMD_H

/* Loader-chosen versions need ifunc: GCC >= 12 (for the arch=x86-64-vN
 * names) on x86-64 Linux with glibc.  The sanitizers' start-up code does not
 * get on with ifunc: LMX_NO_TARGET_CLONES switches it off. */
#include <stddef.h> /* defines __GLIBC__ through features.h */
#include <stdlib.h>

#if !defined(LMX_NO_TARGET_CLONES) && defined(__x86_64__) &&                  \
    defined(__gnu_linux__) && defined(__GLIBC__) && !defined(__clang__) &&     \
    defined(__GNUC__) && __GNUC__ >= 12
#define LMX_KERNEL                                                             \
  __attribute__((                                                              \
      target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define LMX_KERNEL
#endif

#define LMX_INLINE static inline __attribute__((always_inline))

#endif
