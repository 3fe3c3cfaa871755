/** @file run.h
 * The pipeline case -> initial -> model -> grid -> solve -> check -> report,
 * as the subcommands use it.
 */
#ifndef LANDAUMAX_RUN_H
#define LANDAUMAX_RUN_H

#include "landaumax/case.h"
#include "landaumax/check.h"
#include "landaumax/core.h"
#include "landaumax/io.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
}
#endif
#endif
