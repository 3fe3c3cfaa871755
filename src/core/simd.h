/* LMX_KERNEL marks a function whose inner loops are compiled for several
 * x86-64 levels (AVX-512, AVX2 + FMA, baseline); the loader picks one. Off
 * where the compiler or a sanitizer cannot do it. */
#ifndef LMX_CORE_SIMD_H
#define LMX_CORE_SIMD_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&         \
    __GNUC__ >= 12 && !defined(LMX_NO_TARGET_CLONES)
#define LMX_CLONES
#define LMX_KERNEL                                                             \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define LMX_KERNEL
#endif

/* Helpers of kernels: inlined into each clone, so compiled for its level. */
#define LMX_INLINE static inline __attribute__((always_inline))

/* Whether eight doubles fit into one register of the clone that runs. Elsewhere
 * compilers pass vectors of eight through memory, at three times the cost. */
LMX_INLINE int lmx_wide_registers(void)
{
#ifdef LMX_CLONES
  return __builtin_cpu_supports("x86-64-v4");
#else
  return 0;
#endif
}

/* Four doubles side by side, for sums that compilers do not vectorise. */
typedef double lmx_four __attribute__((vector_size(32)));

#endif
