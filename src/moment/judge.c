/* From left and right sides to verdicts. A statement "left <= C (1 + M_4(0))
 * g(t) / N" with an unnamed constant holds if the ratio of both sides is
 * bounded over t and N, and fails if it grows without bound for t -> 0, for
 * t -> infinity or with N. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "moment/section5.h"

static const lmx_row rows[LMX_ROWS] = {
#define LEFT(name) LMX_LEFT_##name
#define LLN LMX_QUANTITY_LLN
#define COINCIDING LMX_QUANTITY_COINCIDING
#define FOURTH LMX_QUANTITY_FOURTH
#define BOUND(name) LMX_BOUND_##name
#define ZERO LMX_BOUND_ZERO
#define NOTHING LMX_ASKS_NOTHING
#define ANISOTROPY LMX_ASKS_ANISOTROPY
#define HEAT_FLUX LMX_ASKS_HEAT_FLUX
#define ROW(...) {__VA_ARGS__},
#include "moment/rows.def"
#undef ROW
#undef HEAT_FLUX
#undef ANISOTROPY
#undef NOTHING
#undef ZERO
#undef BOUND
#undef FOURTH
#undef COINCIDING
#undef LLN
#undef LEFT
};

const lmx_row *lmx_row_get(size_t index)
{
  return &rows[index];
}

/* Growth: an exponent above this, over an octave. A bounded ratio has become
 * constant where it is looked at. */
static const double EXPONENT = 0.25;
/* N from which a misprint shows. */
static const double ENOUGH = 4.0;
/* N from which suprema over t must have stopped growing with N. */
static const double LARGE = 1000.0;

enum { OCTAVE = 2 }; /* times to an octave */

typedef struct growth {
  bool grows;
  double exponent; /* of t or N */
  double rate;     /* of exp(rate t); NaN if it is no exponential */
} growth;

/* What is found about one row. */
typedef struct finding {
  const lmx_row *row;
  double M4;
  double sup, sup_two_sided; /* logs */
  double t, N;               /* of sup */
  int alpha, beta;
  bool one_sided; /* |left| is not bounded for t -> 0 */
  growth start, end, in_N;
  const lmx_scan *start_scan, *end_scan; /* where these grow */
} finding;

static bool is_constant_1(const lmx_row *row)
{
  return row->quantity == LMX_QUANTITY_FOURTH;
}

double lmx_row_ratio(const lmx_row *row, const lmx_scan *scan, double M4,
                     bool signed_, size_t k)
{
  const lmx_quantity *q =
      &scan->values[k * LMX_QUANTITY_COUNT + (size_t)row->quantity];
  double log_g = scan->logs[k][row->bound];
  double value = signed_ ? q->most : q->largest;
  if (isnan(log_g))
    return NAN;
  if (!(value > q->rounding))
    return -INFINITY;
  double scale = is_constant_1(row) ? 0.0 : log1p(M4);
  double more = row->power > 0 ? row->power * log(scan->N) : 0.0;
  return log(value) + more - scale - log_g;
}

/* --- growth ----------------------------------------------------------- */

/* Exponent of the ratio between two times; NaN where it is 0. */
static double exponent(const finding *f, const lmx_scan *s, size_t i, size_t j)
{
  double x = lmx_row_ratio(f->row, s, f->M4, true, i);
  double y = lmx_row_ratio(f->row, s, f->M4, true, j);
  if (!isfinite(x) || !isfinite(y))
    return NAN;
  return (y - x) / log(s->times[j] / s->times[i]);
}

/* Of the N at which a ratio grows the first one that is not special. */
static bool is_better(const lmx_scan *new, const lmx_scan *old)
{
  return old == NULL || (old->N < ENOUGH && new->N >= ENOUGH);
}

static void look_at_start(finding *f, const lmx_scan *s)
{
  double slope = exponent(f, s, 0, 2 * OCTAVE);
  if (!(slope < -EXPONENT) || !is_better(s, f->start_scan))
    return;
  f->start = (growth){true, slope, NAN};
  f->start_scan = s;
}

