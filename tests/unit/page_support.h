/* What the tests of report.html share: run directories made by hand, whose
 * texts may try to break out of the page, and what any page must be. */
#ifndef LMX_TESTS_PAGE_SUPPORT_H
#define LMX_TESTS_PAGE_SUPPORT_H

#include "folder.h"

#include <ctype.h>

#define BREAK_OUT "</p></pre></style><script>alert('\\\"')</script>&"

static const char case_text[] = "title = \"</pre><script>\"\n";

/* An empty picture of 3 x 2 pixels: signature and header are enough here. */
static const char picture[] = "\211PNG\r\n\032\n\0\0\0\rIHDR\0\0\0\003"
                              "\0\0\0\002\010\002\0\0\0";

typedef struct run_folder {
  char *run, *tables, *figures;
} run_folder;

static inline void write_in(const fixture *f, const char *folder,
                            const char *name, const char *data, size_t bytes)
{
  char *path;
  ASSERT_OK(f->context, lmx_path_join(f->context, folder, name, &path));
  ASSERT_OK(f->context, lmx_file_write(f->context, path, data, bytes));
  lmx_free(path);
}

static inline run_folder make_run_folder(const fixture *f, const char *report)
{
  run_folder r;
  r.run = in_folder(f, "run");
  ASSERT_OK(f->context, lmx_path_join(f->context, r.run, "tables", &r.tables));
  ASSERT_OK(f->context,
            lmx_path_join(f->context, r.run, "figures", &r.figures));
  ASSERT_OK(f->context, lmx_folder_create(f->context, r.tables));
  ASSERT_OK(f->context, lmx_folder_create(f->context, r.figures));
  write_in(f, r.run, "report.json", report, strlen(report));
  write_in(f, r.run, "case.toml", case_text, strlen(case_text));
  return r;
}

static inline void remove_run(run_folder *r)
{
  count_entries(r->tables, true);
  count_entries(r->figures, true);
  assert_int_equal(rmdir(r->tables), 0);
  assert_int_equal(rmdir(r->figures), 0);
  count_entries(r->run, true);
  assert_int_equal(rmdir(r->run), 0);
  lmx_free(r->tables);
  lmx_free(r->figures);
  lmx_free(r->run);
}

static inline char *page_of(const fixture *f, const run_folder *r)
{
  char *path, *page;
  size_t bytes;
  ASSERT_OK(f->context, lmx_page_write(f->context, r->run));
  ASSERT_OK(f->context,
            lmx_path_join(f->context, r->run, "report.html", &path));
  ASSERT_OK(f->context, lmx_file_read(f->context, path, &page, &bytes));
  lmx_free(path);
  return page;
}

static inline void expect_in(const char *page, const char *part)
{
  if (strstr(page, part) == NULL)
    fail_msg("the page lacks \"%s\"", part);
}

static inline void expect_not_in(const char *page, const char *part)
{
  if (strstr(page, part) != NULL)
    fail_msg("the page has \"%s\"", part);
}

static inline size_t times_in(const char *page, const char *part)
{
  size_t n = 0;
  for (const char *p = page; (p = strstr(p, part)) != NULL; ++p)
    ++n;
  return n;
}

/* Every tag is closed in its order. */
static inline void expect_well_formed(const char *page)
{
  enum { DEPTH = 64, NAME = 16 };
  char open[DEPTH][NAME];
  size_t depth = 0;
  static const char *const empty[] = {"meta", "img", "br"};
  for (const char *p = page; (p = strchr(p, '<')) != NULL; ++p) {
    char name[NAME];
    bool closes = p[1] == '/', is_empty = p[1] == '!';
    if (sscanf(p + 1 + closes, "%15[a-z0-9]", name) != 1)
      name[0] = '\0';
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; ++i)
      is_empty = is_empty || strcmp(name, empty[i]) == 0;
    if (is_empty)
      continue;
    if (closes && (depth == 0 || strcmp(open[depth - 1], name) != 0))
      fail_msg("</%s> closes %s", name, depth == 0 ? "" : open[depth - 1]);
    assert_true(depth < DEPTH);
    if (closes)
      --depth;
    else
      strcpy(open[depth++], name);
  }
  assert_int_equal(depth, 0);
}

/* Links lead to one place of the page, headers and pictures are labelled, and
 * nothing comes from elsewhere. */
static inline void expect_accessible(const char *page)
{
  char name[64], anchor[80];
  for (const char *p = page; (p = strstr(p, "href=\"")) != NULL; ++p) {
    assert_int_equal(sscanf(p, "href=\"#%63[^\"]", name), 1);
    snprintf(anchor, sizeof anchor, " id=\"%s\"", name);
    if (times_in(page, anchor) != 1)
      fail_msg("%s is there not once", anchor);
  }
  for (const char *p = page; (p = strstr(p, "<th")) != NULL; ++p)
    if (!isalpha((unsigned char)p[3]))
      assert_true(strstr(p, "scope=\"") < strchr(p, '>'));
  for (const char *p = page; (p = strstr(p, "<img")) != NULL; ++p)
    assert_true(strncmp(p, "<img alt=\"", 10) == 0 && p[10] != '"');
  for (const char *p = page; (p = strstr(p, "src=\"")) != NULL; ++p)
    assert_int_equal(strncmp(p + 5, "data:", 5), 0);
  expect_in(page, "<html lang=\"en\">");
  expect_not_in(page, "http");
  expect_not_in(page, "url(");
}

/* Whichever allocation fails, the page is written or LMX_ERR_MEMORY said. */
static inline void expect_memory_survived(const fixture *f, const run_folder *r)
{
  long n = 1;
  for (lmx_status status = LMX_ERR_MEMORY; status != LMX_OK; ++n) {
    lmx_alloc_fail_after(n);
    status = lmx_page_write(f->context, r->run);
    lmx_alloc_fail_after(0);
    assert_true(status == LMX_OK || status == LMX_ERR_MEMORY);
    assert_true(n < 1000);
  }
  assert_true(n > 20);
}

#endif
