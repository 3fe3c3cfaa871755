/* Reads solution.h5 and believes nothing in it: every type, extent and value
 * is checked before it is used. */
#include "layout.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <hdf5.h>

#include "core/memory.h"
#include "hdf5_get.h"
#include "hdf5_quiet.h"
#include "seal.h"

static lmx_status get_format(const lmx_hdf5_source *from)
{
  char text[LMX_FORMAT_TEXT];
  int64_t version;
  LMX_TRY(lmx_hdf5_text(from, "/", "format", text));
  if (strcmp(text, LMX_FORMAT) != 0)
    return lmx_hdf5_fail(from, "format", "is \"%s\", not \"%s\"", text,
                         LMX_FORMAT);
  LMX_TRY(
      lmx_hdf5_integer(from, "/", "format_version", 0, INT32_MAX, &version));
  if (version != LMX_FORMAT_VERSION)
    return lmx_hdf5_fail(from, "format_version",
                         "is %ld, this program reads version %d", (long)version,
                         (int)LMX_FORMAT_VERSION);
  return LMX_OK;
}

/* D and eta are kept bit by bit; lmx_model_init judges them. */
static lmx_status get_model(const lmx_hdf5_source *from, lmx_model *out)
{
  int64_t d;
  double D[LMX_MAX_DIMENSION], eta;
  LMX_TRY(lmx_hdf5_integer(from, "/", "dimension", 2, LMX_MAX_DIMENSION, &d));
  LMX_TRY(lmx_hdf5_reals(from, "/", "D", (size_t)d, D));
  LMX_TRY(lmx_hdf5_reals(from, "/", "eta", 0, &eta));
  if (lmx_model_init(NULL, (int)d, D, out) != LMX_OK)
    return lmx_hdf5_fail(from, "D", "is not traceless with -1 < D_a < d-1");
  if (!(fabs(eta - out->eta) <= 1e-8))
    return lmx_hdf5_fail(from, "eta", "is %g, D gives %g", eta, out->eta);
  memcpy(out->D, D, (size_t)d * sizeof *D);
  out->eta = eta;
  return LMX_OK;
}

static lmx_status get_options(const lmx_hdf5_source *from,
                              lmx_solver_options *out)
{
  char text[LMX_FORMAT_TEXT];
  bool known = false;
  *out = (lmx_solver_options){0};
  LMX_TRY(lmx_hdf5_text(from, "/", "formulation", text));
#define MATCH(symbol, name)                                                    \
  if (strcmp(text, name) == 0) {                                               \
    out->formulation = symbol;                                                 \
    known = true;                                                              \
  }
  LMX_FORMULATION_LIST(MATCH)
#undef MATCH
  if (!known)
    return lmx_hdf5_fail(from, "formulation", "is \"%s\", which is unknown",
                         text);
  LMX_TRY(lmx_hdf5_positive(from, "/", "rtol", &out->rtol));
  return lmx_hdf5_positive(from, "/", "atol", &out->atol);
}

static lmx_status get_axis(const lmx_hdf5_source *from, const char *name,
                           lmx_axis_spec *out)
{
  char text[LMX_FORMAT_TEXT];
  int64_t points;
  bool known = false;
  LMX_TRY(lmx_hdf5_text(from, name, "kind", text));
#define MATCH(symbol, kind_name)                                               \
  if (strcmp(text, kind_name) == 0) {                                          \
    out->kind = symbol;                                                        \
    known = true;                                                              \
  }
  LMX_AXIS_KIND_LIST(MATCH)
#undef MATCH
  if (!known)
    return lmx_hdf5_fail(from, name, "is of unknown kind \"%s\"", text);
  LMX_TRY(lmx_hdf5_integer(from, name, "points", 1, INT32_MAX, &points));
  out->points = (size_t)points;
  /* before anything of that size is made, the file must be that large */
  size_t dims[1] = {out->points};
  LMX_TRY(lmx_hdf5_extent(from, name, 1, dims));
  return lmx_hdf5_positive(from, name, "half_width", &out->half_width);
}

