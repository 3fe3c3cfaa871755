/* Figures from synthetic tables, and what happens when gnuplot cannot. */
/* memmem: NOLINTNEXTLINE(bugprone-reserved-identifier) */
#define _GNU_SOURCE
#include "folder.h"

#include <sys/stat.h>

static const char *const scripts = LMX_SOURCE_DIR "/plots";

/* A run directory below the test's folder, with a name that wants quoting. */
typedef struct run_folder {
  char *run, *tables, *figures;
} run_folder;

static run_folder make_run(const fixture *f)
{
  run_folder r;
  r.run = in_folder(f, "it's a \"run\"");
  ASSERT_OK(f->context, lmx_path_join(f->context, r.run, "tables", &r.tables));
  ASSERT_OK(f->context,
            lmx_path_join(f->context, r.run, "figures", &r.figures));
  ASSERT_OK(f->context, lmx_folder_create(f->context, r.tables));
  return r;
}

static void remove_run(run_folder *r)
{
  struct stat info;
  count_entries(r->tables, true);
  assert_int_equal(rmdir(r->tables), 0);
  if (stat(r->figures, &info) == 0) {
    count_entries(r->figures, true);
    assert_int_equal(rmdir(r->figures), 0);
  }
  assert_int_equal(rmdir(r->run), 0);
  lmx_free(r->figures);
  lmx_free(r->tables);
  lmx_free(r->run);
}

typedef struct synthetic {
  const char *name, *columns;
  size_t times, rows; /* rows per time */
  double (*value)(double t, double x, size_t column);
} synthetic;

static double decaying(double t, double x, size_t column)
{
  return (1.0 + (double)column) * exp(-t) / (1.0 + x);
}

static double zero(double t, double x, size_t column)
{
  return 0.0 * (t + x + (double)column);
}

static double nothing(double t, double x, size_t column)
{
  return NAN + zero(t, x, column);
}

/* Columns t, x, values..; one row per time when rows is 1: t, values.. */
static void write_table(const fixture *f, const run_folder *r,
                        const synthetic *s)
{
  lmx_table *table;
  ASSERT_OK(f->context, lmx_table_create(f->context, s->name, "data in d = 2,",
                                         s->columns, &table));
  for (size_t k = 0; k < s->times; ++k) {
    for (size_t i = 0; i < s->rows; ++i) {
      double row[LMX_TABLE_MAX_COLUMNS] = {0.1 * (double)k, 0.1 * (double)i};
      for (size_t c = s->rows > 1 ? 2 : 1; c < table->columns; ++c)
        row[c] = s->value(row[0], 0.1 * (double)i, c);
      ASSERT_OK(f->context, lmx_table_add(f->context, table, row));
    }
    if (s->rows > 1)
      ASSERT_OK(f->context, lmx_table_break(f->context, table));
  }
  ASSERT_OK(f->context, lmx_table_write(f->context, r->tables, table));
  lmx_table_destroy(&table);
}

static double gaussian(double t, double x, size_t column)
{
  (void)t;
  (void)column;
  return -0.2 * x * x;
}

/* Maps over a ball, nothing beyond it: scan lines, two blank lines between
 * times. */
static void write_map(const fixture *f, const run_folder *r, const char *name,
                      size_t times, double (*value)(double, double, size_t))
{
  enum { N = 12 };
  lmx_table *table;
  ASSERT_OK(f->context, lmx_table_create(f->context, name, "synthetic",
                                         "t,v1,rho,log10_f", &table));
  for (size_t k = 0; k < times; ++k) {
    for (int i = 0; i < N; ++i) {
      for (int j = 0; j < N; ++j) {
        double x = -7.0 + i * 14.0 / (N - 1), y = -7.0 + j * 14.0 / (N - 1);
        double row[4] = {0.1 * (double)k, x, y, NAN};
        if (x * x + y * y < 49.0)
          row[3] = value(row[0], sqrt(x * x + y * y), 2);
        ASSERT_OK(f->context, lmx_table_add(f->context, table, row));
      }
      ASSERT_OK(f->context, lmx_table_break(f->context, table));
    }
    ASSERT_OK(f->context, lmx_table_break(f->context, table));
  }
  ASSERT_OK(f->context, lmx_table_write(f->context, r->tables, table));
  lmx_table_destroy(&table);
}

