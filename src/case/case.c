/* Cases: loading, releasing, and where their keys were set. */
#include "landaumax/case.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "case/reader.h"

enum { MOST_BYTES = 1 << 20 };

void lmx_case_destroy(lmx_case **lmx_case_)
{
  if (lmx_case_ == NULL || *lmx_case_ == NULL)
    return;
  lmx_case *c = *lmx_case_;
  for (size_t k = 0; k < c->initial.ncomponents; ++k) {
    lmx_free(c->initial.components[k].mean);
    lmx_free(c->initial.components[k].covariance);
  }
  lmx_free((void *)c->initial.components);
  lmx_free((void *)c->initial.weights);
  lmx_free((void *)c->initial.variances);
  lmx_free((void *)c->initial.log_density);
  lmx_free(c->initial_path);
  lmx_free(c->outputs);
  lmx_free(c->numbers);
  lmx_free(c->particles);
  lmx_free(c->checks);
  lmx_free(c->title);
  lmx_free(c->figures_format);
  if (c->where != NULL)
    for (unsigned id = 0; id < LMX_OPTION_COUNT; ++id)
      lmx_free(c->where[id]);
  lmx_free(c->where);
  lmx_free(c->path);
  lmx_free(c);
  *lmx_case_ = NULL;
}

const char *lmx_case_where(const lmx_case *lmx_case_, const char *key)
{
  for (unsigned id = 0; id < LMX_OPTION_COUNT; ++id) {
    const lmx_option *option = lmx_option_get((lmx_option_id)id);
    size_t n = strlen(option->key);
    /* initial.components[2].mean belongs to initial.components */
    if (!option->element && strncmp(key, option->key, n) == 0 &&
        (key[n] == '\0' || key[n] == '[' || key[n] == '.') &&
        lmx_case_->where[id] != NULL)
      return lmx_case_->where[id];
  }
  return lmx_case_->path;
}

static lmx_status keep_places(const lmx_reader *reader, lmx_case *c)
{
  LMX_TRY(LMX_NEW_ARRAY(reader->context, LMX_OPTION_COUNT, &c->where));
  for (unsigned id = 0; id < LMX_OPTION_COUNT; ++id) {
    lmx_text place = {.context = reader->context};
    lmx_reader_place(reader, (lmx_option_id)id, &place);
    LMX_TRY(lmx_text_finish(&place, &c->where[id]));
  }
  return LMX_OK;
}

static lmx_status read_case(const lmx_reader *reader, lmx_case *c)
{
  LMX_TRY(lmx_text_copy(reader->context, reader->path, strlen(reader->path),
                        &c->path));
  LMX_TRY(keep_places(reader, c));
  c->constants = (lmx_check_choice){NAN, NAN, NAN, NAN, NAN, NAN};
  LMX_TRY(lmx_read_scalars(reader, c));
  LMX_TRY(lmx_read_initial(reader, c));
  LMX_TRY(lmx_read_grid(reader, c));
  LMX_TRY(lmx_read_checks(reader, c));
  LMX_TRY(lmx_read_times(reader, c));
  LMX_TRY(lmx_read_particles(reader, c));
  return lmx_read_moments(reader, c);
}

lmx_status lmx_case_parse(lmx_context *context, const char *name,
                          const char *text, size_t length, size_t noverrides,
                          const char *const *overrides, lmx_case **out)
{
  lmx_reader reader = {.context = context,
                       .path = name,
                       .noverrides = noverrides,
                       .overrides = overrides};
  lmx_case *c = NULL;
  lmx_status status;
  LMX_TRY_GOTO(lmx_reader_open(&reader, text, length), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, 1, &c), fail);
  LMX_TRY_GOTO(read_case(&reader, c), fail);
  lmx_reader_close(&reader);
  *out = c;
  return LMX_OK;
fail:
  lmx_case_destroy(&c);
  lmx_reader_close(&reader);
  return status;
}

/* --- files ----------------------------------------------------------- */

static lmx_status fail_reading(lmx_context *context, const char *path)
{
  char what[256];
  if (errno == ENOENT || errno == ENOTDIR)
    return lmx_file_fail(context, path, "is missing, needed is a case file");
  snprintf(what, sizeof what, "cannot be read: %s, needed is a case file",
           strerror(errno));
  return lmx_file_fail(context, path, what);
}

/* One byte more than allowed is read, so that the parser sees the excess. */
static lmx_status read_text(lmx_context *context, const char *path, char **out,
                            size_t *length)
{
  struct stat info;
  lmx_status status;
  FILE *file = fopen(path, "rb");
  if (file == NULL)
    return fail_reading(context, path);
  if (fstat(fileno(file), &info) == 0 && S_ISDIR(info.st_mode)) {
    status = lmx_file_fail(context, path, "is a folder, needed is a case file");
    goto done;
  }
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, MOST_BYTES + 2, out), done);
  *length = fread(*out, 1, MOST_BYTES + 1, file);
  if (ferror(file))
    status = fail_reading(context, path);
done:
  fclose(file);
  return status;
}

/* A path relative to the case file's folder becomes absolute, so that the
 * printed case can be run again from anywhere. */
static lmx_status resolve_path(lmx_context *context, lmx_case *c)
{
  if (c->initial_path == NULL || c->initial_path[0] == '/')
    return LMX_OK;
  const char *slash = strrchr(c->path, '/');
  size_t n = slash == NULL ? 0 : (size_t)(slash - c->path) + 1;
  lmx_text folder = {.context = context};
  lmx_text_add(&folder, "%.*s.", (int)n, c->path);
  char *name, *joined;
  LMX_TRY(lmx_text_finish(&folder, &name));
  char *absolute = realpath(name, NULL);
  lmx_free(name);
  if (absolute == NULL)
    return fail_reading(context, c->path);
  lmx_text path = {.context = context};
  lmx_text_add(&path, "%s/%s", absolute, c->initial_path);
  free(absolute);
  LMX_TRY(lmx_text_finish(&path, &joined));
  lmx_free(c->initial_path);
  c->initial_path = joined;
  return LMX_OK;
}

lmx_status lmx_case_load(lmx_context *context, const char *path,
                         size_t noverrides, const char *const *overrides,
                         lmx_case **out)
{
  char *text = NULL;
  size_t length = 0;
  lmx_case *c = NULL;
  lmx_status status;
  LMX_TRY_GOTO(read_text(context, path, &text, &length), done);
  LMX_TRY_GOTO(
      lmx_case_parse(context, path, text, length, noverrides, overrides, &c),
      done);
  LMX_TRY_GOTO(resolve_path(context, c), done);
  *out = c;
  c = NULL;
done:
  lmx_case_destroy(&c);
  lmx_free(text);
  return status;
}
