/* The run directory: whose it is, and what earlier runs left in it. */
#include "run/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "landaumax/io.h"

/* What a run puts into its folder besides case.toml and checkpoint.h5. */
static const char *const result_files[] = {LMX_SOLUTION_NAME, "report.txt",
                                           "report.json", "report.html"};
static const char *const sub_folders[] = {"tables", "figures"};
enum {
  RESULT_FILES = sizeof result_files / sizeof *result_files,
  SUB_FOLDERS = sizeof sub_folders / sizeof *sub_folders
};

static lmx_status fail_errno(lmx_context *context, const char *verb,
                             const char *path)
{
  return lmx_fail(context, LMX_ERR_IO, "cannot %s %s: %s", verb, path,
                  strerror(errno));
}

bool lmx_folder_has(const char *folder, const char *name)
{
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return access(path, F_OK) == 0;
}

lmx_status lmx_run_folder_write(lmx_context *context, const char *folder,
                                const char *name, const char *text)
{
  char *path;
  LMX_TRY(lmx_path_join(context, folder, name, &path));
  lmx_status status = lmx_file_write(context, path, text, strlen(text));
  lmx_free(path);
  return status;
}

/* --- entries of a folder --------------------------------------------- */

typedef bool choose_fn(const char *name);

/* "NAME.tmp123", as lmx_file_write calls what it has not finished. */
static bool is_temporary(const char *name)
{
  const char *mark = NULL;
  for (const char *p = name; (p = strstr(p, ".tmp")) != NULL; ++p)
    mark = p;
  if (mark == NULL || mark == name || mark[4] == '\0')
    return false;
  return strspn(mark + 4, "0123456789") == strlen(mark + 4);
}

static bool ends_with(const char *name, const char *end)
{
  size_t n = strlen(name), m = strlen(end);
  return n > m && strcmp(name + n - m, end) == 0;
}

static bool is_table(const char *name)
{
  return ends_with(name, ".dat");
}

static bool is_figure(const char *name)
{
  return ends_with(name, ".png") || ends_with(name, ".pdf");
}

static bool is_foreign(const char *name)
{
  bool unfinished_case =
      strncmp(name, LMX_CASE_NAME, strlen(LMX_CASE_NAME)) == 0 &&
      is_temporary(name);
  return strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !unfinished_case;
}

/* Removes the chosen entries of a folder that may be absent. */
static lmx_status remove_entries(lmx_context *context, const char *folder,
                                 choose_fn *chosen)
{
  lmx_status status = LMX_OK;
  DIR *dir = opendir(folder);
  if (dir == NULL && errno == ENOENT)
    return LMX_OK;
  if (dir == NULL)
    return fail_errno(context, "read folder", folder);
  for (struct dirent *e; status == LMX_OK && (e = readdir(dir)) != NULL;)
    if (chosen(e->d_name) && unlinkat(dirfd(dir), e->d_name, 0) != 0) {
      char path[4096];
      snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
      status = fail_errno(context, "remove", path);
    }
  closedir(dir);
  return status;
}

static lmx_status remove_inside(lmx_context *context, const char *folder,
                                const char *name, choose_fn *chosen)
{
  char *path;
  LMX_TRY(lmx_path_join(context, folder, name, &path));
  lmx_status status = remove_entries(context, path, chosen);
  lmx_free(path);
  return status;
}

lmx_status lmx_run_folder_clear_tables(lmx_context *context, const char *folder)
{
  return remove_inside(context, folder, "tables", is_table);
}

lmx_status lmx_run_folder_clear_figures(lmx_context *context,
                                        const char *folder)
{
  return remove_inside(context, folder, "figures", is_figure);
}

/* --- locking --------------------------------------------------------- */

/* File systems without locks answer something else than EWOULDBLOCK; there
 * the user must keep runs apart. */
lmx_status lmx_run_folder_lock(lmx_context *context, const char *path,
                               lmx_run_folder *out)
{
  *out = (lmx_run_folder){path, -1};
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return fail_errno(context, "open folder", path);
  if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    close(fd);
    return lmx_fail(context, LMX_ERR_USAGE,
                    "%s: another landaumax is working there", path);
  }
  out->lock = fd;
  if (!lmx_folder_has(path, LMX_CASE_NAME))
    return LMX_OK; /* not ours yet: nothing of it is touched */
  lmx_status status = remove_entries(context, path, is_temporary);
  for (int i = 0; i < SUB_FOLDERS && status == LMX_OK; ++i)
    status = remove_inside(context, path, sub_folders[i], is_temporary);
  if (status != LMX_OK)
    lmx_run_folder_release(out);
  return status;
}

void lmx_run_folder_release(lmx_run_folder *folder)
{
  if (folder->path != NULL && folder->lock >= 0)
    close(folder->lock);
  *folder = (lmx_run_folder){NULL, -1};
}

