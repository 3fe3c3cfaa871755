/* p(0) degree by degree, and p(t) by an integral of resolvents over a
 * hyperbola: with p_j = e^{-2djt} g_j,
 *   g' = A g,  (A g)_j = Delta_S g_j + (d+1) j g_j - (x.Dx) g_{j-2},
 *   e^{tA} = (1/(2 pi i)) int e^{zt} (z - A)^{-1} dz,
 * and in harmonics (z - A)^{-1} is a substitution (math.md section 2.1). */
#include "exact/series_flow.h"

#include <acb.h>

/* Adds factor (op in) to entry n of harmonic k of out. */
static void gather_entry(const lmx_operator *op, const lmx_harmonics *basis,
                         int k, int n, arb_srcptr in, arb_t sum, long bits)
{
  for (int i = op->start[k]; i < op->start[k + 1]; ++i) {
    int power = n - op->shift[i];
    if (power >= 0)
      arb_addmul(sum, &op->c[i], &in[basis->offset[op->source[i]] + power],
                 bits);
  }
}

/* The part of degree j of op in. */
static void gather_degree(const lmx_operator *op, const lmx_harmonics *basis,
                          int j, arb_srcptr in, arb_ptr out, long bits)
{
  for (int k = 0; k < basis->n && basis->l[k] <= j; ++k)
    if ((j - basis->l[k]) % 2 == 0) {
      int n = (j - basis->l[k]) / 2;
      gather_entry(op, basis, k, n, in, &out[basis->offset[k] + n], bits);
    }
}

/* The exponential of one component into `part`, degree by degree:
 * j p_j = (x.Ax) p_{j-2} - (m.x) p_{j-1}. */
static void component(const lmx_harmonics *basis, lmx_operator *const *X,
                      const lmx_operator *quadratic,
                      const lmx_series_part *data, int degree, long bits,
                      arb_ptr part)
{
  arb_t sum, term;
  arb_init(sum);
  arb_init(term);
  _arb_vec_zero(part, (slong)basis->size);
  arb_set(&part[0], data->weight);
  for (int j = 1; j <= degree; ++j)
    for (int k = 0; k < basis->n && basis->l[k] <= j; ++k) {
      if ((j - basis->l[k]) % 2 != 0)
        continue;
      int n = (j - basis->l[k]) / 2;
      arb_zero(sum);
      gather_entry(quadratic, basis, k, n, part, sum, bits);
      for (int a = 0; a < lmx_harmonics_axes(basis); ++a) {
        if (arb_is_zero(&data->mean[a]))
          continue;
        arb_zero(term);
        gather_entry(X[a], basis, k, n, part, term, bits);
        arb_submul(sum, term, &data->mean[a], bits);
      }
      arb_div_si(&part[basis->offset[k] + n], sum, j, bits);
    }
  arb_clear(sum);
  arb_clear(term);
}

static lmx_status start(lmx_context *context, const lmx_series_data *data,
                        lmx_series_state *state)
{
  const lmx_harmonics *basis = state->basis;
  lmx_status status = LMX_OK;
  arb_ptr part = _arb_vec_init((slong)basis->size);
  for (size_t i = 0; i < data->n && status == LMX_OK; ++i) {
    lmx_operator *quadratic = NULL;
    status =
        lmx_operator_quadratic(context, basis, state->X, data->parts[i].A,
                               data->parts[i].radial, state->bits, &quadratic);
    if (status != LMX_OK)
      break;
    component(basis, state->X, quadratic, &data->parts[i], state->degree,
              state->bits, part);
    _arb_vec_add(state->p[0], state->p[0], part, (slong)basis->size,
                 state->bits);
    lmx_operator_destroy(&quadratic);
  }
  _arb_vec_clear(part, (slong)basis->size);
  return status;
}

/* Marks the harmonics that carry anything. */
static void find_active(const lmx_harmonics *basis, arb_srcptr p, bool *active)
{
  for (int k = 0; k < basis->n; ++k)
    active[k] =
        !_arb_vec_is_zero(&p[basis->offset[k]], lmx_harmonics_powers(basis, k));
}

/* D does not change the parity in any coordinate: a harmonic can receive
 * something only if one of its parities and a degree not above it carries
 * something at t = 0. Marks them by spreading along the operator. */
static void spread(const lmx_operator *op, bool *active)
{
  for (bool changed = true; changed;) {
    changed = false;
    for (int k = 0; k < op->rows; ++k)
      for (int i = op->start[k]; !active[k] && i < op->start[k + 1]; ++i)
        if (active[op->source[i]])
          changed = active[k] = true;
  }
}

