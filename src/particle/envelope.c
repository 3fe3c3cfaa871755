/* Rejection sampling under a bound that is constant on cells. */
#include "particle/envelope.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_math.h>

enum { AXES = LMX_MAX_AXES, MAX = LMX_MAX_DIMENSION, PASSES = 6 };

/* Mass left out on each side of each axis, as a part of all. */
static const double NEGLIGIBLE = 1e-12;
/* A table ends where it ends; more than this beyond it is refused. */
static const double MOST_OUTSIDE = 1e-6;
/* Densities below exp(-DEEP) times the largest count as this. */
static const double DEEP = 60.0;
/* What second differences say, times a margin. */
static const double MARGIN = 4.0;
static const double GOOD = 0.5, WORST = 0.01; /* acceptance */
/* Cells per axis for 1, 2, 3 axes, first; and most values of log f. */
static const size_t CELLS[AXES] = {1024, 128, 32};
static const size_t MOST_NODES = 2200000;

void lmx_envelope_destroy(lmx_envelope **envelope)
{
  if (envelope == NULL || *envelope == NULL)
    return;
  lmx_free((*envelope)->top);
  if ((*envelope)->pick != NULL)
    gsl_ran_discrete_free((*envelope)->pick);
  lmx_free(*envelope);
  *envelope = NULL;
}

/* The key that a user would have to change. */
static const char *key_of(const lmx_envelope *e)
{
  return lmx_initial_get_kind(e->initial) == LMX_INITIAL_FORMULA
             ? "initial.log_density"
             : "initial.path";
}

/* --- a tensor of points ----------------------------------------------------
 */

/* Cell or node `index` by axes, the last one fastest. */
static void unravel(int naxes, const size_t *n, size_t index, size_t *k)
{
  for (int i = naxes - 1; i >= 0; --i) {
    k[i] = index % n[i];
    index /= n[i];
  }
}

/* log f at a point given on the axes; -inf is a density of 0. */
static lmx_status value_at(lmx_context *context, const lmx_envelope *e,
                           const double *x, double *out)
{
  double v[MAX] = {0.0};
  memcpy(v, x, (size_t)e->naxes * sizeof *v);
  *out = lmx_initial_log_density(e->initial, v);
  if (*out < INFINITY)
    return LMX_OK;
  return lmx_fail(context, LMX_ERR_CASE,
                  "%s: log f is %g at (%.6g, %.6g, %.6g) on its axes, in "
                  "normalised coordinates; particles cannot be drawn",
                  key_of(e), *out, v[0], v[1], e->naxes > 2 ? v[2] : 0.0);
}

static bool is_radial(const lmx_envelope *e, int axis)
{
  return e->kinds[axis] == LMX_AXIS_RADIAL;
}

/* Volume in R^d of a cell, sides on both sides of mirrored axes. */
static double volume(const lmx_envelope *e, const size_t *k)
{
  double product = 1.0;
  for (int i = 0; i < e->naxes; ++i) {
    double from = e->lo[i] + (double)k[i] * e->h[i], to = from + e->h[i];
    if (is_radial(e, i))
      product *= pow(M_PI, 0.5 * e->group) / tgamma(0.5 * e->group + 1.0) *
                 (gsl_pow_int(to, e->group) - gsl_pow_int(from, e->group));
    else
      product *= e->kinds[i] == LMX_AXIS_MIRRORED ? 2.0 * e->h[i] : e->h[i];
  }
  return product;
}

/* --- the box ----------------------------------------------------------------
 */

/* Shares of the mass in the layers of each axis, by values at the centres. */
static lmx_status layer_shares(lmx_context *context, const lmx_envelope *e,
                               double *shares)
{
  size_t k[AXES], n = e->n[0], cells = gsl_pow_int((double)n, e->naxes);
  double x[AXES], value, total = 0.0;
  memset(shares, 0, AXES * n * sizeof *shares);
  for (size_t c = 0; c < cells; ++c) {
    unravel(e->naxes, e->n, c, k);
    for (int i = 0; i < e->naxes; ++i)
      x[i] = e->lo[i] + ((double)k[i] + 0.5) * e->h[i];
    LMX_TRY(value_at(context, e, x, &value));
    double mass = exp(value) * volume(e, k);
    total += mass;
    for (int i = 0; i < e->naxes; ++i)
      shares[(size_t)i * n + k[i]] += mass;
  }
  for (size_t i = 0; i < AXES * n; ++i)
    shares[i] /= total;
  return LMX_OK;
}

static void lay(lmx_envelope *e, size_t n, const double *lo, const double *hi)
{
  e->cells = 1;
  for (int i = 0; i < e->naxes; ++i) {
    e->n[i] = n;
    e->lo[i] = lo[i];
    e->h[i] = (hi[i] - lo[i]) / (double)n;
    e->cells *= n;
  }
}

