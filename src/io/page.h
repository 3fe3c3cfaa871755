/* The parts of report.html. */
#ifndef LMX_IO_PAGE_H
#define LMX_IO_PAGE_H

#include "landaumax/io.h"

#include <jansson.h>
#include <stdio.h>

/* What the page is made from. */
typedef struct lmx_page {
  lmx_context *context;
  const char *folder;
  json_t *report;       /* report.json */
  const json_t *checks; /* within */
  lmx_table *smallest;  /* tables/smallest_constants.dat, or NULL */
  lmx_table *constants; /* tables/constants.dat, or NULL */
  char *case_text;      /* case.toml */
  FILE *file;           /* the page */
} lmx_page;

/* Members of a JSON object: "" or NaN where there is none. */
const char *lmx_page_string(const json_t *object, const char *key);
double lmx_page_real(const json_t *object, const char *key);

/* "(1, 2)". */
void lmx_page_vector(FILE *file, const json_t *array);

/* A number in a cell of a table. */
void lmx_page_cell(FILE *file, double x);

/* Title, what was solved, how many statements hold. */
void lmx_page_head(const lmx_page *page);
/* The table of verdicts. */
void lmx_page_verdicts(const lmx_page *page);
/* What was verified and what was not. */
void lmx_page_scope(const lmx_page *page);
/* Every statement's note. */
void lmx_page_notes(const lmx_page *page);
/* Tables of constants. */
void lmx_page_constants(const lmx_page *page);
/* Grid, tolerances, what the solver did, seconds. */
void lmx_page_solver(const lmx_page *page);
/* Errors: LMX_ERR_IO (a figure cannot be read), LMX_ERR_MEMORY. */
lmx_status lmx_page_figures(const lmx_page *page);

/* CSS. */
extern const char lmx_page_style[];

#endif