static void look_at_end(finding *f, const lmx_scan *s)
{
  size_t k = s->ntimes - 1;
  while (k > 2 * OCTAVE && isnan(lmx_row_ratio(f->row, s, f->M4, true, k)))
    --k;
  if (k <= 2 * OCTAVE)
    return;
  double slope = exponent(f, s, k - OCTAVE, k);
  double before = exponent(f, s, k - 2 * OCTAVE, k - OCTAVE);
  if (!(slope > EXPONENT) || !is_better(s, f->end_scan))
    return;
  f->end = (growth){true, slope, NAN};
  f->end_scan = s;
  if (slope > 1.5 * before) /* a power has the same exponent twice */
    f->end.rate = slope * log(2.0) / (s->times[k] - s->times[k - OCTAVE]);
}

/* The suprema over t for the two largest finite N, and for infinity. */
static void look_at_N(finding *f, size_t n, const double *N, const double *sup)
{
  size_t last = n, before = n;
  for (size_t i = 0; i < n; ++i) {
    if (sup[i] == INFINITY)
      f->in_N = (growth){true, f->row->power, NAN};
    if (!isfinite(N[i]) || N[i] < LARGE || !isfinite(sup[i]))
      continue;
    if (last == n || N[i] > N[last]) {
      before = last;
      last = i;
    } else if (before == n || N[i] > N[before])
      before = i;
  }
  if (last == n || before == n || !(N[last] > N[before]))
    return;
  double slope = (sup[last] - sup[before]) / log(N[last] / N[before]);
  if (slope > EXPONENT)
    f->in_N = (growth){true, slope, NAN};
}

/* --- suprema ---------------------------------------------------------- */

/* Returns the largest ratio for this N. */
static double look_at(finding *f, const lmx_scan *s)
{
  double sup = -INFINITY;
  for (size_t k = 0; k < s->ntimes; ++k) {
    double two_sided = lmx_row_ratio(f->row, s, f->M4, false, k);
    double ratio = lmx_row_ratio(f->row, s, f->M4, true, k);
    if (two_sided > f->sup_two_sided)
      f->sup_two_sided = two_sided;
    if (ratio > sup)
      sup = ratio;
    if (!(ratio > f->sup))
      continue;
    const lmx_quantity *q =
        &s->values[k * LMX_QUANTITY_COUNT + (size_t)f->row->quantity];
    f->sup = ratio;
    f->t = s->times[k];
    f->N = s->N;
    f->alpha = q->alpha;
    f->beta = q->beta;
  }
  f->one_sided = f->one_sided ||
                 lmx_row_ratio(f->row, s, f->M4, false, 0) >
                     lmx_row_ratio(f->row, s, f->M4, false, 2 * OCTAVE) + 1.0;
  look_at_start(f, s);
  look_at_end(f, s);
  return sup;
}

/* --- words ------------------------------------------------------------ */