/* Takes off the layers at the ends of an axis that hold next to nothing, and
 * says how much is left out, with as much beyond the box as in its last
 * layer. */
static double crop(const double *share, size_t n, bool both, double h,
                   double *lo, double *hi)
{
  size_t from = 0, to = n;
  double below = both ? share[0] : 0.0, above = share[n - 1];
  while (both && from + 1 < n && below + share[from] < NEGLIGIBLE)
    below += share[from++];
  while (to > from + 1 && above + share[to - 1] < NEGLIGIBLE)
    above += share[--to];
  *hi = *lo + (double)to * h;
  *lo += (double)from * h;
  return below + above;
}

/* True when what is beyond the box is negligible, after which lo and hi are
 * those of the part that matters. */
static lmx_status try_box(lmx_context *context, lmx_envelope *e, double *lo,
                          double *hi, bool *good)
{
  size_t n = CELLS[e->naxes - 1];
  double *shares;
  LMX_TRY(LMX_NEW_ARRAY(context, AXES * n, &shares));
  lay(e, n, lo, hi);
  lmx_status status = layer_shares(context, e, shares);
  e->outside = 0.0;
  for (int i = 0; i < e->naxes && status == LMX_OK; ++i)
    e->outside += crop(shares + (size_t)i * n, n, e->kinds[i] == LMX_AXIS_FULL,
                       e->h[i], &lo[i], &hi[i]);
  lmx_free(shares);
  *good = e->outside <= 4.0 * NEGLIGIBLE * e->naxes; /* not for NaN */
  return status;
}

static void spread(const lmx_envelope *e, double sigmas, double *lo, double *hi)
{
  const lmx_model *model = lmx_initial_model(e->initial);
  double box[MAX];
  lmx_initial_box(e->initial, box);
  for (int i = 0; i < e->naxes; ++i) {
    hi[i] = sigmas * sqrt(lmx_model_temperature(model, i, 0.0));
    for (int a = i; a < (is_radial(e, i) ? e->d : i + 1); ++a)
      hi[i] = fmin(hi[i], box[a] * (1.0 - 1e-12)); /* rounding stays inside */
    lo[i] = e->kinds[i] == LMX_AXIS_FULL ? -hi[i] : 0.0;
  }
}

static lmx_status find_box(lmx_context *context, lmx_envelope *e, double *lo,
                           double *hi)
{
  bool good = false;
  double sigmas = 10.0;
  for (int pass = 0; pass < PASSES && !good; ++pass, sigmas *= 2.0) {
    spread(e, sigmas, lo, hi);
    LMX_TRY(try_box(context, e, lo, hi, &good));
    good = good || (lmx_initial_get_kind(e->initial) == LMX_INITIAL_TABLE &&
                    e->outside <= MOST_OUTSIDE);
  }
  if (good)
    return LMX_OK;
  return lmx_fail(context, LMX_ERR_CASE,
                  "%s: a part of about %.1e of the mass is beyond the box in "
                  "which log f is known, or searched for (%g standard "
                  "deviations); particles cannot be drawn",
                  key_of(e), e->outside, 0.5 * sigmas);
}

/* --- the bound --------------------------------------------------------------
 */

/* log f at the nodes, twice as many intervals as cells on each axis. */
typedef struct nodes {
  size_t n[AXES], step[AXES], count;
  double *u, top;
} nodes;

static lmx_status fill_nodes(lmx_context *context, const lmx_envelope *e,
                             nodes *out)
{
  double x[AXES];
  size_t k[AXES];
  out->count = 1;
  out->top = -INFINITY;
  for (int i = e->naxes - 1; i >= 0; --i) {
    out->n[i] = 2 * e->n[i] + 1;
    out->step[i] = out->count;
    out->count *= out->n[i];
  }
  LMX_TRY(LMX_NEW_ARRAY(context, out->count, &out->u));
  for (size_t m = 0; m < out->count; ++m) {
    unravel(e->naxes, out->n, m, k);
    for (int i = 0; i < e->naxes; ++i)
      x[i] = e->lo[i] + 0.5 * (double)k[i] * e->h[i];
    LMX_TRY(value_at(context, e, x, &out->u[m]));
    out->top = fmax(out->top, out->u[m]);
  }
  for (size_t m = 0; m < out->count; ++m)
    out->u[m] = fmax(out->u[m], out->top - DEEP);
  return LMX_OK;
}

/* Largest value at the 3^n nodes of a cell, and how much a function with their
 * second differences exceeds it at most, an eighth for each axis. */
