/* The run directory: new results take the place of those that are there.
 *
 * Tables, figures, reports and, of a run, case and solution are first written
 * whole into a folder of their own, the stage. It is then renamed to
 * results.ready, and from that moment on the new results are those of the
 * directory: what remains is to move them to their places, which whoever locks
 * the directory next does again from the start, should a kill come in between.
 * Before that moment nothing of the old results is touched. */
/* renames relative to open folders:
 * NOLINTNEXTLINE(bugprone-reserved-identifier)
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "landaumax/io.h"
#include "landaumax/run.h"
#include "run/folder.h"

#define STAGE "results.new"
#define READY "results.ready"
#define REPORT "report.json"

/* Results: folders with how their files end, and files. The report comes last:
 * as long as it waits in results.ready, all is of a checked run. */
static const struct {
  const char *name, *old, *ends[2];
} folders[] = {{"tables", "tables.old", {".dat", ".dat"}},
               {"figures", "figures.old", {".png", ".pdf"}}};
static const char *const files[] = {LMX_CASE_NAME, LMX_SOLUTION_NAME,
                                    "report.txt", "report.html", REPORT};
/* What is of no use once results are complete. */
static const char *const states[] = {LMX_PARTICLES_NAME, LMX_CHECKPOINT_NAME,
                                     LMX_FAILED_NAME};
enum {
  FOLDERS = sizeof folders / sizeof *folders,
  FILES = sizeof files / sizeof *files,
  STATES = sizeof states / sizeof *states
};

/* --- below an open folder; 0 or an errno value -------------------------- */

