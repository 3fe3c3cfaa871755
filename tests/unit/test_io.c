/* Files whole or absent, folders, paths, tables. */
#include "folder.h"

#include <sys/stat.h>

/* --- files ------------------------------------------------------------- */

static void files_come_back_as_written(void **state)
{
  fixture *f = *state;
  char *path = in_folder(f, "data"), *back;
  char data[5000];
  size_t bytes;
  for (size_t i = 0; i < sizeof data; ++i)
    data[i] = (char)(i * 37 + i / 256);
  ASSERT_OK(f->context, lmx_file_write(f->context, path, data, sizeof data));
  ASSERT_OK(f->context, lmx_file_read(f->context, path, &back, &bytes));
  assert_int_equal(bytes, sizeof data);
  assert_memory_equal(back, data, sizeof data);
  assert_int_equal(back[bytes], 0);
  lmx_free(back);
  /* replaced by an empty one */
  ASSERT_OK(f->context, lmx_file_write(f->context, path, "", 0));
  ASSERT_OK(f->context, lmx_file_read(f->context, path, &back, &bytes));
  assert_int_equal(bytes, 0);
  assert_int_equal(back[0], 0);
  lmx_free(back);
  assert_int_equal(count_entries(f->folder, false), 1);
  lmx_free(path);
}

static void new_files_obey_the_umask(void **state)
{
  fixture *f = *state;
  char *path = in_folder(f, "mode");
  struct stat info;
  mode_t old = umask(027);
  ASSERT_OK(f->context, lmx_file_write(f->context, path, "x", 1));
  umask(old);
  assert_int_equal(stat(path, &info), 0);
  assert_int_equal(info.st_mode & 0777, 0640);
  lmx_free(path);
}

static void unwritable_places_are_io_errors(void **state)
{
  fixture *f = *state;
  char *file = in_folder(f, "plain"), *below, *folder, *back;
  size_t bytes;
  ASSERT_OK(f->context, lmx_file_write(f->context, file, "x", 1));
  ASSERT_OK(f->context, lmx_path_join(f->context, file, "y", &below));
  assert_int_equal(lmx_file_write(f->context, below, "x", 1), LMX_ERR_IO);
  expect_message(f, below);
  expect_message(f, "Not a directory");
  assert_int_equal(lmx_folder_create(f->context, below), LMX_ERR_IO);
  assert_int_equal(lmx_folder_create(f->context, file), LMX_ERR_IO);
  expect_message(f, "Not a directory");
  assert_int_equal(lmx_file_write(f->context, "/proc/landaumax", "x", 1),
                   LMX_ERR_IO);
  expect_message(f, "/proc/landaumax: ");
  /* over a folder: the rename fails after everything was written */
  folder = in_folder(f, "sub");
  ASSERT_OK(f->context, lmx_folder_create(f->context, folder));
  assert_int_equal(lmx_file_write(f->context, folder, "x", 1), LMX_ERR_IO);
  assert_int_equal(lmx_file_read(f->context, folder, &back, &bytes),
                   LMX_ERR_IO);
  expect_message(f, "Is a directory");
  assert_int_equal(rmdir(folder), 0);
  assert_int_equal(lmx_file_read(f->context, folder, &back, &bytes),
                   LMX_ERR_IO);
  expect_message(f, "No such file");
  assert_int_equal(count_entries(f->folder, false), 1);
  lmx_free(folder);
  lmx_free(below);
  lmx_free(file);
}

static lmx_status write_limited(const fixture *f, const char *path,
                                const char *data, size_t bytes)
{
  struct rlimit old = limit_files(4096);
  lmx_status status = lmx_file_write(f->context, path, data, bytes);
  unlimit_files(&old);
  return status;
}

static void a_full_disk_leaves_the_old_file_whole(void **state)
{
  fixture *f = *state;
  char *path = in_folder(f, "full"), *data, *back;
  size_t bytes, n = 1 << 20;
  ASSERT_OK(f->context, LMX_NEW_ARRAY(f->context, n, &data));
  assert_int_equal(write_limited(f, path, data, n), LMX_ERR_IO);
  expect_message(f, path);
  assert_int_equal(count_entries(f->folder, false), 0);
  ASSERT_OK(f->context, lmx_file_write(f->context, path, "old", 3));
  assert_int_equal(write_limited(f, path, data, n), LMX_ERR_IO);
  ASSERT_OK(f->context, lmx_file_read(f->context, path, &back, &bytes));
  assert_string_equal(back, "old");
  assert_int_equal(count_entries(f->folder, false), 1);
  lmx_free(back);
  lmx_free(data);
  lmx_free(path);
}