static void bound(int naxes, const size_t *step, const double *u, double *top,
                  double *more)
{
  *top = -INFINITY;
  *more = 0.0;
  for (int i = 0; i < naxes; ++i) {
    double bend = 0.0;
    size_t s = step[i], others[2] = {0, 0};
    for (int j = 0, m = 0; j < naxes; ++j)
      if (j != i)
        others[m++] = step[j];
    for (size_t p = 0; p < (naxes > 1 ? 3 : 1); ++p)
      for (size_t q = 0; q < (naxes > 2 ? 3 : 1); ++q) {
        const double *line = u + p * others[0] + q * others[1];
        bend = fmax(bend, fabs(line[0] - 2.0 * line[s] + line[2 * s]));
        *top = fmax(*top, fmax(line[0], fmax(line[s], line[2 * s])));
      }
    *more += 0.125 * bend;
  }
}

/* The smaller of the bounds from log f, good in the tails, and from f, good
 * near its zeros. */
static double cell_top(const lmx_envelope *e, const nodes *u, const nodes *f,
                       size_t cell)
{
  size_t k[AXES], first = 0;
  double top, more, top_f, more_f;
  unravel(e->naxes, e->n, cell, k);
  for (int i = 0; i < e->naxes; ++i)
    first += 2 * k[i] * u->step[i];
  bound(e->naxes, u->step, u->u + first, &top, &more);
  bound(e->naxes, u->step, f->u + first, &top_f, &more_f);
  double linear = u->top + log(top_f + MARGIN * more_f);
  return fmin(top + MARGIN * more, linear) + 1e-10;
}

/* Tops, the table to pick cells by, the acceptance. */
static lmx_status set_bound(lmx_context *context, lmx_envelope *e,
                            const nodes *u, const nodes *f, double *mass)
{
  double sum = 0.0;
  size_t k[AXES];
  for (size_t c = 0; c < e->cells; ++c) {
    unravel(e->naxes, e->n, c, k);
    e->top[c] = cell_top(e, u, f, c);
    mass[c] = volume(e, k) * exp(e->top[c]);
    sum += mass[c];
  }
  e->acceptance = 1.0 / sum;
  if (e->pick != NULL)
    gsl_ran_discrete_free(e->pick);
  e->pick = gsl_ran_discrete_preproc(e->cells, mass);
  return e->pick != NULL ? LMX_OK
                         : lmx_fail(context, LMX_ERR_MEMORY, "out of memory");
}

static lmx_status make_bound(lmx_context *context, lmx_envelope *e)
{
  lmx_status status;
  nodes u = {.u = NULL}, f;
  double *mass = NULL;
  f.u = NULL;
  lmx_free(e->top);
  e->top = NULL;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, e->cells, &e->top), done);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, e->cells, &mass), done);
  LMX_TRY_GOTO(fill_nodes(context, e, &u), done);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, u.count, &f.u), done);
  for (size_t m = 0; m < u.count; ++m)
    f.u[m] = exp(u.u[m] - u.top);
  status = set_bound(context, e, &u, &f, mass);
done:
  lmx_free(mass);
  lmx_free(u.u);
  lmx_free(f.u);
  return status;
}

/* --- drawing ----------------------------------------------------------------
 */

/* A generator of GSL that gives one number. */
static double given(void *u)
{
  return *(const double *)u;
}

/* From two words of 32 bits. */
static size_t pick(const lmx_envelope *e, double u0, double u1)
{
  static const gsl_rng_type type = {.name = "given", .get_double = given};
  double u = u0 + (u1 - 0.5) * 0x1p-32;
  const gsl_rng rng = {&type, &u};
  return gsl_ran_discrete(&rng, e->pick);
}

static void place(const lmx_envelope *e, size_t cell, const double *u,
                  double *x)
{
  size_t k[AXES];
  unravel(e->naxes, e->n, cell, k);
  for (int i = 0; i < e->naxes; ++i) {
    double from = e->lo[i] + (double)k[i] * e->h[i];
    x[i] = from + u[i] * e->h[i];
    if (is_radial(e, i)) {
      double a = gsl_pow_int(from, e->group);
      double b = gsl_pow_int(from + e->h[i], e->group);
      x[i] = pow(a + u[i] * (b - a), 1.0 / e->group);
    }
  }
}

/* From the axes to R^d: signs of mirrored axes from the bits of one uniform,
 * a direction for the radial one. */
static void expand(const lmx_envelope *e, const lmx_stream *stream,
                   const double *x, double signs, double *v, size_t stride)
{
  double z[MAX + 4];
  unsigned bits = (unsigned)(signs * (1 << AXES));
  for (int i = 0; i < e->naxes; ++i) {
    bool turned = e->kinds[i] == LMX_AXIS_MIRRORED && (bits >> i & 1u);
    v[(size_t)i * stride] = turned ? -x[i] : x[i];
  }
  if (e->group == 0)
    return;
  int first = e->naxes - 1;
  double r2 = 0.0;
  lmx_random_normals(stream, (size_t)e->group, z);
  for (int a = 0; a < e->group; ++a)
    r2 += z[a] * z[a];
  for (int a = 0; a < e->group; ++a)
    v[(size_t)(first + a) * stride] = x[first] * z[a] / sqrt(r2);
}