/* The grid made anew must have the nodes that are stored. */
static lmx_status compare_nodes(const lmx_hdf5_source *from, const char *name,
                                const lmx_axis *axis)
{
  double *nodes;
  LMX_TRY(LMX_NEW_ARRAY(from->context, axis->points, &nodes));
  lmx_status status = lmx_hdf5_dataset(from, name, 1, &axis->points, nodes);
  for (size_t i = 0; i < axis->points && status == LMX_OK; ++i)
    if (!(fabs(nodes[i] - axis->nodes[i]) <= 1e-12 * axis->half_width))
      status = lmx_hdf5_fail(from, name, "node %zu is %.17g, expected %.17g",
                             i + 1, nodes[i], axis->nodes[i]);
  lmx_free(nodes);
  return status;
}

static lmx_status get_grid(const lmx_hdf5_source *from, int d, lmx_grid **out)
{
  static const char *const names[LMX_MAX_AXES] = {"axis1", "axis2", "axis3"};
  lmx_axis_spec axes[LMX_MAX_AXES];
  int64_t naxes, order, m;
  lmx_grid *grid = NULL;
  LMX_TRY(lmx_hdf5_integer(from, "/", "naxes", 1, LMX_MAX_AXES, &naxes));
  LMX_TRY(lmx_hdf5_integer(from, "/", "order", 1, LMX_MAX_ORDER, &order));
  LMX_TRY(lmx_hdf5_integer(from, "/", "m", 0, LMX_MAX_DIMENSION, &m));
  for (int i = 0; i < naxes; ++i)
    LMX_TRY(get_axis(from, names[i], &axes[i]));
  lmx_status status =
      lmx_grid_create(from->context, d, (int)naxes, axes, (int)order, &grid);
  if (status == LMX_ERR_CASE)
    return lmx_hdf5_fail(from, "grid", "%s",
                         lmx_context_message(from->context));
  LMX_TRY(status);
  if (grid->m != m)
    status =
        lmx_hdf5_fail(from, "m", "is %ld, the axes give %d", (long)m, grid->m);
  for (int i = 0; i < naxes && status == LMX_OK; ++i)
    status = compare_nodes(from, names[i], &grid->axis[i]);
  if (status != LMX_OK) {
    lmx_grid_destroy(&grid);
    return status;
  }
  *out = grid;
  return LMX_OK;
}

static bool all_finite(const double *x, size_t n)
{
  bool finite = true;
  for (size_t i = 0; i < n; ++i)
    finite = finite && isfinite(x[i]);
  return finite;
}

static bool is_orthogonal(const double *R, size_t d)
{
  for (size_t a = 0; a < d; ++a) {
    for (size_t b = 0; b <= a; ++b) {
      double dot = 0.0;
      for (size_t c = 0; c < d; ++c)
        dot += R[a * d + c] * R[b * d + c];
      if (!(fabs(dot - (a == b)) <= 1e-8))
        return false;
    }
  }
  return true;
}

static lmx_status get_map(const lmx_hdf5_source *from, int d, lmx_affine *out)
{
  size_t dims[2] = {(size_t)d, (size_t)d};
  int64_t identity;
  *out = (lmx_affine){.d = d};
  LMX_TRY(lmx_hdf5_integer(from, "map", "identity", 0, 1, &identity));
  LMX_TRY(lmx_hdf5_dataset(from, "map/mass", 0, NULL, &out->mass));
  LMX_TRY(lmx_hdf5_dataset(from, "map/scale", 0, NULL, &out->scale));
  LMX_TRY(lmx_hdf5_dataset(from, "map/mean", 1, dims, out->mean));
  LMX_TRY(lmx_hdf5_dataset(from, "map/rotation", 2, dims, out->rotation));
  out->identity = identity != 0;
  if (!(isfinite(out->mass) && out->mass > 0.0))
    return lmx_hdf5_fail(from, "map/mass", "is not positive");
  if (!(isfinite(out->scale) && out->scale > 0.0))
    return lmx_hdf5_fail(from, "map/scale", "is not positive");
  if (!all_finite(out->mean, dims[0]))
    return lmx_hdf5_fail(from, "map/mean", "is not finite");
  if (!is_orthogonal(out->rotation, dims[0]))
    return lmx_hdf5_fail(from, "map/rotation", "is not orthogonal");
  return LMX_OK;
}

