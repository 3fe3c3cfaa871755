/** @file landaumax.h
 * The whole public interface. Data flows case -> initial -> model -> grid ->
 * solve -> check -> report; see docs/manual.md. */
#ifndef LANDAUMAX_LANDAUMAX_H
#define LANDAUMAX_LANDAUMAX_H

#include "landaumax/audit.h"
#include "landaumax/case.h"
#include "landaumax/check.h"
#include "landaumax/core.h"
#include "landaumax/exact.h"
#include "landaumax/grid.h"
#include "landaumax/initial.h"
#include "landaumax/io.h"
#include "landaumax/model.h"
#include "landaumax/moment.h"
#include "landaumax/plot.h"
#include "landaumax/reference.h"
#include "landaumax/run.h"
#include "landaumax/solve.h"
#include "landaumax/table.h"

#endif
