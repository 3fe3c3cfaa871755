/* The parts of report.html. */
#ifndef LMX_IO_PAGE_H
#define LMX_IO_PAGE_H

#include "landaumax/io.h"

#include <jansson.h>
#include <stdio.h>

enum { LMX_PAGE_TABLES = 5 };

typedef struct lmx_page lmx_page;
typedef lmx_status lmx_page_print(const lmx_page *page);

typedef struct lmx_page_section {
  const char *id, *link, *title; /* link: its name at the top of the page */
  lmx_page_print *print;         /* what follows the title */
} lmx_page_section;

/* What the page of a command is made of. Texts are HTML. */
typedef struct lmx_page_kind {
  const char *command;                 /* as in report.json */
  const char *tables[LMX_PAGE_TABLES]; /* read if they are there */
  bool forms;     /* printed and corrected forms share a row of the verdicts */
  bool pointwise; /* verdicts were found in a ball of v */
  const char *columns;  /* of the verdicts: what they mean */
  const char *caption;  /* of the verdicts */
  lmx_page_print *lead; /* under the title: what this is about */
  const char *again;    /* how to repeat it, after the command */
  size_t nsections;
  const lmx_page_section *sections;
} lmx_page_kind;

extern const lmx_page_kind lmx_page_run, lmx_page_moments, lmx_page_particles;

/* What the page is made from. */
struct lmx_page {
  lmx_context *context;
  const char *folder;     /* where the page is written */
  const char *old_folder; /* what is not there is here */
  const lmx_page_kind *kind;
  json_t *report;                     /* report.json */
  const json_t *checks;               /* within */
  lmx_table *tables[LMX_PAGE_TABLES]; /* as kind->tables; NULL: none */
  char *case_text;                    /* case.toml */
  FILE *file;                         /* the page */
};

/* Whichever of the two has an entry of this name, the folder first. */
const char *lmx_page_folder(const lmx_page *page, const char *name);

/* Members of a JSON object: "" or NaN where there is none. */
const char *lmx_page_string(const json_t *object, const char *key);
double lmx_page_real(const json_t *object, const char *key);

/* "1, 2". */
void lmx_page_list(FILE *file, const json_t *array);
/* "(1, 2)". */
void lmx_page_vector(FILE *file, const json_t *array);

/* The check with this id, NULL if there is none. */
const json_t *lmx_page_check(const lmx_page *page, const char *id);

/* A verdict: symbol and word. */
void lmx_page_verdict(FILE *file, const json_t *check);

/* Whether a verdict is one of those looked for. */
typedef bool lmx_page_test(const json_t *check);

/* "before id, id, id after", if there are any. */
void lmx_page_chosen(const lmx_page *page, const char *before,
                     lmx_page_test *chosen, const char *after);
/* An item of a list with those for information, if there are any. */
void lmx_page_informing(const lmx_page *page);
/* Verdicts that are not as expected, with their notes. */
void lmx_page_unexpected(const lmx_page *page);

/* --- tables and lists --------------------------------------------------- */

/* A table that scrolls if it is too wide, up to its first row. `class` may be
 * NULL; the caption is typeset. */
void lmx_page_table_open(FILE *file, const char *class, const char *caption);
void lmx_page_table_close(FILE *file);

/* A row of column titles, typeset, and the head of the table. */
void lmx_page_columns(FILE *file, size_t n, const char *const *names);

/* A number in a cell of a table. */
void lmx_page_cell(FILE *file, double x);

/* One of kind->tables, NULL when it was not there. */
const lmx_table *lmx_page_table(const lmx_page *page, const char *name);

double lmx_page_entry(const lmx_table *table, size_t row, size_t column);

/* What of a table is shown; NULL: everything, as a number. */
typedef struct lmx_page_view {
  bool (*row)(const lmx_table *table, size_t row);
  bool (*cell)(const lmx_table *table, size_t row, size_t column);
  const char *(*name)(double x); /* of what the first column counts */
} lmx_page_view;

/* A table of numbers: columns without any are left out, those called "error"
 * stand behind the one before. */
void lmx_page_rows(const lmx_page *page, const lmx_table *table,
                   const char *caption, lmx_page_view view);

/* The last row of a block. */
bool lmx_page_is_last(const lmx_table *table, size_t row);

/* A list of numbers with names, its items, its end. */
void lmx_page_list_open(FILE *file);
void lmx_page_item(FILE *file, const char *name, double value, int digits);
/* A member of the report's "setup", whatever it is. */
void lmx_page_setup_item(const lmx_page *page, const char *name,
                         const char *key);
void lmx_page_list_close(FILE *file);

/* --- sections ------------------------------------------------------------ */

/* Title, what was done, how many statements hold, links. */
lmx_status lmx_page_head(const lmx_page *page);
/* The table of verdicts. */
lmx_page_print lmx_page_verdicts;
/* What was verified on a computed solution and what was not. */
lmx_page_print lmx_page_scope;
/* The same where nothing was solved: unexpected verdicts, closing words. */
lmx_page_print lmx_page_worth;
/* Every statement's note. */
lmx_page_print lmx_page_notes;
/* What was solved. */
lmx_page_print lmx_page_problem;
/* The paragraph of the report. */
lmx_page_print lmx_page_about;
/* Tables of constants. */
lmx_page_print lmx_page_constants;
/* Grid, tolerances, what the solver did, seconds. */
lmx_page_print lmx_page_solver;
/* Errors: LMX_ERR_IO (a figure cannot be read), LMX_ERR_MEMORY. */
lmx_page_print lmx_page_figures;
/* Version, command, case. */
lmx_page_print lmx_page_reproduce;

/* CSS. */
extern const char lmx_page_style[];

#endif
