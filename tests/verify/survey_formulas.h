/* Many random formulas: how many are solved, refused, or silently wrong. */
#ifndef LMX_TESTS_SURVEY_FORMULAS_H
#define LMX_TESTS_SURVEY_FORMULAS_H

#include "unit/random_formulas.h"

typedef struct formula_count {
  int found, refused, wrong;
  double worst; /* error of the moments of those found */
} formula_count;

/* Right means to 1e-9: the accuracy that is claimed is 1e-11, the closed
 * moments of centres 8 with widths 0.02 lose three digits. */
static formula_count survey_formulas(unsigned seed, int d, int n)
{
  formula_count count = {0};
  for (int i = 0; i < n; ++i) {
    random_formula formula;
    lmx_initial *initial = NULL;
    draw_formula(&seed, d, &formula);
    lmx_initial_spec spec = {.d = d,
                             .kind = LMX_INITIAL_FORMULA,
                             .normalise = true,
                             .log_density = formula.text};
    if (lmx_initial_create(ctx, &spec, &initial) != LMX_OK) {
      ++count.refused;
      print_message("refused: %s\n%s\n", formula.text,
                    lmx_context_message(ctx));
      continue;
    }
    double error = moments_error(initial, &formula);
    lmx_initial_destroy(&initial);
    count.worst = fmax(count.worst, error);
    if (error <= 1e-9) {
      ++count.found;
      continue;
    }
    ++count.wrong;
    print_error("moments wrong by %.1e: %s\n", error, formula.text);
  }
  print_message("d = %d: %d found, %d refused, %d wrong, worst %.1e\n", d,
                count.found, count.refused, count.wrong, count.worst);
  return count;
}

#endif