static void a_killed_write_is_no_obstacle(void **state)
{
  fixture *f = *state;
  char *path = in_folder(f, "again"), name[64];
  snprintf(name, sizeof name, "again.tmp%ld", (long)getpid());
  char *stale = in_folder(f, name);
  FILE *file = fopen(stale, "w");
  assert_non_null(file);
  fputs("left over", file);
  assert_int_equal(fclose(file), 0);
  ASSERT_OK(f->context, lmx_file_write(f->context, path, "new", 3));
  assert_int_equal(count_entries(f->folder, false), 1);
  lmx_free(stale);
  lmx_free(path);
}

static void pipes_are_read_to_their_end(void **state)
{
  fixture *f = *state;
  int ends[2];
  char name[64], *back;
  size_t bytes;
  assert_int_equal(pipe(ends), 0);
  assert_int_equal(write(ends[1], "text", 4), 4);
  close(ends[1]);
  snprintf(name, sizeof name, "/proc/self/fd/%d", ends[0]);
  ASSERT_OK(f->context, lmx_file_read(f->context, name, &back, &bytes));
  assert_int_equal(bytes, 4);
  assert_string_equal(back, "text");
  lmx_free(back);
  close(ends[0]);
}

static void folders_are_made_with_their_parents(void **state)
{
  fixture *f = *state;
  struct stat info;
  char *path = in_folder(f, "a//b/c/");
  ASSERT_OK(f->context, lmx_folder_create(f->context, path));
  ASSERT_OK(f->context, lmx_folder_create(f->context, path));
  ASSERT_OK(f->context, lmx_folder_create(f->context, "/"));
  assert_int_equal(lmx_folder_create(f->context, ""), LMX_ERR_IO);
  assert_int_equal(stat(path, &info), 0);
  assert_true(S_ISDIR(info.st_mode));
  lmx_free(path);
  const char *const made[] = {"a/b/c", "a/b", "a"};
  for (size_t i = 0; i < 3; ++i) {
    path = in_folder(f, made[i]);
    assert_int_equal(rmdir(path), 0);
    lmx_free(path);
  }
}

static void paths_join(void **state)
{
  fixture *f = *state;
  const char *const want[][3] = {{"a", "b", "a/b"},
                                 {"a/", "b", "a/b"},
                                 {"", "b", "b"},
                                 {"/", "b", "/b"},
                                 {"a", "/b", "/b"}};
  for (size_t i = 0; i < sizeof want / sizeof want[0]; ++i) {
    char *path;
    ASSERT_OK(f->context,
              lmx_path_join(f->context, want[i][0], want[i][1], &path));
    assert_string_equal(path, want[i][2]);
    lmx_free(path);
  }
}

/* --- tables ------------------------------------------------------------ */

static void tables_are_text_for_gnuplot(void **state)
{
  fixture *f = *state;
  lmx_table *table;
  char *path = in_folder(f, "ratio.dat"), *text;
  size_t bytes;
  const double rows[][2] = {{0.0, 0.1}, {-1e-300, NAN}, {INFINITY, -NAN}};
  ASSERT_OK(f->context, lmx_table_create(f->context, "ratio", "a title",
                                         "t,|v| [1]", &table));
  for (size_t i = 0; i < 3; ++i) {
    ASSERT_OK(f->context, lmx_table_add(f->context, table, rows[i]));
    if (i == 0)
      ASSERT_OK(f->context, lmx_table_break(f->context, table));
  }
  ASSERT_OK(f->context, lmx_table_write(f->context, f->folder, table));
  ASSERT_OK(f->context, lmx_file_read(f->context, path, &text, &bytes));
  assert_string_equal(text, "# a title\n"
                            "# 1:t  2:|v| [1]\n"
                            "0 0.10000000000000001\n"
                            "\n"
                            "-1e-300 NaN\n"
                            "inf NaN\n");
  lmx_free(text);
  assert_int_equal(lmx_table_write(f->context, "/proc", table), LMX_ERR_IO);
  expect_message(f, "/proc/ratio.dat");
  lmx_table_destroy(&table);
  lmx_free(path);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(files_come_back_as_written),
      TEST(new_files_obey_the_umask),
      TEST(unwritable_places_are_io_errors),
      TEST(a_full_disk_leaves_the_old_file_whole),
      TEST(a_killed_write_is_no_obstacle),
      TEST(pipes_are_read_to_their_end),
      TEST(folders_are_made_with_their_parents),
      TEST(paths_join),
      TEST(tables_are_text_for_gnuplot),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
