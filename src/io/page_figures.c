/* report.html: the figures, inside the page so that it can be sent as one
 * file. */
#include "page.h"

#include <string.h>
#include <sys/stat.h>

#include "figures.h"
#include "html.h"

/* What there is of a figure. */
typedef struct found {
  char *png; /* path, or NULL */
  bool pdf, stale;
} found;

static lmx_status stat_file(const lmx_page *page, const char *folder,
                            const char *name, const char *end, struct stat *out,
                            char **path)
{
  char file[128];
  snprintf(file, sizeof file, "%s/%s.%s", folder, name, end);
  LMX_TRY(
      lmx_path_join(page->context, lmx_page_folder(page, folder), file, path));
  if (stat(*path, out) == 0)
    return LMX_OK;
  lmx_free(*path);
  *path = NULL;
  return LMX_OK;
}

static bool is_older(const struct stat *x, const struct stat *y)
{
  if (x->st_mtim.tv_sec != y->st_mtim.tv_sec)
    return x->st_mtim.tv_sec < y->st_mtim.tv_sec;
  return x->st_mtim.tv_nsec < y->st_mtim.tv_nsec;
}

/* A check writes the tables anew but not the figures. */
static lmx_status find(const lmx_page *page, const lmx_figure *f, found *out)
{
  char *pdf = NULL, *table = NULL;
  struct stat picture, document, data;
  lmx_status status;
  *out = (found){0};
  LMX_TRY_GOTO(stat_file(page, "figures", f->name, "png", &picture, &out->png),
               end);
  LMX_TRY_GOTO(stat_file(page, "figures", f->name, "pdf", &document, &pdf),
               end);
  LMX_TRY_GOTO(stat_file(page, "tables", f->table, "dat", &data, &table), end);
  out->pdf = pdf != NULL;
  out->stale =
      table != NULL && ((out->png != NULL && is_older(&picture, &data)) ||
                        (out->pdf && is_older(&document, &data)));
end:
  lmx_free(pdf);
  lmx_free(table);
  return status;
}

/* Big-endian, as in PNG. */
static unsigned long big_endian(const char *data)
{
  const unsigned char *p = (const unsigned char *)data;
  return (unsigned long)p[0] << 24 | (unsigned long)p[1] << 16 |
         (unsigned long)p[2] << 8 | p[3];
}

static lmx_status print_picture(const lmx_page *page, const lmx_figure *f,
                                const char *path)
{
  enum { HEADER = 24, WIDTH = 16, HEIGHT = 20 }; /* bytes of IHDR */
  char *data;
  size_t bytes;
  LMX_TRY(lmx_file_read(page->context, path, &data, &bytes));
  fputs("<img alt=\"", page->file);
  lmx_html_text(page->file, f->title);
  fputs("\"", page->file);
  if (bytes >= HEADER)
    fprintf(page->file, " width=\"%lu\" height=\"%lu\"",
            big_endian(data + WIDTH), big_endian(data + HEIGHT));
  fputs(" src=\"data:image/png;base64,", page->file);
  lmx_html_base64(page->file, data, bytes);
  fputs("\">\n", page->file);
  lmx_free(data);
  return LMX_OK;
}

static lmx_status print_figure(const lmx_page *page, const lmx_figure *f,
                               const found *there)
{
  FILE *file = page->file;
  fprintf(file, "<figure id=\"figure-%s\"%s>\n", f->name,
          f->wide ? " class=\"wide\"" : "");
  if (there->png != NULL)
    LMX_TRY(print_picture(page, f, there->png));
  fputs("<figcaption><b>", file);
  lmx_html_math(file, f->title);
  fputs(".</b> ", file);
  lmx_html_math(file, f->caption);
  if (there->png == NULL)
    fprintf(file, " Drawn as <a href=\"figures/%s.pdf\">figures/%s.pdf</a>.",
            f->name, f->name);
  fputs("</figcaption>\n</figure>\n", file);
  return LMX_OK;
}

static void print_head(const lmx_page *page, const found *there)
{
  size_t n = 0, stale = 0;
  for (size_t i = 0; i < lmx_figure_count; ++i) {
    n += there[i].png != NULL || there[i].pdf;
    stale += there[i].stale;
  }
  if (n == 0)
    fputs("<p>None were drawn; <code>landaumax plot DIR</code> draws them.</p>"
          "\n",
          page->file);
  if (stale > 0)
    fputs("<p>These figures are older than the checks above; <code>landaumax "
          "plot DIR</code> draws them anew.</p>\n",
          page->file);
}

lmx_status lmx_page_figures(const lmx_page *page)
{
  found *there;
  LMX_TRY(LMX_NEW_ARRAY(page->context, lmx_figure_count, &there));
  lmx_status status = LMX_OK;
  for (size_t i = 0; i < lmx_figure_count && status == LMX_OK; ++i)
    status = find(page, &lmx_figures[i], &there[i]);
  if (status == LMX_OK)
    print_head(page, there);
  fputs("<div class=\"figures\">\n", page->file);
  for (size_t i = 0; i < lmx_figure_count && status == LMX_OK; ++i)
    if (there[i].png != NULL || there[i].pdf)
      status = print_figure(page, &lmx_figures[i], &there[i]);
  fputs("</div>\n", page->file);
  for (size_t i = 0; i < lmx_figure_count; ++i)
    lmx_free(there[i].png);
  lmx_free(there);
  return status;
}