/* --- claiming -------------------------------------------------------- */

static lmx_status refuse_foreign(lmx_context *context, const char *path)
{
  lmx_status status = LMX_OK;
  DIR *dir = opendir(path);
  if (dir == NULL)
    return fail_errno(context, "read folder", path);
  for (struct dirent *e; status == LMX_OK && (e = readdir(dir)) != NULL;)
    if (is_foreign(e->d_name))
      status = lmx_fail(context, LMX_ERR_USAGE,
                        "%s is not empty and not a run directory (it holds "
                        "%s); choose another with --out",
                        path, e->d_name);
  closedir(dir);
  return status;
}

/* Length of the part both texts begin with, cut back to whole lines. */
static size_t common_lines(const char *x, const char *y)
{
  size_t n = 0, line = 0;
  while (x[n] != '\0' && x[n] == y[n])
    if (x[n++] == '\n')
      line = n;
  return line;
}

static lmx_status require_same_case(lmx_context *context, const char *path,
                                    const char *text)
{
  char *file, *stored;
  size_t bytes;
  LMX_TRY(lmx_path_join(context, path, LMX_CASE_NAME, &file));
  lmx_status status = lmx_file_read(context, file, &stored, &bytes);
  lmx_free(file);
  LMX_TRY(status);
  if (strcmp(stored, text) != 0) {
    size_t n = common_lines(stored, text);
    int there = (int)strcspn(stored + n, "\n");
    int here = (int)strcspn(text + n, "\n");
    status = lmx_fail(context, LMX_ERR_USAGE,
                      "%s holds the run of another case: its %s says "
                      "\"%.*s\", this case \"%.*s\"; --resume needs the same",
                      path, LMX_CASE_NAME, there < 200 ? there : 200,
                      stored + n, here < 200 ? here : 200, text + n);
  }
  lmx_free(stored);
  return status;
}

/* The new case.toml comes last: a folder never holds the results of one case
 * beside the text of another. */
static lmx_status replace_run(lmx_context *context, const char *path,
                              const char *text)
{
  char *file;
  for (int i = 0; i < RESULT_FILES; ++i) {
    LMX_TRY(lmx_path_join(context, path, result_files[i], &file));
    lmx_status status = LMX_OK;
    if (unlink(file) != 0 && errno != ENOENT)
      status = fail_errno(context, "remove", file);
    lmx_free(file);
    LMX_TRY(status);
  }
  LMX_TRY(lmx_run_folder_clear_tables(context, path));
  LMX_TRY(lmx_run_folder_clear_figures(context, path));
  return lmx_run_folder_write(context, path, LMX_CASE_NAME, text);
}

static lmx_status claim(lmx_context *context, const char *path,
                        const char *text, bool resume)
{
  if (!lmx_folder_has(path, LMX_CASE_NAME)) {
    LMX_TRY(refuse_foreign(context, path));
    LMX_TRY(remove_entries(context, path, is_temporary));
    return lmx_run_folder_write(context, path, LMX_CASE_NAME, text);
  }
  if (resume)
    return require_same_case(context, path, text);
  if (lmx_folder_has(path, LMX_CHECKPOINT_NAME) ||
      lmx_folder_has(path, LMX_PARTICLES_NAME))
    return lmx_fail(context, LMX_ERR_USAGE,
                    "%s holds an interrupted run: continue it with --resume, "
                    "or remove the folder",
                    path);
  return replace_run(context, path, text);
}

lmx_status lmx_run_folder_claim(lmx_context *context, const char *path,
                                const char *case_text, bool resume,
                                lmx_run_folder *out)
{
  struct stat info;
  bool fresh = stat(path, &info) != 0 && errno == ENOENT;
  if (fresh)
    LMX_TRY(lmx_folder_create(context, path));
  LMX_TRY(lmx_run_folder_lock(context, path, out));
  lmx_status status = claim(context, path, case_text, resume);
  if (status != LMX_OK) {
    lmx_run_folder_release(out);
    if (fresh)
      rmdir(path); /* which spares it if anything is inside */
  }
  return status;
}

lmx_status lmx_run_folder_claim_unsolved(lmx_context *context, const char *path,
                                         const lmx_case *lmx_case_, bool resume,
                                         lmx_run_folder *out)
{
  char *text;
  if (lmx_folder_has(path, LMX_SOLUTION_NAME))
    return lmx_fail(context, LMX_ERR_USAGE,
                    "%s holds a solved run, which this would replace; choose "
                    "another folder with --out",
                    path);
  LMX_TRY(lmx_case_print(context, lmx_case_, &text));
  lmx_status status = lmx_run_folder_claim(context, path, text, resume, out);
  lmx_free(text);
  return status;
}
