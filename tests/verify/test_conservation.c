/* Mass, momentum, energy and the directional temperatures (3.4) of computed
 * solutions at the settings a user gets, by a quadrature of this file's own:
 * the midpoint rule over the nodes, which is spectrally accurate for smooth
 * densities that vanish before the edge. */
#include "context.h"

#include "case_run.h"

/* Moments of M exp(u) in d = 2; a mirrored axis counts twice. */
typedef struct moments {
  double mass, momentum[2], second[2], cross;
} moments;

static moments moments_of(const lmx_grid *grid, const double *u)
{
  moments m = {0.0, {0.0, 0.0}, {0.0, 0.0}, 0.0};
  double cell = 1.0;
  for (int a = 0; a < 2; ++a)
    cell *=
        grid->axis[a].h * (grid->axis[a].kind == LMX_AXIS_MIRRORED ? 2.0 : 1.0);
  for (size_t i = 0; i < grid->size; ++i) {
    double v[2], f;
    lmx_grid_point(grid, i, v);
    f = cell * exp(u[i] - 0.5 * (v[0] * v[0] + v[1] * v[1])) / (2.0 * M_PI);
    m.mass += f;
    m.cross += f * v[0] * v[1];
    for (int a = 0; a < 2; ++a) {
      m.momentum[a] += f * v[a];
      m.second[a] += f * v[a] * v[a];
    }
  }
  return m;
}

static const double bound = 1e-8;

static void main_case_conserves(void **state)
{
  static const char *const overrides[] = {"solver.preconditioner=diagonal"};
  case_run run;
  ASSERT_OK(*state,
            case_run_solve(*state,
                           LMX_SOURCE_DIR "/cases/anisotropic_gaussian_2d.toml",
                           1, overrides, &run));
  const lmx_solution *s = run.solution;
  assert_true(s->ntimes >= 5);
  double mass = 0.0, energy = 0.0, temperature = 0.0;
  for (size_t k = 0; k < s->ntimes; ++k) {
    moments m = moments_of(s->grid, s->u[k]);
    double decay = exp(-8.0 * s->times[k]);
    mass = fmax(mass, fabs(m.mass - 1.0));
    energy = fmax(energy, fabs(m.second[0] + m.second[1] - 2.0));
    temperature = fmax(temperature, fabs(m.second[0] - 1.0 - 0.3 * decay));
    temperature = fmax(temperature, fabs(m.second[1] - 1.0 + 0.3 * decay));
  }
  print_message("mass %.1e, energy %.1e, temperatures %.1e\n", mass, energy,
                temperature);
  ASSERT_AT_MOST(mass, bound);
  ASSERT_AT_MOST(energy, bound);
  ASSERT_AT_MOST(temperature, bound);
  case_run_clear(&run);
}

/* No symmetry between v1 and -v1: momentum is not zero by construction. */
static void threefold_mixture_conserves(void **state)
{
  static const char *const overrides[] = {
      "time.end=0.2", "time.output=0.05", "grid.axes=[\"full\", \"full\"]",
      "grid.points=96", "solver.preconditioner=diagonal"};
  case_run run;
  ASSERT_OK(*state,
            case_run_solve(*state,
                           LMX_SOURCE_DIR "/cases/threefold_mixture_2d.toml", 5,
                           overrides, &run));
  const lmx_solution *s = run.solution;
  double mass = 0.0, momentum = 0.0, second = 0.0;
  for (size_t k = 0; k < s->ntimes; ++k) {
    moments m = moments_of(s->grid, s->u[k]);
    mass = fmax(mass, fabs(m.mass - 1.0));
    momentum = fmax(momentum, hypot(m.momentum[0], m.momentum[1]));
    second = fmax(second, fabs(m.second[0] - 1.0));
    second = fmax(second, fabs(m.second[1] - 1.0));
    second = fmax(second, fabs(m.cross));
  }
  print_message("mass %.1e, momentum %.1e, second moments %.1e\n", mass,
                momentum, second);
  ASSERT_AT_MOST(mass, bound);
  ASSERT_AT_MOST(momentum, bound);
  ASSERT_AT_MOST(second, bound);
  case_run_clear(&run);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(main_case_conserves),
      cmocka_unit_test(threefold_mixture_conserves),
  };
  return RUN_WITH_CONTEXT(tests);
}
