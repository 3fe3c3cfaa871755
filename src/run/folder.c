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

/* Folders inside a run directory. */
static const char *const sub_folders[] = {"tables", "figures",
                                          LMX_ATTEMPT_NAME};
enum {
  SUB_FOLDERS = sizeof sub_folders / sizeof *sub_folders,
  LONGEST = 1000 /* of a path in a message, so that the reason fits */
};

lmx_status lmx_folder_fail(lmx_context *context, const char *verb,
                           const char *path)
{
  int reason = errno;
  bool is_long = strlen(path) > LONGEST;
  return lmx_fail(context, LMX_ERR_IO, "cannot %s %.*s%s: %s", verb, LONGEST,
                  path, is_long ? "..." : "", strerror(reason));
}

/* Relative to the open folder, so that no path is too long. */
bool lmx_folder_has(const char *folder, const char *name)
{
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return false;
  bool there = faccessat(fd, name, F_OK, 0) == 0;
  close(fd);
  return there;
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

bool lmx_folder_temporary(const char *name)
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

/* Removes the chosen entries of a folder that may be absent. */
static lmx_status remove_entries(lmx_context *context, const char *folder,
                                 choose_fn *chosen)
{
  lmx_status status = LMX_OK;
  DIR *dir = opendir(folder);
  if (dir == NULL && errno == ENOENT)
    return LMX_OK;
  if (dir == NULL)
    return lmx_folder_fail(context, "read folder", folder);
  for (struct dirent *e; status == LMX_OK && (e = readdir(dir)) != NULL;)
    if (chosen(e->d_name) && unlinkat(dirfd(dir), e->d_name, 0) != 0)
      status = lmx_fail(context, LMX_ERR_IO, "cannot remove %s/%s: %s", folder,
                        e->d_name, strerror(errno));
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

lmx_status lmx_run_folder_clear_temporaries(lmx_context *context,
                                            const char *folder)
{
  return remove_entries(context, folder, lmx_folder_temporary);
}

bool lmx_folder_unfinished_case(const char *name)
{
  return strncmp(name, LMX_CASE_NAME, strlen(LMX_CASE_NAME)) == 0 &&
         lmx_folder_temporary(name);
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
  *out = (lmx_run_folder){.path = path, .lock = -1};
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return lmx_folder_fail(context, "open folder", path);
  if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    close(fd);
    return lmx_fail(context, LMX_ERR_USAGE,
                    "%s: another landaumax is working there", path);
  }
  out->lock = fd;
  if (!lmx_folder_has(path, LMX_CASE_NAME))
    return LMX_OK; /* not ours yet: nothing of it is touched */
  lmx_status status = lmx_run_folder_complete_locked(context, out);
  if (status == LMX_OK)
    status = remove_entries(context, path, lmx_folder_temporary);
  for (int i = 0; i < SUB_FOLDERS && status == LMX_OK; ++i)
    status = remove_inside(context, path, sub_folders[i], lmx_folder_temporary);
  if (status != LMX_OK)
    lmx_run_folder_release(out);
  return status;
}

void lmx_run_folder_release(lmx_run_folder *folder)
{
  lmx_run_folder_drop_stage(folder);
  if (folder->path != NULL && folder->lock >= 0)
    close(folder->lock);
  lmx_free(folder->work);
  *folder = (lmx_run_folder){.lock = -1};
}
