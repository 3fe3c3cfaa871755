/* Whole files, folders and paths. */
#include "landaumax/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A pipe or a device may have no end; nothing we read from one is larger. */
static const size_t endless = (size_t)1 << 30;

static lmx_status fail_errno(lmx_context *context, const char *verb,
                             const char *path, int reason)
{
  enum { LONGEST = 1000 }; /* so that the reason fits into the message */
  bool is_long = strlen(path) > LONGEST;
  return lmx_fail(context, LMX_ERR_IO, "cannot %s %.*s%s: %s", verb, LONGEST,
                  path, is_long ? "..." : "", strerror(reason));
}

static lmx_status copy_text(lmx_context *context, const char *text, size_t n,
                            char **out)
{
  char *copy;
  LMX_TRY(LMX_NEW_ARRAY(context, n + 1, &copy));
  memcpy(copy, text, n);
  *out = copy;
  return LMX_OK;
}

/* The functions below return 0 or an errno value. */

static int write_all(int fd, const char *data, size_t bytes)
{
  while (bytes > 0) {
    ssize_t n = write(fd, data, bytes);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return errno;
    data += n;
    bytes -= (size_t)n;
  }
  return 0;
}

/* An old temporary of that name can only be left from a killed process whose
 * number came round again. */
static int open_temporary(const char *path, int *fd)
{
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  *fd = open(path, flags, 0666);
  if (*fd < 0 && errno == EEXIST && unlink(path) == 0)
    *fd = open(path, flags, 0666);
  return *fd < 0 ? errno : 0;
}

/* `old` is what will be replaced, NULL if there is nothing. */
static int write_temporary(const char *path, const struct stat *old,
                           const void *data, size_t bytes)
{
  int fd;
  int reason = open_temporary(path, &fd);
  if (reason != 0)
    return reason;
  if (old != NULL && fchmod(fd, old->st_mode & 07777) != 0 && errno != EPERM)
    reason = errno;
  if (reason == 0)
    reason = write_all(fd, data, bytes);
  if (reason == 0 && fsync(fd) != 0)
    reason = errno;
  if (close(fd) != 0 && reason == 0)
    reason = errno;
  if (reason != 0)
    unlink(path);
  return reason;
}

/* Makes a rename last. Some file systems cannot flush a folder: EINVAL. */
static int flush_folder(const char *folder)
{
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return errno;
  int reason = fsync(fd) == 0 || errno == EINVAL ? 0 : errno;
  close(fd);
  return reason;
}

/* The folder that holds `path`, in fresh memory. */
static lmx_status folder_of(lmx_context *context, const char *path, char **out)
{
  const char *slash = strrchr(path, '/');
  if (slash == NULL)
    return copy_text(context, ".", 1, out);
  size_t n = slash == path ? 1 : (size_t)(slash - path);
  return copy_text(context, path, n, out);
}

lmx_status lmx_file_write(lmx_context *context, const char *path,
                          const void *data, size_t bytes)
{
  char *temporary = NULL, *folder = NULL;
  int reason;
  struct stat old;
  size_t n = strlen(path) + 32;
  bool there = lstat(path, &old) == 0;
  if (there && !S_ISREG(old.st_mode))
    return lmx_fail(context, LMX_ERR_IO,
                    "cannot write %s: it is %s, not a regular file", path,
                    S_ISDIR(old.st_mode)   ? "a folder"
                    : S_ISLNK(old.st_mode) ? "a symbolic link"
                                           : "a device or a pipe");
  lmx_status status = LMX_NEW_ARRAY(context, n, &temporary);
  if (status != LMX_OK)
    return status;
  LMX_TRY_GOTO(folder_of(context, path, &folder), end);
  snprintf(temporary, n, "%s.tmp%ld", path, (long)getpid());
  reason = write_temporary(temporary, there ? &old : NULL, data, bytes);
  if (reason == 0 && rename(temporary, path) != 0) {
    reason = errno;
    unlink(temporary);
  }
  if (reason == 0)
    reason = flush_folder(folder);
  if (reason != 0)
    status = fail_errno(context, "write", path, reason);
end:
  lmx_free(folder);
  lmx_free(temporary);
  return status;
}

/* Reads to the end of fd into *data, which may be replaced by a larger one;
 * one byte stays free for the NUL. */
static lmx_status read_all(lmx_context *context, const char *path, int fd,
                           size_t capacity, char **data, size_t *bytes)
{
  const size_t limit = capacity > endless ? capacity : endless;
  for (*bytes = 0;;) {
    ssize_t n = read(fd, *data + *bytes, capacity - 1 - *bytes);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fail_errno(context, "read", path, errno);
    if (n == 0)
      return LMX_OK;
    *bytes += (size_t)n;
    if (*bytes < capacity - 1)
      continue;
    if (*bytes >= limit)
      return fail_errno(context, "read", path, EFBIG);
    char *larger;
    LMX_TRY(LMX_NEW_ARRAY(context, 2 * capacity, &larger));
    memcpy(larger, *data, *bytes);
    lmx_free(*data);
    *data = larger;
    capacity *= 2;
  }
}

lmx_status lmx_file_read(lmx_context *context, const char *path, char **out,
                         size_t *bytes)
{
  char *data = NULL;
  size_t n = 0;
  struct stat info;
  lmx_status status = LMX_OK;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return fail_errno(context, "read", path, errno);
  if (fstat(fd, &info) != 0) {
    status = fail_errno(context, "read", path, errno);
    goto end;
  }
  /* two bytes more than the size: the NUL, and room to see the end */
  size_t capacity = S_ISREG(info.st_mode) ? (size_t)info.st_size + 2 : 65536;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, capacity, &data), end);
  LMX_TRY_GOTO(read_all(context, path, fd, capacity, &data, &n), end);
  data[n] = '\0';
  *out = data;
  *bytes = n;
  data = NULL;
end:
  lmx_free(data);
  close(fd);
  return status;
}

static int make_folder(const char *path)
{
  struct stat info;
  if (mkdir(path, 0777) == 0)
    return 0;
  int reason = errno;
  /* A folder that is there may answer EEXIST, but also EACCES or EROFS. */
  if (stat(path, &info) != 0)
    return reason;
  return S_ISDIR(info.st_mode) ? 0 : ENOTDIR;
}

lmx_status lmx_folder_create(lmx_context *context, const char *path)
{
  char *prefix;
  int reason = *path == '\0' ? ENOENT : 0;
  LMX_TRY(copy_text(context, path, strlen(path), &prefix));
  for (char *p = prefix; *p != '\0' && reason == 0; ++p) {
    if (*p != '/' || p == prefix)
      continue;
    *p = '\0';
    reason = make_folder(prefix);
    *p = '/';
  }
  if (reason == 0)
    reason = make_folder(prefix);
  lmx_free(prefix);
  if (reason != 0)
    return fail_errno(context, "make folder", path, reason);
  return LMX_OK;
}

lmx_status lmx_path_join(lmx_context *context, const char *folder,
                         const char *name, char **out)
{
  size_t n = strlen(folder);
  if (n == 0 || name[0] == '/')
    return copy_text(context, name, strlen(name), out);
  const char *separator = folder[n - 1] == '/' ? "" : "/";
  size_t size = n + strlen(name) + 2;
  char *path;
  LMX_TRY(LMX_NEW_ARRAY(context, size, &path));
  snprintf(path, size, "%s%s%s", folder, separator, name);
  *out = path;
  return LMX_OK;
}
