/* Diagonal or lapped Fourier, chosen by the stiffness of the system. */
#include "solve/preconditioner.h"

#include <math.h>
#include <string.h>

#include "solve/lapped.h"

/* AUTO switches to the lapped one where the largest entry of gamma diag(J)
 * exceeds this; on three axes, where edges take most of its time, only on grids
 * finer than that: measured by tests/bench/bench_preconditioner.c. */
static const double stiff = 12.0;
static const double fine_in_3d = 0.15;

struct lmx_preconditioner {
  lmx_preconditioner_kind kind;
  const lmx_model *model;
  const lmx_grid *grid;
  const lmx_formulation_class *formulation;
  lmx_lapped *lapped; /* NULL when never used */
  const lmx_unknowns *unknowns;
  double *inverse;  /* inverse diagonal, of the unknowns */
  double *field[2]; /* r and z on the whole grid, where it is a ball */
  bool use_lapped;
};

static const char *const names[] = {
#define NAME(symbol, name) [symbol] = name,
    LMX_PRECONDITIONER_LIST(NAME)
#undef NAME
};

const char *lmx_preconditioner_name(lmx_preconditioner_kind kind)
{
  return names[kind];
}

static double coarsest(const lmx_grid *grid)
{
  double h = 0.0;
  for (int a = 0; a < grid->naxes; ++a)
    h = fmax(h, grid->axis[a].h);
  return h;
}

lmx_status lmx_preconditioner_create(
    lmx_context *context, lmx_preconditioner_kind kind, const lmx_model *model,
    const lmx_grid *grid, const lmx_unknowns *unknowns,
    const lmx_formulation_class *formulation, lmx_preconditioner **out)
{
  lmx_preconditioner *p;
  lmx_status status;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &p));
  *p = (lmx_preconditioner){.kind = kind,
                            .model = model,
                            .grid = grid,
                            .unknowns = unknowns,
                            .formulation = formulation};
  if (kind == LMX_PRECONDITIONER_DIAGONAL || kind == LMX_PRECONDITIONER_AUTO)
    LMX_TRY_GOTO(LMX_NEW_ARRAY(context, unknowns->size, &p->inverse), fail);
  if (kind == LMX_PRECONDITIONER_LAPPED ||
      (kind == LMX_PRECONDITIONER_AUTO && !formulation->spectral &&
       (grid->naxes < 3 || coarsest(grid) < fine_in_3d)))
    LMX_TRY_GOTO(lmx_lapped_create(context, model, grid, &p->lapped), fail);
  if (p->lapped != NULL && unknowns->size < grid->size)
    for (int i = 0; i < 2; ++i)
      LMX_TRY_GOTO(LMX_NEW_ARRAY(context, grid->size, &p->field[i]), fail);
  *out = p;
  return LMX_OK;
fail:
  lmx_preconditioner_destroy(&p);
  return status;
}

void lmx_preconditioner_destroy(lmx_preconditioner **p)
{
  if (p == NULL || *p == NULL)
    return;
  lmx_lapped_destroy(&(*p)->lapped);
  lmx_free((*p)->inverse);
  lmx_free((*p)->field[0]);
  lmx_free((*p)->field[1]);
  lmx_free(*p);
  *p = NULL;
}

bool lmx_preconditioner_may_be_lapped(const lmx_preconditioner *p)
{
  return p->lapped != NULL;
}

/* inverse = 1 / (1 - gamma J_ii); returns the largest |gamma J_ii|. */
static double set_diagonal(lmx_preconditioner *p, double t, double gamma)
{
  const lmx_grid *grid = p->grid;
  int n = grid->naxes;
  double centre[LMX_MAX_ORDER / 2 + 1], w[LMX_MAX_AXES], c[LMX_MAX_AXES];
  double v[LMX_MAX_DIMENSION], worst = 0.0;
  lmx_stencil_second(grid->order, centre);
  for (int a = 0; a < n; ++a) {
    w[a] = -centre[0] / (grid->axis[a].h * grid->axis[a].h);
    c[a] = lmx_model_c(p->model, a, t);
  }
  for (size_t i = 0; i < p->unknowns->size; ++i) {
    double r2 = 0.0, sum = 0.0;
    lmx_grid_point(grid, p->unknowns->node[i], v);
    for (int a = 0; a < n; ++a)
      r2 += v[a] * v[a];
    for (int a = 0; a < n; ++a)
      sum += w[a] * (c[a] + r2 - v[a] * v[a]);
    worst = fmax(worst, gamma * sum);
    if (p->inverse != NULL)
      p->inverse[i] = 1.0 / (1.0 + gamma * sum);
  }
  return worst;
}

void lmx_preconditioner_setup(lmx_preconditioner *p, double t, double gamma,
                              const double *const *drift)
{
  if (p->kind == LMX_PRECONDITIONER_NONE)
    return;
  p->use_lapped = p->kind == LMX_PRECONDITIONER_LAPPED;
  if (!p->use_lapped) {
    double stiffness = set_diagonal(p, t, gamma);
    p->use_lapped = p->lapped != NULL && stiffness > stiff;
  }
  static const double *const none[LMX_MAX_AXES] = {NULL, NULL, NULL};
  if (p->use_lapped)
    lmx_lapped_setup(p->lapped, t, gamma, drift != NULL ? drift : none,
                     p->formulation->reaction(p->model));
}

/* The lapped inverse works on a whole grid: r is 0 beyond the ball. */
static void apply_lapped(lmx_preconditioner *p, const double *r, double *z)
{
  if (p->field[0] == NULL) {
    lmx_lapped_apply(p->lapped, r, z);
    return;
  }
  lmx_unknowns_scatter(p->unknowns, r, p->field[0]);
  lmx_lapped_apply(p->lapped, p->field[0], p->field[1]);
  lmx_unknowns_gather(p->unknowns, p->field[1], z);
}

void lmx_preconditioner_apply(lmx_preconditioner *p, const double *restrict r,
                              double *restrict z)
{
  size_t n = p->unknowns->size;
  if (p->kind == LMX_PRECONDITIONER_NONE)
    memcpy(z, r, n * sizeof *z);
  else if (p->use_lapped)
    apply_lapped(p, r, z);
  else
    for (size_t i = 0; i < n; ++i)
      z[i] = p->inverse[i] * r[i];
}