static void write_all_tables(const fixture *f, const run_folder *r,
                             size_t times,
                             double (*value)(double, double, size_t))
{
  const synthetic tables[] = {
      {"growth_gradient", "t,|v|,ratio", times, 20, value},
      {"growth_hessian", "t,|v|,ratio", times, 20, value},
      {"growth_sup", "t,a,b,c", times, 1, value},
      {"entropy", "t,H", times, 1, value},
      {"temperatures", "t,E_1,E_1 closed form,E_2,E_2 closed form", times, 1,
       value},
      {"exact_error", "t,|v|,log f,gradient,Hessian", times, 20, value},
      {"bernstein_gradient", "t,printed,sharp", times, 1, value},
      {"bernstein_hessian", "t,printed,sharp", times, 1, value},
      {"lemma_4_1_slack", "slack,share", 50, 1, value},
      {"lemma_4_2_slack", "slack,share", 50, 1, value},
      {"lemma_4_5_slack", "slack,share", 50, 1, value},
      {"lemma_4_1_residual", "t,|v|,residual", times, 20, value},
      {"lemma_4_2_residual", "t,|v|,residual", times, 20, value},
      {"lemma_4_5_residual", "t,|v|,residual", times, 20, value},
      {"lemma_4_6_residual", "t,|v|,residual", times, 20, value},
      {"equation_4_5_residual", "t,|v|,residual", times, 20, value},
      {"gaussian_lower", "t,smallest,explicit", times, 1, value},
      {"smallest_constants", "t,C_0 of (1.9),b,c,d,e,f,g,h,i,K1,K2", times, 1,
       value},
      {"evolution", "t,defect,granted", times, 1, value},
      {"error_bar", "t,true error,error bar,residual,steps,beyond", times, 1,
       value}};
  static const char *const maps[] = {
      "bernstein_gradient_map", "bernstein_hessian_map", "lemma_4_1_slack_map",
      "lemma_4_2_slack_map", "lemma_4_5_slack_map"};
  for (size_t i = 0; i < sizeof tables / sizeof tables[0]; ++i)
    write_table(f, r, &tables[i]);
  write_map(f, r, "log_density_map", times < 3 ? times : 3, gaussian);
  for (size_t i = 0; i < sizeof maps / sizeof maps[0]; ++i)
    write_map(f, r, maps[i], times < 3 ? times : 3, value);
}

/* A whole picture: signature at its beginning and mark at its end. */
static void expect_picture(const fixture *f, const run_folder *r,
                           const char *file, const char *begin, const char *end)
{
  char *path, *data;
  size_t bytes, n = strlen(begin), m = strlen(end);
  ASSERT_OK(f->context, lmx_path_join(f->context, r->figures, file, &path));
  ASSERT_OK(f->context, lmx_file_read(f->context, path, &data, &bytes));
  assert_in_range(bytes, 5000, 2000000);
  assert_memory_equal(data, begin, n);
  assert_non_null(memmem(data + bytes - 16, 16, end, m));
  lmx_free(data);
  lmx_free(path);
}

static void every_figure_is_drawn(void **state)
{
  static const char *const names[] = {
      "log_density", "growth_gradient",    "growth_hessian",
      "growth_sup",  "temperatures",       "exact_error",
      "entropy",     "bernstein_gradient", "bernstein_hessian",
      "lemma_4_1",   "lemma_4_2",          "lemma_4_5",
      "lemma_4_6",   "gaussian_lower",     "smallest_constants",
      "evolution",   "error_bar"};
  enum { FIGURES = sizeof names / sizeof names[0] };
  fixture *f = *state;
  run_folder r = make_run(f);
  write_all_tables(f, &r, 9, decaying);
  ASSERT_OK(f->context, lmx_plot_run(f->context, r.run, scripts, "both"));
  for (size_t i = 0; i < FIGURES; ++i) {
    char file[64];
    snprintf(file, sizeof file, "%s.png", names[i]);
    expect_picture(f, &r, file, "\211PNG\r\n\032\n", "IEND");
    snprintf(file, sizeof file, "%s.pdf", names[i]);
    expect_picture(f, &r, file, "%PDF-", "%%EOF");
  }
  assert_int_equal(count_entries(r.figures, false), 2 * FIGURES);
  remove_run(&r);
}