static bool has(int dir, const char *name)
{
  return faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static int open_folder(int dir, const char *name, int *out)
{
  *out = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return *out < 0 ? errno : 0;
}

static int remove_file(int dir, const char *name)
{
  return unlinkat(dir, name, 0) == 0 || errno == ENOENT ? 0 : errno;
}

static bool is_result(size_t folder, const char *name)
{
  for (size_t i = 0; i < 2; ++i) {
    const char *end = folders[folder].ends[i];
    size_t n = strlen(name), m = strlen(end);
    if (n > m && strcmp(name + n - m, end) == 0)
      return true;
  }
  return lmx_folder_temporary(name);
}

/* Calls `visit` with the name of each entry but "." and "..". */
typedef int visit_fn(void *user, int dir, const char *name);
static int each_entry(int dir, const char *name, visit_fn *visit, void *user)
{
  int fd, reason = open_folder(dir, name, &fd);
  if (reason != 0)
    return reason;
  DIR *listing = fdopendir(fd);
  if (listing == NULL) {
    reason = errno;
    close(fd);
    return reason;
  }
  for (struct dirent *e; reason == 0 && (e = readdir(listing)) != NULL;)
    if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
      reason = visit(user, fd, e->d_name);
  closedir(listing); /* and fd */
  return reason;
}

static int remove_any(void *user, int dir, const char *name)
{
  (void)user;
  if (unlinkat(dir, name, 0) == 0)
    return 0;
  int reason = errno;
  if (reason != EISDIR && reason != EPERM)
    return reason;
  reason = each_entry(dir, name, remove_any, NULL);
  if (reason == 0 && unlinkat(dir, name, AT_REMOVEDIR) != 0)
    reason = errno;
  return reason;
}

/* A stage that was left, with all that is in it. */
static int remove_stage(int dir, const char *name)
{
  return has(dir, name) ? remove_any(NULL, dir, name) : 0;
}

/* --- moving what is ready ------------------------------------------------ */

typedef struct rescue {
  size_t folder; /* index */
  int to;        /* the open new folder */
} rescue;

/* What the user has put beside the old results stays there. */
static int remove_or_rescue(void *user, int dir, const char *name)
{
  const rescue *r = user;
  if (is_result(r->folder, name))
    return remove_file(dir, name);
  return renameat(dir, name, r->to, name) == 0 ? 0 : errno;
}

static int empty_old_folder(int dir, int ready, size_t i)
{
  rescue r = {i, -1};
  if (unlinkat(ready, folders[i].old, 0) == 0) /* a link to a folder */
    return 0;
  int reason = open_folder(dir, folders[i].name, &r.to);
  if (reason != 0)
    return reason;
  reason = each_entry(ready, folders[i].old, remove_or_rescue, &r);
  close(r.to);
  if (reason == 0 && unlinkat(ready, folders[i].old, AT_REMOVEDIR) != 0)
    reason = errno;
  return reason;
}

/* First the old one goes aside, then the new one comes, then what was the
 * user's moves over: each step is seen from what is there. */
static int move_folder(int dir, int ready, size_t i)
{
  const char *name = folders[i].name, *old = folders[i].old;
  if (has(ready, name)) {
    if (has(dir, name) && renameat(dir, name, ready, old) != 0)
      return errno;
    if (renameat(ready, name, dir, name) != 0)
      return errno;
  }
  return has(ready, old) ? empty_old_folder(dir, ready, i) : 0;
}

static int move_all(int dir, int ready)
{
  int reason = 0;
  for (size_t i = 0; i < STATES && reason == 0 && has(ready, REPORT); ++i)
    reason = remove_file(dir, states[i]);
  for (size_t i = 0; i < FOLDERS && reason == 0; ++i)
    reason = move_folder(dir, ready, i);
  for (size_t i = 0; i < FILES && reason == 0; ++i)
    if (renameat(ready, files[i], dir, files[i]) != 0 && errno != ENOENT)
      reason = errno;
  return reason;
}

/* States of the run are removed; anything else that is left is the user's. */
static int clear_ready(void *user, int ready, const char *name)
{
  const int *dir = user;
  for (size_t i = 0; i < STATES; ++i)
    if (strcmp(name, states[i]) == 0)
      return remove_file(ready, name);
  if (lmx_folder_temporary(name) || has(*dir, name))
    return remove_any(NULL, ready, name);
  return renameat(ready, name, *dir, name) == 0 ? 0 : errno;
}

static int complete(int dir)
{
  int ready, reason = open_folder(dir, READY, &ready);
  if (reason == ENOENT)
    return 0;
  if (reason != 0)
    return reason;
  reason = move_all(dir, ready);
  close(ready);
  if (reason == 0)
    reason = each_entry(dir, READY, clear_ready, &dir);
  if (reason == 0 && unlinkat(dir, READY, AT_REMOVEDIR) != 0)
    reason = errno;
  if (reason == 0 && fsync(dir) != 0 && errno != EINVAL)
    reason = errno;
  return reason;
}

static lmx_status fail_exchange(lmx_context *context, const char *path,
                                int reason)
{
  return lmx_fail(context, LMX_ERR_IO,
                  "cannot move new results from %s/" READY
                  " to their places: %s; the next command that works there "
                  "tries again",
                  path, strerror(reason));
}

lmx_status lmx_run_folder_complete_locked(lmx_context *context,
                                          const lmx_run_folder *folder)
{
  int reason = complete(folder->lock);
  if (reason != 0)
    return fail_exchange(context, folder->path, reason);
  reason = remove_stage(folder->lock, STAGE);
  if (reason != 0)
    return lmx_fail(context, LMX_ERR_IO, "cannot remove %s/" STAGE ": %s",
                    folder->path, strerror(reason));
  return LMX_OK;
}

lmx_status lmx_run_folder_complete(lmx_context *context, const char *path)
{
  enum { TRIES = 200 };
  const struct timespec pause = {0, 10 * 1000 * 1000};
  lmx_status status = LMX_OK;
  for (int i = 0; i < TRIES && lmx_folder_has(path, READY); ++i) {
    lmx_run_folder folder;
    status = lmx_run_folder_lock(context, path, &folder); /* completes it */
    if (status == LMX_OK)
      lmx_run_folder_release(&folder);
    if (status != LMX_ERR_USAGE) /* another is just doing it */
      return status;
    nanosleep(&pause, NULL);
  }
  return lmx_folder_has(path, READY) ? status : LMX_OK;
}

lmx_status lmx_run_complete(lmx_context *context, const char *folder)
{
  return lmx_run_folder_complete(context, folder);
}

/* --- a stage -------------------------------------------------------------- */

/* Of an attempt, in which nothing is the user's. */
static int clear_results(int attempt)
{
  static const char *const reports[] = {"report.txt", "report.html", REPORT};
  int reason = 0;
  for (size_t i = 0; i < FOLDERS && reason == 0; ++i)
    reason = remove_stage(attempt, folders[i].name);
  for (size_t i = 0; i < 3 && reason == 0; ++i)
    reason = remove_file(attempt, reports[i]);
  return reason;
}

lmx_status lmx_run_folder_clear_results(lmx_context *context,
                                        const char *attempt)
{
  int fd, reason = open_folder(AT_FDCWD, attempt, &fd);
  if (reason == ENOENT)
    return LMX_OK;
  if (reason == 0) {
    reason = clear_results(fd);
    close(fd);
  }
  if (reason == 0)
    return LMX_OK;
  return lmx_fail(context, LMX_ERR_IO, "cannot clear %s: %s", attempt,
                  strerror(reason));
}

/* A whole run leaves none of the tables and figures of before. */
static int make_folders(const lmx_run_folder *folder)
{
  int fd, reason = open_folder(AT_FDCWD, folder->stage, &fd);
  if (reason != 0)
    return reason;
  for (size_t i = 0; i < FOLDERS && reason == 0; ++i)
    if (has(folder->lock, folders[i].name) &&
        mkdirat(fd, folders[i].name, 0777) != 0)
      reason = errno;
  close(fd);
  return reason;
}

static int make_stage(const lmx_run_folder *folder)
{
  int reason = remove_stage(folder->lock, STAGE);
  if (reason == 0 && mkdirat(folder->lock, STAGE, 0777) != 0)
    reason = errno;
  return reason;
}

lmx_status lmx_run_folder_stage(lmx_context *context, lmx_run_folder *folder)
{
  lmx_free(folder->stage);
  folder->stage = NULL;
  folder->whole =
      folder->work != NULL && strcmp(folder->work, folder->path) != 0;
  LMX_TRY(lmx_path_join(context, folder->whole ? "" : folder->path,
                        folder->whole ? folder->work : STAGE, &folder->stage));
  if (folder->whole)
    LMX_TRY(lmx_run_folder_clear_results(context, folder->stage));
  int reason = folder->whole ? make_folders(folder) : make_stage(folder);
  if (reason == 0)
    return LMX_OK;
  return lmx_fail(context, LMX_ERR_IO, "cannot write %s: %s", folder->stage,
                  strerror(reason));
}

void lmx_run_folder_drop_stage(lmx_run_folder *folder)
{
  if (folder->stage != NULL && !folder->whole)
    remove_stage(folder->lock, STAGE);
  lmx_free(folder->stage);
  folder->stage = NULL;
}

/* Names that something else has taken are found before anything moves. */
static lmx_status refuse_taken(lmx_context *context,
                               const lmx_run_folder *folder)
{
  struct stat info;
  const char *taken = NULL;
  for (size_t i = 0; i < FOLDERS && taken == NULL; ++i)
    if (fstatat(folder->lock, folders[i].name, &info, 0) == 0 &&
        !S_ISDIR(info.st_mode))
      taken = folders[i].name;
  for (size_t i = 0; i < FILES && taken == NULL; ++i)
    if (fstatat(folder->lock, files[i], &info, 0) == 0 && S_ISDIR(info.st_mode))
      taken = files[i];
  if (taken == NULL)
    return LMX_OK;
  bool is_folder = S_ISDIR(info.st_mode);
  return lmx_fail(context, LMX_ERR_IO, "cannot write %s/%s: a %s is in the way",
                  folder->path, taken, is_folder ? "folder" : "file");
}

lmx_status lmx_run_folder_exchange(lmx_context *context, lmx_run_folder *folder)
{
  int reason = 0;
  char *path;
  LMX_TRY(refuse_taken(context, folder));
  LMX_TRY(lmx_path_join(context, "", folder->path, &path)); /* a copy */
  lmx_free(folder->work);
  folder->work = path;
  const char *name = folder->whole ? LMX_ATTEMPT_NAME : STAGE;
  if (renameat(folder->lock, name, folder->lock, READY) != 0)
    reason = errno;
  else
    reason = complete(folder->lock);
  if (reason != 0)
    return fail_exchange(context, folder->path, reason);
  lmx_free(folder->stage);
  folder->stage = NULL;
  return LMX_OK;
}