static void add(lmx_check_result *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(lmx_check_result *out, const char *format, ...)
{
  size_t used = strlen(out->note);
  va_list args;
  va_start(args, format);
  vsnprintf(out->note + used, sizeof out->note - used, format, args);
  va_end(args);
}

static void add_N(lmx_check_result *out, double N)
{
  if (isfinite(N))
    add(out, "N = %.6g", N);
  else
    add(out, "N = infinity");
}

static void add_directions(lmx_check_result *out, int alpha, int beta)
{
  if (alpha >= 0)
    add(out, ", a = %d, b = %d", alpha + 1, beta + 1);
}

/* Where both sides can be compared by hand. */
static void add_witness(lmx_check_result *out, const finding *f,
                        const lmx_scan *s, size_t k)
{
  const lmx_quantity *q =
      &s->values[k * LMX_QUANTITY_COUNT + (size_t)f->row->quantity];
  add(out, " Witness: ");
  add_N(out, s->N);
  add(out, ", t = %.6g", s->times[k]);
  add_directions(out, q->alpha, q->beta);
  add(out, ": N left = %.6g, (1+M_4(0)) g = %.4g.", q->most,
      exp(s->logs[k][f->row->bound]) * (1.0 + f->M4));
}

/* The first time at which the ratio is 1e4 times what it was at 1/(4d). */
static size_t late_witness(const finding *f, const lmx_scan *s, int d)
{
  double first = NAN;
  for (size_t k = 0; k < s->ntimes; ++k) {
    double ratio = lmx_row_ratio(f->row, s, f->M4, true, k);
    if (s->times[k] < 0.25 / d || !isfinite(ratio))
      continue;
    if (isnan(first))
      first = ratio;
    if (ratio > first + log(1e4))
      return k;
  }
  return s->ntimes - 1;
}

static void describe_growth(const finding *f, int d, size_t n,
                            lmx_scan *const *scans, lmx_check_result *out)
{
  if (f->start.grows) {
    add(out, " The ratio grows like t^%.2f for t -> 0.", f->start.exponent);
    add_witness(out, f, f->start_scan, 0);
  }
  if (f->end.grows) {
    if (isfinite(f->end.rate))
      add(out, " The ratio grows like exp(%.4g t).", f->end.rate);
    else
      add(out, " The ratio grows like t^%.2f.", f->end.exponent);
    add_witness(out, f, f->end_scan, late_witness(f, f->end_scan, d));
  }
  if (f->in_N.grows) {
    add(out, " The ratio grows like N^%.2f.", f->in_N.exponent);
    for (size_t i = 0; i < n; ++i)
      if (isfinite(scans[i]->N) && scans[i]->N >= ENOUGH) {
        add_witness(out, f, scans[i], late_witness(f, scans[i], d));
        break;
      }
  }
}

static void describe(const finding *f, const lmx_moment_data *data, size_t n,
                     lmx_scan *const *scans, lmx_check_result *out)
{
  const lmx_row *row = f->row;
  bool left = row->quantity < LMX_LEFT_COUNT;
  if (left)
    add(out, "Left side: %s. ", lmx_left_text((lmx_left)row->quantity));
  if (is_constant_1(row))
    add(out, "M_4(t) <= %s.", lmx_bound_text(row->bound));
  else
    add(out, "g = %s%s.", row->power > 0 ? "(1/N) " : "",
        lmx_bound_text(row->bound));
  if (out->status == LMX_FAILS)
    describe_growth(f, data->d, n, scans, out);
  else if (isfinite(f->sup)) {
    add(out, " Largest ratio at ");
    add_N(out, f->N);
    add_directions(out, f->alpha, f->beta);
    add(out, ".");
  } else
    add(out, " The left side is never positive.");
  if (out->status == LMX_FAILS || is_constant_1(row))
    return;
  if (f->one_sided)
    add(out, " Only from above: -left does not vanish like g for t -> 0.");
  else if (f->sup_two_sided > f->sup + 1e-9)
    add(out, " For |left| the constant is %.4g.", exp(f->sup_two_sided));
}

/* --- verdicts --------------------------------------------------------- */

/* left = 0, up to rounding */
static void judge_identity(const lmx_row *row, size_t n, lmx_scan *const *scans,
                           lmx_check_result *out)
{
  double load = 0.0;
  int alpha = -1, beta = -1;
  const lmx_scan *worst = NULL;
  out->bound = 0.0;
  for (size_t i = 0; i < n; ++i)
    for (size_t k = 0; k < scans[i]->ntimes; ++k) {
      const lmx_quantity *q =
          &scans[i]->values[k * LMX_QUANTITY_COUNT + (size_t)row->quantity];
      if (!(q->largest > load * q->rounding))
        continue;
      load = q->rounding > 0.0 ? q->largest / q->rounding : INFINITY;
      out->value = q->largest;
      out->bound = q->rounding;
      out->t = scans[i]->times[k];
      alpha = q->alpha;
      beta = q->beta;
      worst = scans[i];
    }
  add(out, "N times the left side: %s. It is compared with rounding",
      lmx_left_text((lmx_left)row->quantity));
  if (worst != NULL) {
    add(out, "; the largest multiple of it at ");
    add_N(out, worst->N);
    add_directions(out, alpha, beta);
  }
  add(out, worst != NULL ? "." : " and exactly 0.");
  out->has_where = worst != NULL;
  out->slack = out->bound - out->value;
  out->status = out->value <= out->bound ? LMX_HOLDS : LMX_FAILS;
}

static bool has(const lmx_moment_data *data, lmx_asks what)
{
  bool anisotropic = false, flux = false;
  for (int a = 0; a < data->d; ++a) {
    double q = 0.0; /* mean of |v|^2 v_a */
    for (int b = 0; b < data->d; ++b)
      q += data->S[b * data->d + a];
    anisotropic = anisotropic || fabs(data->E[a] - 1.0) > 1e-6;
    flux = flux || fabs(q) > 1e-6;
  }
  return what == LMX_ASKS_NOTHING ||
         (what == LMX_ASKS_ANISOTROPY ? anisotropic : flux);
}

/* Whether these N and this data must show that a form is misprinted: it takes
 * a finite N (for N -> infinity some left sides are 0), and infinity or two
 * large N for a factor that depends on N. */
static bool must_fail(const lmx_row *row, const lmx_moment_data *data, size_t n,
                      lmx_scan *const *scans)
{
  size_t finite = 0, large = 0, infinite = 0;
  for (size_t i = 0; i < n; ++i) {
    finite += isfinite(scans[i]->N) && scans[i]->N >= ENOUGH;
    large += isfinite(scans[i]->N) && scans[i]->N >= LARGE;
    infinite += !isfinite(scans[i]->N);
  }
  return row->misprint && finite > 0 && has(data, row->asks) &&
         (row->power == 0 || large > 1 || infinite > 0);
}

static void judge_bound(const lmx_row *row, const lmx_moment_data *data,
                        size_t n, lmx_scan *const *scans, double *sup,
                        double *N, lmx_check_result *out)
{
  finding f = {.row = row,
               .M4 = lmx_moment_data_fourth(data),
               .sup = -INFINITY,
               .sup_two_sided = -INFINITY,
               .alpha = -1,
               .beta = -1};
  for (size_t i = 0; i < n; ++i) {
    sup[i] = look_at(&f, scans[i]);
    N[i] = scans[i]->N;
  }
  if (!f.start.grows && !f.end.grows)
    look_at_N(&f, n, N, sup);
  bool grows = f.start.grows || f.end.grows || f.in_N.grows;
  out->value = grows ? INFINITY : exp(f.sup);
  if (is_constant_1(row)) {
    out->bound = 1.0;
    out->slack = 1.0 - out->value;
    grows = !(f.sup <= 1e-12);
  }
  out->status = grows ? LMX_FAILS : LMX_HOLDS;
  out->has_where = !grows && isfinite(f.sup);
  out->t = f.t;
  describe(&f, data, n, scans, out);
}

void lmx_row_judge(const lmx_row *row, const lmx_moment_data *data, size_t n,
                   lmx_scan *const *scans, lmx_check_result *out)
{
  double sup[LMX_SECTION5_MOST], N[LMX_SECTION5_MOST];
  *out = (lmx_check_result){
      .id = row->id, .statement = row->statement, .bound = NAN, .slack = NAN};
  for (int a = 0; a < LMX_MAX_DIMENSION; ++a)
    out->v[a] = NAN;
  if (row->bound == LMX_BOUND_ZERO)
    judge_identity(row, n, scans, out);
  else
    judge_bound(row, data, n, scans, sup, N, out);
  if (row->misprint) /* otherwise either verdict will do */
    out->expected = must_fail(row, data, n, scans) ? LMX_FAILS : out->status;
  if (row->misprint && out->status == LMX_HOLDS)
    add(out,
        " This form is wrong in general, but holds for this data and these "
        "N.");
}