/* One time, errors and entropy exactly 0: nothing for a logarithm. */
static void degenerate_tables_are_drawn(void **state)
{
  fixture *f = *state;
  run_folder r = make_run(f);
  for (size_t times = 1; times <= 2; ++times) {
    write_all_tables(f, &r, times, zero);
    ASSERT_OK(f->context, lmx_plot_run(f->context, r.run, scripts, "png"));
    assert_int_equal(count_entries(r.figures, true), 17);
  }
  remove_run(&r);
}

/* No number in any of them, as for a ball without nodes. */
static void tables_without_numbers_are_skipped(void **state)
{
  fixture *f = *state;
  run_folder r = make_run(f);
  write_all_tables(f, &r, 2, nothing);
  write_map(f, &r, "log_density_map", 2, nothing);
  ASSERT_OK(f->context, lmx_plot_run(f->context, r.run, scripts, "png"));
  assert_int_equal(count_entries(r.figures, false), 0);
  remove_run(&r);
}

static void radial_data_is_a_curve(void **state)
{
  fixture *f = *state;
  run_folder r = make_run(f);
  write_table(
      f, &r, &(synthetic){"log_density_map", "t,rho,log10_f", 3, 20, decaying});
  ASSERT_OK(f->context, lmx_plot_run(f->context, r.run, scripts, "png"));
  expect_picture(f, &r, "log_density.png", "\211PNG\r\n\032\n", "IEND");
  assert_int_equal(count_entries(r.figures, false), 1);
  remove_run(&r);
}

static void absent_tables_are_skipped(void **state)
{
  fixture *f = *state;
  run_folder r = make_run(f);
  ASSERT_OK(f->context, lmx_plot_run(f->context, r.run, scripts, "png"));
  assert_int_equal(count_entries(r.figures, false), 0);
  remove_run(&r);
}

static void failures_are_explained(void **state)
{
  fixture *f = *state;
  run_folder r = make_run(f);
  const char *value = getenv("PATH");
  char *path = strdup(value == NULL ? "" : value);
  write_table(f, &r, &(synthetic){"entropy", "t,H", 5, 1, decaying});
  assert_int_equal(lmx_plot_run(f->context, r.run, scripts, "gif"),
                   LMX_ERR_USAGE);
  expect_message(f, "gif");
  assert_int_equal(lmx_plot_run(f->context, r.run, "/nowhere", "png"),
                   LMX_ERR_IO);
  expect_message(f, "/nowhere");
  setenv("PATH", "/nowhere", 1);
  assert_int_equal(lmx_plot_run(f->context, r.run, scripts, "png"), LMX_ERR_IO);
  expect_message(f, "gnuplot-nox");
  setenv("PATH", path, 1);
  free(path);
  /* a script that fails, with gnuplot's own words */
  char *script = in_folder(f, "entropy.gp");
  ASSERT_OK(f->context,
            lmx_file_write(f->context, script, "plot nonsense here\n", 19));
  assert_int_equal(lmx_plot_run(f->context, r.run, f->folder, "png"),
                   LMX_ERR_IO);
  expect_message(f, "nonsense");
  ASSERT_OK(f->context, lmx_file_write(f->context, script, "a = 1\n", 6));
  assert_int_equal(lmx_plot_run(f->context, r.run, f->folder, "png"),
                   LMX_ERR_IO);
  expect_message(f, "drew no whole");
  assert_int_equal(count_entries(r.figures, false), 0);
  assert_int_equal(unlink(script), 0);
  lmx_free(script);
  remove_run(&r);
}

static void a_full_disk_leaves_no_picture(void **state)
{
  fixture *f = *state;
  run_folder r = make_run(f);
  write_table(f, &r, &(synthetic){"entropy", "t,H", 5, 1, decaying});
  struct rlimit old = limit_files(2000);
  lmx_status status = lmx_plot_run(f->context, r.run, scripts, "png");
  unlimit_files(&old);
  assert_int_equal(status, LMX_ERR_IO);
  assert_int_equal(count_entries(r.figures, false), 0);
  remove_run(&r);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(every_figure_is_drawn),
      TEST(degenerate_tables_are_drawn),
      TEST(radial_data_is_a_curve),
      TEST(absent_tables_are_skipped),
      TEST(tables_without_numbers_are_skipped),
      TEST(failures_are_explained),
      TEST(a_full_disk_leaves_no_picture),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