typedef struct contour {
  const lmx_series_data *data;
  const lmx_plan *plan;
  const lmx_harmonics *basis;
  const lmx_operator *source; /* x.Dx */
  const bool *active;
  arb_srcptr p0;
  arb_ptr sum;
  acb_ptr w;       /* [size] the resolvent */
  acb_ptr inverse; /* [degree + 1] 1/(z - eigenvalue) of one degree, by l */
  arb_t t, mu, h, beta;
  long bits;
} contour;

/* z and h e^{zt} z'/pi at theta = k h. */
static void node(const contour *at, int k, acb_t z, acb_t factor)
{
  acb_t u, s, c;
  arb_t alpha;
  acb_init(u);
  acb_init(s);
  acb_init(c);
  arb_init(alpha);
  arb_mul_si(acb_imagref(u), at->h, k, at->bits);
  arb_set_d(alpha, at->plan->alpha);
  arb_neg(acb_realref(u), alpha);
  acb_sin_cos(s, c, u, at->bits);
  acb_add_ui(s, s, 1, at->bits);
  acb_mul_arb(z, s, at->mu, at->bits);
  acb_add_arb(z, z, at->beta, at->bits);
  acb_mul_arb(factor, z, at->t, at->bits);
  acb_exp(factor, factor, at->bits);
  acb_mul_onei(c, c);
  acb_mul_arb(c, c, at->mu, at->bits);
  acb_mul(factor, factor, c, at->bits);
  acb_mul_arb(factor, factor, at->h, at->bits);
  arb_const_pi(alpha, at->bits);
  acb_div_arb(factor, factor, alpha, at->bits);
  if (k == 0)
    acb_mul_2exp_si(factor, factor, -1);
  acb_clear(u);
  acb_clear(s);
  acb_clear(c);
  arb_clear(alpha);
}

/* 1 / (z - (d+1) j + l (l+d-2)). */
static void invert_degree(const contour *at, const acb_t z, int j)
{
  int d = at->data->d;
  for (int l = j % 2; l <= j; l += 2) {
    acb_ptr u = &at->inverse[l];
    acb_add_si(u, z, (long)l * (l + d - 2) - (d + 1L) * j, at->bits);
    acb_inv(u, u, at->bits);
  }
}

/* Degree j of (z - A)^{-1} p0, the lower ones known. */
static void substitute(const contour *at, int j, acb_t sum)
{
  const lmx_harmonics *basis = at->basis;
  const lmx_operator *op = at->source;
  for (int k = 0; k < basis->n && basis->l[k] <= j; ++k) {
    if (!at->active[k] || (j - basis->l[k]) % 2 != 0)
      continue;
    int n = (j - basis->l[k]) / 2;
    size_t here = basis->offset[k] + (size_t)n;
    acb_zero(sum);
    for (int i = op->start[k]; i < op->start[k + 1]; ++i) {
      int power = n - op->shift[i], from = op->source[i];
      if (power >= 0 && at->active[from])
        acb_addmul_arb(sum, &at->w[basis->offset[from] + power], &op->c[i],
                       at->bits);
    }
    acb_neg(sum, sum);
    acb_add_arb(sum, sum, &at->p0[here], at->bits);
    acb_mul(&at->w[here], sum, &at->inverse[basis->l[k]], at->bits);
  }
}

static void add_node(const contour *at, int number)
{
  acb_t z, factor, sum;
  acb_init(z);
  acb_init(factor);
  acb_init(sum);
  node(at, number, z, factor);
  for (int j = 0; j <= at->plan->degree; ++j) {
    invert_degree(at, z, j);
    substitute(at, j, sum);
  }
  for (int k = 0; k < at->basis->n; ++k)
    for (size_t i = at->basis->offset[k];
         at->active[k] && i < at->basis->offset[k + 1]; ++i) {
      arb_addmul(&at->sum[i], acb_realref(factor), acb_imagref(&at->w[i]),
                 at->bits);
      arb_addmul(&at->sum[i], acb_imagref(factor), acb_realref(&at->w[i]),
                 at->bits);
    }
  acb_clear(z);
  acb_clear(factor);
  acb_clear(sum);
}

/* From g to p: e^{-2djt}. */
static void rescale(const contour *at)
{
  arb_t e, power;
  arb_init(e);
  arb_init(power);
  arb_mul_si(e, at->t, -4L * at->data->d, at->bits);
  arb_exp(e, e, at->bits);
  for (int k = 0; k < at->basis->n; ++k) {
    if (!at->active[k])
      continue;
    arb_mul_si(power, at->t, -2L * at->data->d * at->basis->l[k], at->bits);
    arb_exp(power, power, at->bits);
    for (size_t i = at->basis->offset[k]; i < at->basis->offset[k + 1]; ++i) {
      arb_mul(&at->sum[i], &at->sum[i], power, at->bits);
      arb_mul(power, power, e, at->bits);
    }
  }
  arb_clear(e);
  arb_clear(power);
}