static lmx_status get_stats(const lmx_hdf5_source *from, lmx_solver_stats *out)
{
  int64_t k;
#define GET_COUNT(member, words)                                               \
  LMX_TRY(lmx_hdf5_count(from, "solver/" #member, &k));                        \
  out->member = (long)k;
  LMX_STATS_COUNTS(GET_COUNT)
#undef GET_COUNT
  LMX_TRY(lmx_hdf5_count(from, "solver/last_order", &k));
  if (k > 12)
    return lmx_hdf5_fail(from, "solver/last_order", "is %ld", (long)k);
  out->last_order = (int)k;
  LMX_TRY(lmx_hdf5_dataset(from, "solver/last_step", 0, NULL, &out->last_step));
  return lmx_hdf5_dataset(from, "solver/wall_seconds", 0, NULL,
                          &out->wall_seconds);
}

static lmx_status check_times(const lmx_hdf5_source *from,
                              const lmx_solution *s)
{
  for (size_t k = 0; k < s->ntimes; ++k) {
    if (!isfinite(s->times[k]) || s->times[k] < 0.0 ||
        (k > 0 && s->times[k] <= s->times[k - 1]))
      return lmx_hdf5_fail(from, "time", "entry %zu is %g: not increasing",
                           k + 1, s->times[k]);
    if (!(s->trust[k] >= 0.0))
      return lmx_hdf5_fail(from, "trust_radius", "entry %zu is %g", k + 1,
                           s->trust[k]);
  }
  return LMX_OK;
}

static lmx_status get_states(const lmx_hdf5_source *from, lmx_solution *s)
{
  size_t dims[LMX_MAX_AXES + 1];
  const lmx_grid *grid = s->grid;
  LMX_TRY(lmx_hdf5_length(from, "time", &dims[0]));
  for (int i = 0; i < grid->naxes; ++i)
    dims[i + 1] = grid->axis[i].points;
  LMX_TRY(lmx_hdf5_extent(from, "u", grid->naxes + 1, dims));
  LMX_TRY(LMX_NEW_ARRAY(from->context, dims[0], &s->times));
  LMX_TRY(LMX_NEW_ARRAY(from->context, dims[0], &s->trust));
  LMX_TRY(LMX_NEW_ARRAY(from->context, dims[0], &s->u));
  s->capacity = dims[0];
  LMX_TRY(lmx_hdf5_dataset(from, "time", 1, dims, s->times));
  LMX_TRY(lmx_hdf5_dataset(from, "trust_radius", 1, dims, s->trust));
  for (size_t k = 0; k < dims[0]; ++k) {
    if (from->rehearsal && k > 0) { /* one state's memory is enough */
      LMX_TRY(lmx_hdf5_row(from, "u", grid->naxes + 1, dims, k, s->u[0]));
      continue;
    }
    LMX_TRY(LMX_NEW_ARRAY(from->context, grid->size, &s->u[k]));
    s->ntimes = k + 1;
    LMX_TRY(lmx_hdf5_row(from, "u", grid->naxes + 1, dims, k, s->u[k]));
  }
  return from->rehearsal ? LMX_OK : check_times(from, s);
}

/* How accurate the run took itself to be, if it was asked. */
static lmx_status get_estimate(const lmx_hdf5_source *from, lmx_solution *s)
{
  int64_t refinements;
  if (H5Aexists(from->file, "error_estimate") <= 0)
    return LMX_OK;
  LMX_TRY(lmx_hdf5_positive(from, "/", "error_estimate", &s->estimate));
  LMX_TRY(lmx_hdf5_integer(from, "/", "refinements", 0, 100, &refinements));
  s->refinements = (int)refinements;
  return LMX_OK;
}

/* Files of before have none, nor have solutions without a case. */
static lmx_status get_identity(const lmx_hdf5_source *from, lmx_solution *s)
{
  char text[LMX_FORMAT_TEXT];
  if (H5Aexists(from->file, "identity") <= 0)
    return LMX_OK;
  LMX_TRY(lmx_hdf5_text(from, "/", "identity", text));
  if (strlen(text) >= sizeof s->identity)
    return lmx_hdf5_fail(from, "identity", "is too long");
  memcpy(s->identity, text, strlen(text) + 1);
  return LMX_OK;
}

/* Believed only under a good seal, that is if no other program has changed
 * the states since; else the check measures anew, as it does for the records
 * of older versions, "error_bar", which know nothing of what happened inside
 * the steps. */
static lmx_status get_record(const lmx_hdf5_source *from, lmx_solution *s)
{
  static const char name[] = "error_bars";
  int64_t shells;
  if (H5Lexists(from->file, name, H5P_DEFAULT) <= 0)
    return LMX_OK;
  LMX_TRY(lmx_hdf5_integer(from, name, "shells", 1, INT32_MAX, &shells));
  size_t dims[3] = {s->ntimes, (size_t)shells, LMX_BAR_COLUMNS};
  LMX_TRY(lmx_hdf5_extent(from, name, 3, dims));
  LMX_TRY(lmx_bar_record_create(from->context, dims[0], dims[1], &s->record));
  LMX_TRY(lmx_hdf5_dataset(from, name, 3, dims, s->record->data));
  for (size_t i = 0; i < dims[0] * dims[1] * dims[2]; ++i)
    if (!(s->record->data[i] >= 0.0))
      return lmx_hdf5_fail(from, name, "entry %zu is %g", i + 1,
                           s->record->data[i]);
  return LMX_OK;
}

static lmx_status get_solution(const lmx_hdf5_source *from, bool sealed,
                               bool *checkpoint, lmx_solution **out)
{
  lmx_model model;
  lmx_affine map;
  lmx_solver_options options;
  lmx_grid *grid = NULL;
  lmx_solution *solution = NULL;
  int64_t flag;
  lmx_status status;
  LMX_TRY(get_format(from));
  LMX_TRY(lmx_hdf5_integer(from, "/", "checkpoint", 0, 1, &flag));
  LMX_TRY(get_model(from, &model));
  LMX_TRY(get_options(from, &options));
  LMX_TRY(get_map(from, model.d, &map));
  LMX_TRY(get_grid(from, model.d, &grid));
  LMX_TRY(lmx_solution_create(from->context, &model, &map, &options, grid,
                              &solution));
  LMX_TRY_GOTO(get_identity(from, solution), fail);
  LMX_TRY_GOTO(get_stats(from, &solution->stats), fail);
  LMX_TRY_GOTO(get_states(from, solution), fail);
  if (sealed)
    LMX_TRY_GOTO(get_estimate(from, solution), fail);
  if (sealed)
    LMX_TRY_GOTO(get_record(from, solution), fail);
  *checkpoint = flag != 0;
  *out = solution;
  return LMX_OK;
fail:
  lmx_solution_destroy(&solution);
  return status;
}

/* HDF5 sees a copy of the bytes, never the file itself. */
static hid_t open_image(char *image, size_t bytes)
{
  enum { INCREMENT = 1 << 20, NO_FILE_BEHIND = 0 };
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  hid_t file = H5I_INVALID_HID;
  if (H5Pset_fapl_core(access, INCREMENT, NO_FILE_BEHIND) >= 0 &&
      H5Pset_file_image(access, image, bytes) >= 0)
    file = H5Fopen(LMX_IMAGE_NAME, H5F_ACC_RDONLY, access);
  H5Pclose(access);
  return file;
}

/* HDF5 does not survive every file: a child reads it first, and what happens to
 * that is looked at. Its own messages and results go with it. */
static _Noreturn void rehearse(lmx_hdf5_source *from, char *image)
{
  static const int signals[] = {SIGSEGV, SIGBUS,  SIGABRT, SIGFPE, SIGILL,
                                SIGINT,  SIGTERM, SIGHUP,  SIGALRM};
  const struct rlimit seconds = {60, 60}, none = {0, 0};
  bool checkpoint;
  lmx_solution *solution;
  for (size_t i = 0; i < sizeof signals / sizeof *signals; ++i)
    signal(signals[i], SIG_DFL);
  setrlimit(RLIMIT_CPU, &seconds);
  setrlimit(RLIMIT_CORE, &none);
  alarm(120);
  from->rehearsal = true;
  from->file = open_image(image, from->bytes);
  if (from->file >= 0)
    (void)get_solution(from, true, &checkpoint, &solution);
  _exit(0);
}

static lmx_status await_rehearsal(const lmx_hdf5_source *from, pid_t child)
{
  int result = 0;
  while (waitpid(child, &result, 0) < 0) {
    if (errno != EINTR)
      return LMX_OK; /* nobody knows: somebody else has waited for it */
    if (lmx_context_interrupted(from->context))
      kill(child, SIGKILL);
  }
  if (lmx_context_interrupted(from->context))
    return lmx_fail(from->context, LMX_INTERRUPTED, "interrupted");
  if (WIFSIGNALED(result))
    return lmx_fail(from->context, LMX_ERR_IO,
                    "%s: is damaged: HDF5 does not survive it (signal %d)",
                    from->path, WTERMSIG(result));
  if (WEXITSTATUS(result) != 0) /* a sanitizer has ended it */
    return lmx_fail(from->context, LMX_ERR_IO,
                    "%s: is damaged: HDF5 does not survive it (exit code %d)",
                    from->path, WEXITSTATUS(result));
  return LMX_OK;
}

/* Without a child only what this program has sealed is read. */
static lmx_status survives(lmx_hdf5_source *from, char *image, bool sealed)
{
  pid_t child = fork();
  if (child == 0)
    rehearse(from, image);
  if (child > 0)
    return await_rehearsal(from, child);
  if (sealed)
    return LMX_OK;
  return lmx_fail(from->context, LMX_ERR_MEMORY,
                  "%s: was changed by another program, and no process can be "
                  "started to see whether it can be read: %s",
                  from->path, strerror(errno));
}

static lmx_status read_image(lmx_hdf5_source *from, char *image, bool sealed,
                             bool *checkpoint, lmx_solution **out)
{
  LMX_TRY(lmx_memory_require(from->context, 2.0 * (double)from->bytes, "HDF5"));
  LMX_TRY(survives(from, image, sealed));
  from->file = open_image(image, from->bytes);
  if (from->file < 0)
    return lmx_fail(from->context, LMX_ERR_IO,
                    "%s: is damaged or truncated: HDF5 cannot open it",
                    from->path);
  lmx_status status = get_solution(from, sealed, checkpoint, out);
  H5Fclose(from->file);
  return status;
}

/* A broken seal ends it here: HDF5 does not survive every damage unharmed. A
 * missing one is fine, other programs that change the file drop it. */
lmx_status lmx_solution_read(lmx_context *context, const char *path,
                             bool *checkpoint, lmx_solution **out)
{
  static const char signature[] = "\211HDF\r\n\032\n";
  lmx_hdf5_source from = {.context = context, .path = path};
  char *image;
  size_t bytes;
  LMX_TRY(lmx_file_read(context, path, &image, &bytes));
  const char *wrong = NULL;
  lmx_seal seal = lmx_seal_check(image, bytes);
  if (bytes < 8 || memcmp(image, signature, 8) != 0)
    wrong = "is not an HDF5 file";
  else if (seal == LMX_SEAL_BROKEN)
    wrong = "is damaged: its checksum is wrong";
  if (wrong != NULL) {
    lmx_free(image);
    return lmx_fail(context, LMX_ERR_IO, "%s: %s", path, wrong);
  }
  lmx_hdf5_quiet quiet = lmx_hdf5_quiet_begin();
  from.bytes = bytes;
  lmx_status status =
      read_image(&from, image, seal == LMX_SEAL_GOOD, checkpoint, out);
  lmx_free(image);
  lmx_hdf5_quiet_end(&quiet);
  return status;
}
