/* The rate d_t log f that the run's own right-hand side gives for a state:
 * in log form d_t u, in density form (d_t f) / f with Fourier derivatives. It
 * shares nothing with the jets but the state. */
#include "check/internal.h"

#include <math.h>
#include <string.h>

#include "solve/formulation.h"

struct lmx_check_rate {
  const lmx_formulation_class *class;
  void *form;
  const lmx_unknowns *unknowns;
  bool density;
  size_t size;      /* of the grid */
  double *y, *ydot; /* the unknown of the formulation and its derivative */
  double *early, *moved, *velocity; /* to work with */
};

void lmx_check_rate_destroy(lmx_check_rate **rate)
{
  if (*rate == NULL)
    return;
  (*rate)->class->destroy(&(*rate)->form);
  lmx_free((*rate)->y);
  lmx_free((*rate)->ydot);
  lmx_free((*rate)->early);
  lmx_free((*rate)->moved);
  lmx_free((*rate)->velocity);
  lmx_free(*rate);
  *rate = NULL;
}

lmx_status lmx_check_rate_create(lmx_context *context,
                                 const lmx_check_input *input,
                                 lmx_check_rate **out)
{
  lmx_check_rate *r;
  lmx_status status;
  size_t n;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &r));
  r->size = input->grid->size;
  r->density = input->formulation == LMX_FORMULATION_DENSITY;
  r->class = r->density ? &lmx_density_formulation : &lmx_log_formulation;
  LMX_TRY_GOTO(r->class->create(context, input->model, input->grid, &r->form),
               fail);
  r->unknowns = r->class->unknowns(r->form);
  n = r->unknowns->size;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n, &r->y), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n, &r->ydot), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n, &r->early), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n, &r->moved), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n, &r->velocity), fail);
  *out = r;
  return LMX_OK;
fail:
  lmx_check_rate_destroy(&r);
  return status;
}

/* In density form f = 0 where log f does not exist. */
static void take_state(lmx_check_rate *r, const double *u)
{
  r->class->from_log(r->form, u, r->y);
  for (size_t i = 0; r->density && i < r->unknowns->size; ++i)
    if (!isfinite(r->y[i]))
      r->y[i] = 0.0;
}

/* field [grid size] from values of the unknowns, 0 beyond the ball. */
static void spread(const lmx_check_rate *r, const double *values, double *field)
{
  memset(field, 0, r->size * sizeof *field);
  lmx_unknowns_scatter(r->unknowns, values, field);
}

void lmx_check_rate_compute(lmx_check_rate *r, double t, const double *u,
                            double *rate)
{
  take_state(r, u);
  r->class->rhs(r->form, t, r->y, r->ydot);
  for (size_t i = 0; r->density && i < r->unknowns->size; ++i)
    r->ydot[i] /= r->y[i];
  spread(r, r->ydot, rate);
}

/* y'' = J y' + (d/dt of the coefficients), the latter by a difference over
 * times at which exp(-4dt) changes little. first = y'. */
static void second_derivative(lmx_check_rate *r, double t, const double *y,
                              double *first, double *second)
{
  static const double step = 1e-5;
  r->class->rhs(r->form, t - step, y, first);
  r->class->rhs(r->form, t + step, y, r->ydot);
  for (size_t i = 0; i < r->unknowns->size; ++i)
    r->ydot[i] = (r->ydot[i] - first[i]) / (2.0 * step);
  r->class->rhs(r->form, t, y, first);
  r->class->linearise(r->form, t, y);
  r->class->product(r->form, first, second);
  for (size_t i = 0; i < r->unknowns->size; ++i)
    second[i] += r->ydot[i];
}

/* The third derivative is a difference of the second along the solution. */
void lmx_check_rate_derivatives(lmx_check_rate *r, double t, const double *u,
                                double *y, double *first, double *second,
                                double *third)
{
  static const double step = 1e-4;
  size_t n = r->unknowns->size;
  take_state(r, u);
  second_derivative(r, t, r->y, first, second);
  for (int side = 0; side < 2; ++side) {
    double e = side == 0 ? -step : step;
    for (size_t i = 0; i < n; ++i)
      r->moved[i] = r->y[i] + e * (first[i] + 0.5 * e * second[i]);
    second_derivative(r, t + e, r->moved, r->velocity,
                      side == 0 ? r->early : third);
  }
  for (size_t i = 0; i < n; ++i)
    third[i] = (third[i] - r->early[i]) / (2.0 * step);
  spread(r, r->y, y);
  double *const derivatives[] = {first, second, third};
  for (int k = 0; k < 3; ++k) {
    memcpy(r->moved, derivatives[k], n * sizeof *r->moved);
    spread(r, r->moved, derivatives[k]);
  }
}