static void integrate(contour *at)
{
  size_t size = at->basis->size;
  arb_init(at->t);
  arb_init(at->mu);
  arb_init(at->h);
  arb_init(at->beta);
  at->w = _acb_vec_init((slong)size);
  at->inverse = _acb_vec_init(at->plan->degree + 1);
  arb_set_d(at->t, at->plan->t);
  arb_set_d(at->mu, at->plan->x);
  arb_div(at->mu, at->mu, at->t, at->bits);
  arb_set_d(at->h, at->plan->step);
  arb_set_si(at->beta, (at->data->d + 1L) * at->plan->degree);
  for (int k = 0; k <= at->plan->nodes; ++k)
    add_node(at, k);
  rescale(at);
  _acb_vec_clear(at->w, (slong)size);
  _acb_vec_clear(at->inverse, at->plan->degree + 1);
  arb_clear(at->t);
  arb_clear(at->mu);
  arb_clear(at->h);
  arb_clear(at->beta);
}

/* Replaces p(0) by p(t). */
static lmx_status advance(lmx_context *context, const lmx_series_data *data,
                          const lmx_plan *plan, lmx_series_state *state)
{
  lmx_operator *source;
  LMX_TRY(lmx_operator_quadratic(context, state->basis, state->X, data->D,
                                 data->D_radial, state->bits, &source));
  slong size = (slong)state->basis->size;
  spread(source, state->active[0]);
  contour at = {.data = data,
                .plan = plan,
                .basis = state->basis,
                .source = source,
                .active = state->active[0],
                .p0 = state->p[0],
                .sum = _arb_vec_init(size),
                .bits = state->bits};
  integrate(&at);
  _arb_vec_swap(state->p[0], at.sum, size);
  _arb_vec_clear(at.sum, size);
  lmx_operator_destroy(&source);
  return LMX_OK;
}

lmx_status lmx_series_state_create(lmx_context *context,
                                   const lmx_series_data *data,
                                   const lmx_plan *plan, lmx_series_state **out)
{
  lmx_status status;
  lmx_series_state *state;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &state));
  arb_init(state->sigma);
  state->degree = plan->degree;
  state->bits = plan->bits;
  LMX_TRY_GOTO(lmx_harmonics_create(context, data->kind, data->d,
                                    plan->degree + 3, &state->basis),
               fail);
  state->sums = data->kind == LMX_SPACE ? 10 : 6;
  for (int i = 0; i < state->sums; ++i) {
    state->p[i] = _arb_vec_init((slong)state->basis->size);
    LMX_TRY_GOTO(
        LMX_NEW_ARRAY(context, (size_t)state->basis->n, &state->active[i]),
        fail);
  }
  for (int a = 0; a < lmx_harmonics_axes(state->basis); ++a)
    LMX_TRY_GOTO(lmx_operator_coordinate(context, state->basis, a, plan->bits,
                                         &state->X[a]),
                 fail);
  LMX_TRY_GOTO(start(context, data, state), fail);
  find_active(state->basis, state->p[0], state->active[0]);
  if (plan->nodes >= 0)
    LMX_TRY_GOTO(advance(context, data, plan, state), fail);
  arb_set_d(state->sigma, plan->t);
  lmx_majorant_sigma(&data->bound, state->sigma, state->sigma, plan->bits);
  state->bits = plan->sum_bits;
  _arb_vec_set_round(state->p[0], state->p[0], (slong)state->basis->size,
                     state->bits);
  *out = state;
  return LMX_OK;
fail:
  lmx_series_state_destroy(&state);
  return status;
}

void lmx_series_state_destroy(lmx_series_state **state)
{
  if (state == NULL || *state == NULL)
    return;
  for (int i = 0; i < LMX_SERIES_SUMS; ++i) {
    if ((*state)->p[i] != NULL)
      _arb_vec_clear((*state)->p[i], (slong)(*state)->basis->size);
    lmx_free((*state)->active[i]);
  }
  for (int a = 0; a < 3; ++a)
    lmx_operator_destroy(&(*state)->X[a]);
  lmx_harmonics_destroy(&(*state)->basis);
  arb_clear((*state)->sigma);
  lmx_free(*state);
  *state = NULL;
}

/* out = x_a in, of degree one higher. */
static void times_coordinate(lmx_series_state *state, int a, int in, int out)
{
  for (int j = 1; j <= state->basis->degree; ++j)
    gather_degree(state->X[a], state->basis, j, state->p[in], state->p[out],
                  state->bits);
  find_active(state->basis, state->p[out], state->active[out]);
}

