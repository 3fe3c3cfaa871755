/* A test in a folder of its own, emptied and removed afterwards. */
#ifndef LMX_TESTS_FOLDER_H
#define LMX_TESTS_FOLDER_H

#include "support.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

typedef struct fixture {
  lmx_context *context;
  char folder[64];
} fixture;

static inline int set_up(void **state)
{
  static fixture f;
  snprintf(f.folder, sizeof f.folder, "test_folder.XXXXXX");
  if (mkdtemp(f.folder) == NULL || lmx_context_create(&f.context) != LMX_OK)
    return -1;
  *state = &f;
  return 0;
}

static inline size_t count_entries(const char *folder, bool remove_them)
{
  size_t n = 0;
  DIR *dir = opendir(folder);
  assert_non_null(dir);
  for (struct dirent *e; (e = readdir(dir)) != NULL;) {
    char path[512];
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
      continue;
    ++n;
    snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
    if (remove_them)
      assert_int_equal(unlink(path), 0);
  }
  closedir(dir);
  return n;
}

static inline int tear_down(void **state)
{
  fixture *f = *state;
  count_entries(f->folder, true);
  lmx_context_destroy(&f->context);
  return rmdir(f->folder);
}

static inline char *in_folder(const fixture *f, const char *name)
{
  char *path;
  ASSERT_OK(f->context, lmx_path_join(f->context, f->folder, name, &path));
  return path;
}

static inline void expect_message(const fixture *f, const char *part)
{
  if (strstr(lmx_context_message(f->context), part) == NULL) {
    print_error("message \"%s\" lacks \"%s\"\n",
                lmx_context_message(f->context), part);
    fail();
  }
}

/* RLIMIT_FSIZE makes write() stop half-way like a full disk. */
static inline struct rlimit limit_files(rlim_t bytes)
{
  struct rlimit old, small;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
  small = old;
  small.rlim_cur = bytes;
  signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  return old;
}

static inline void unlimit_files(const struct rlimit *old)
{
  assert_int_equal(setrlimit(RLIMIT_FSIZE, old), 0);
  signal(SIGXFSZ, SIG_DFL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#endif