static lmx_status exceeded(lmx_context *context, const lmx_envelope *e,
                           const double *x, double value, double top)
{
  return lmx_fail(context, LMX_ERR_NUMERICS,
                  "%s: at (%.6g, %.6g, %.6g) on its axes, in normalised "
                  "coordinates, log f exceeds the bound under which particles "
                  "are drawn by %.2g: it has a structure finer than %.2g",
                  key_of(e), x[0], e->naxes > 1 ? x[1] : 0.0,
                  e->naxes > 2 ? x[2] : 0.0, value - top, e->h[0]);
}

lmx_status lmx_envelope_draw(lmx_context *context, const lmx_envelope *envelope,
                             const lmx_stream *stream, double *v, size_t stride,
                             size_t *tries)
{
  enum { MOST = 1 << 20, NUMBERS = 8 };
  const lmx_envelope *e = envelope;
  lmx_stream s = *stream;
  for (s.step = 0; s.step < MOST; ++s.step) {
    double u[NUMBERS], x[AXES], value;
    lmx_random_uniforms(&s, NUMBERS, u);
    size_t cell = pick(e, u[0], u[1]);
    place(e, cell, u + 2, x);
    LMX_TRY(value_at(context, e, x, &value));
    ++*tries;
    if (value > e->top[cell])
      return exceeded(context, e, x, value, e->top[cell]);
    if (log(u[5]) >= value - e->top[cell])
      continue;
    s.step |= 1u << 31;
    expand(e, &s, x, u[6], v, stride);
    return LMX_OK;
  }
  return lmx_fail(context, LMX_ERR_NUMERICS,
                  "%s: no particle in %d attempts to draw one", key_of(e),
                  MOST);
}

/* Draws some particles, always the same: log f must stay below its bound and
 * the acceptance must be that of a density of mass 1. */
static lmx_status try_drawing(lmx_context *context, lmx_envelope *e)
{
  enum { TRIALS = 20000 };
  const uint32_t key[2] = {0, 0};
  double v[MAX], n = TRIALS;
  size_t tries = 0;
  for (uint32_t i = 0; i < TRIALS; ++i) {
    lmx_stream s = lmx_stream_of(key, LMX_DRAW_ESTIMATE, 0, 0, i);
    LMX_TRY(lmx_envelope_draw(context, e, &s, v, 1, &tries));
  }
  e->measured = n / (double)tries;
  double deviation = sqrt(n * (1.0 - fmin(e->acceptance, 1.0))) + 1e-5 * n;
  if (fabs((double)tries * e->acceptance - n) <= 5.0 * deviation)
    return LMX_OK;
  return lmx_fail(context, LMX_ERR_NUMERICS,
                  "%s: the density drawn from has mass %.4g, not 1: it has a "
                  "structure finer than %.2g",
                  key_of(e), e->measured / e->acceptance, e->h[0]);
}

static lmx_status build(lmx_context *context, lmx_envelope *e)
{
  double lo[AXES], hi[AXES];
  LMX_TRY(lmx_initial_axes(context, e->initial, &e->naxes, e->kinds));
  e->group = is_radial(e, e->naxes - 1) ? e->d - e->naxes + 1 : 0;
  LMX_TRY(find_box(context, e, lo, hi));
  size_t n = CELLS[e->naxes - 1];
  for (;; n *= 2) {
    lay(e, n, lo, hi);
    LMX_TRY(make_bound(context, e));
    bool last = gsl_pow_int(4.0 * (double)n + 1.0, e->naxes) > MOST_NODES;
    if (e->acceptance < GOOD && !last)
      continue;
    if (!(e->acceptance > WORST))
      return lmx_fail(context, LMX_ERR_CASE,
                      "%s: of the points drawn under the bound of log f only a "
                      "part of %.1e would be accepted",
                      key_of(e), e->acceptance);
    lmx_status status = try_drawing(context, e);
    if (status != LMX_ERR_NUMERICS || last)
      return status;
  }
}

lmx_status lmx_envelope_create(lmx_context *context, const lmx_initial *initial,
                               lmx_envelope **out)
{
  lmx_envelope *e;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &e));
  e->initial = initial;
  e->d = lmx_initial_model(initial)->d;
  lmx_status status = build(context, e);
  if (status != LMX_OK) {
    lmx_envelope_destroy(&e);
    return status;
  }
  *out = e;
  return LMX_OK;
}