/* out = |x|^2 in. */
static void times_square(lmx_series_state *state, int in, int out)
{
  const lmx_harmonics *basis = state->basis;
  for (int k = 0; k < basis->n; ++k)
    for (size_t i = basis->offset[k] + 1; i < basis->offset[k + 1]; ++i)
      arb_set(&state->p[out][i], &state->p[in][i - 1]);
  find_active(basis, state->p[out], state->active[out]);
}

/* out = Z in. */
static void euler(lmx_series_state *state, int d, int in, int out)
{
  const lmx_harmonics *basis = state->basis;
  for (int k = 0; k < basis->n; ++k)
    for (int n = 0; n < lmx_harmonics_powers(basis, k); ++n) {
      size_t i = basis->offset[k] + (size_t)n;
      arb_mul_si(&state->p[out][i], &state->p[in][i], d + basis->l[k] + 2L * n,
                 state->bits);
      if (n > 0)
        arb_addmul(&state->p[out][i], state->sigma, &state->p[in][i - 1],
                   state->bits);
    }
  find_active(basis, state->p[out], state->active[out]);
}

void lmx_series_derivatives(const lmx_series_data *data,
                            lmx_series_state *state)
{
  int d = data->d, at = 1 + d;
  if (data->kind == LMX_ZONAL) {
    times_coordinate(state, 0, 0, 1);
    times_coordinate(state, 0, 1, 2);
    times_square(state, 0, 3);
    euler(state, d, 0, 4);
    euler(state, d, 1, 5);
    return;
  }
  for (int a = 0; a < d; ++a)
    times_coordinate(state, a, 0, 1 + a);
  for (int a = 0; a < d; ++a)
    for (int b = a; b < d; ++b)
      times_coordinate(state, b, 1 + a, at++);
}

/* (-2/sigma)^n n! L_n^{(l + d/2 - 1)}(s), s = |v|^2/(2 sigma), into
 * value [count], inverse = 1/sigma:
 *   next = -(2/sigma) (2n + l + d/2 - s) now - (4/sigma^2) n (n + l + d/2 - 1)
 *          last. */
static void laguerre(int count, int l, int d, const arb_t s,
                     const arb_t inverse, arb_ptr value, long bits)
{
  arb_t u, square;
  arb_init(u);
  arb_init(square);
  arb_mul(square, inverse, inverse, bits);
  arb_one(&value[0]);
  for (int n = 0; n + 1 < count; ++n) {
    arb_mul_2exp_si(u, s, 1);
    arb_sub_si(u, u, 4L * n + 2L * l + d, bits);
    arb_mul(u, u, inverse, bits);
    arb_mul(&value[n + 1], u, &value[n], bits);
    if (n > 0) {
      arb_mul_si(u, square, -2L * n * (2L * n + 2L * l + d - 2L), bits);
      arb_addmul(&value[n + 1], u, &value[n - 1], bits);
    }
  }
  arb_clear(u);
  arb_clear(square);
}

size_t lmx_series_work_size(const lmx_series_state *state)
{
  return (size_t)state->basis->n + (size_t)state->basis->degree / 2 + 1;
}

void lmx_series_sums(const lmx_series_state *state, arb_srcptr v,
                     const arb_t v2, arb_ptr work, arb_ptr sums)
{
  const lmx_harmonics *basis = state->basis;
  arb_ptr Y = work, L = work + basis->n;
  arb_t s, inverse, power, u;
  arb_init(s);
  arb_init(inverse);
  arb_init(power);
  arb_init(u);
  arb_inv(inverse, state->sigma, state->bits);
  arb_mul(s, v2, inverse, state->bits);
  arb_mul_2exp_si(s, s, -1);
  lmx_harmonics_values(basis, v, v2, Y, state->bits);
  _arb_vec_zero(sums, state->sums);
  arb_one(power); /* (-1/sigma)^l */
  for (int k = 0, last = -1; k < basis->n; ++k) {
    int count = lmx_harmonics_powers(basis, k), l = basis->l[k];
    if (l != last) {
      laguerre(count, l, basis->d, s, inverse, L, state->bits);
      if (l > 0) {
        arb_mul(power, power, inverse, state->bits);
        arb_neg(power, power);
      }
      last = l;
    }
    arb_mul(&Y[k], &Y[k], power, state->bits);
    for (int i = 0; i < state->sums; ++i) {
      if (!state->active[i][k])
        continue;
      arb_dot(u, NULL, 0, &state->p[i][basis->offset[k]], 1, L, 1, count,
              state->bits);
      arb_addmul(&sums[i], u, &Y[k], state->bits);
    }
  }
  arb_clear(s);
  arb_clear(inverse);
  arb_clear(power);
  arb_clear(u);
}
