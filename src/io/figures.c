/* The figures of a run, in the order of the page. */
#include "figures.h"

const lmx_figure lmx_figures[] = {
    {"log_density", "log_density_map", true, "The density f at three times",
     "log10 f over the box at the first, a middle and the last output time "
     "(curves for radial data; with three axes the slice nearest v_3 = 0). "
     "Circles are the sign of equilibrium: f tends to the Maxwellian M."},
    {"growth_gradient", "growth_gradient", true,
     "Growth of the gradient, Theorem 2.3",
     "|grad log f| / (1 + sqrt t + |v|), the ratio that Theorem 2.3 bounds: "
     "its largest value on shells of |v| at every output time, and as curves "
     "for at most six of them."},
    {"growth_hessian", "growth_hessian", true,
     "Growth of the Hessian, Theorem 2.4",
     "|Hess log f|_F / (1 + t + |v|^2), the ratio that Theorem 2.4 bounds, "
     "drawn like that of Theorem 2.3."},
    {"growth_sup", "growth_sup", false, "Largest growth ratios over time",
     "The ratios of Theorems 2.3 and 2.4 at their largest at the nodes of the "
     "checked ball, and that of |Hess f / f|_F, whose supremum enters Theorem "
     "1.7 as B."},
    {"gaussian_lower", "gaussian_lower", false,
     "Gaussian below f, Proposition 3.2",
     "C_2'(t) in f >= C_2 exp(-C_2'(t) |v|^2 / 2): the smallest that serves "
     "at the nodes of the ball, and that of the explicit subsolution. Both "
     "tend to 1."},
    {"smallest_constants", "smallest_constants", true,
     "Smallest constants over time",
     "The smallest constants with which (1.9), the theorems, Proposition 3.2 "
     "and Lemmas 4.1 and 4.5 hold at the nodes of the checked ball at each "
     "time, and the "
     "C' and C'' that F-grad and F-hess would need there. K_1 and "
     "K_2 must stay below 2(d-1) and 4(d-1); C' and C'' are taken from "
     "t = 0 by the proofs and must not be larger later."},
    {"bernstein_gradient", "bernstein_gradient_map", true,
     "Auxiliary function of Theorem 2.3",
     "F-grad / f = |grad log f|^2 + C log f - kappa C t - C' of Section 4.1 "
     "with the sharp constants, and its largest value over the ball with both "
     "sets. The proof needs it to stay at or below 0; were 0 exceeded, a "
     "bold line would mark where."},
    {"bernstein_hessian", "bernstein_hessian_map", true,
     "Auxiliary function of Theorem 2.4",
     "F-hess / f of Section 4.2, drawn like F-grad / f."},
    {"lemma_4_1", "lemma_4_1_slack_map", true, "Slack of Lemma 4.1",
     "How much room (d_t - L)(|grad f|^2 / f) <= K1 |grad f|^2 / f leaves, "
     "relative to the largest term, with the sharp K1 = 2(d-1): "
     "maps, share of the nodes, and the residual of the identity behind it."},
    {"lemma_4_2", "lemma_4_2_slack_map", true, "Slack of Lemma 4.2",
     "The same for (d_t - L)(f log f) <= kappa f - eta |grad f|^2 / f."},
    {"lemma_4_5", "lemma_4_5_slack_map", true, "Slack of Lemma 4.5",
     "The same for (d_t - L)(|Hess f|^2 / f) <= K2 |Hess f|^2 / f with the "
     "sharp K2 = 4(d-1)."},
    {"lemma_4_6", "lemma_4_6_residual", true,
     "Residuals of Lemma 4.6 and (4.5)",
     "Lemma 4.6 (corrected) and (4.5) are equalities: what is left of them, "
     "over their largest term, at its largest on shells of |v|."},
    {"temperatures", "temperatures", false, "Directional temperatures, (3.4)",
     "E_a measured by quadrature against the closed form 1 + D_aa exp(-4dt) "
     "of (3.4), and the difference."},
    {"entropy", "entropy", false, "Relative entropy",
     "H = int f log(f/M), which decreases to 0."},
    {"evolution", "evolution", false,
     "The equation between output times, (3.7)",
     "Defect: the change of log f (density form: of f over its maximum) from "
     "one output time to the next that the "
     "right-hand side of (3.7) at both ends does not account for. Granted: "
     "the error of that quadrature, so that a defect above it would be the "
     "solver's."},
    {"error_bar", "error_bar", false, "Error bar by the maximum principle",
     "A bound of the error of log f on the ball that needs no exact solution: "
     "the residual of the computed log f summed over time, the time steps at "
     "their tolerance, and what may come in from beyond the ball, by "
     "Proposition 3.1; with the true error where an exact solution is known."},
    {"exact_error", "exact_error", true, "Error against the exact solution",
     "Largest errors of log f, its gradient (2-norm) and its Hessian "
     "(Frobenius norm) on shells of |v|."},
    {"lln", "lln", false, "Law of large numbers, (2.5)",
     "N times the left side of (2.5) for several N, exact, and the slope that "
     "it has for 1 << t << N."},
    {"section5", "section5", false, "Right sides of Section 5",
     "N left / ((1 + M_4(0)) g(t)) for the statements whose printed right side "
     "is wrong, with the printed and with the corrected one, for the largest "
     "finite N. A right side that serves keeps the quotient bounded."},
    {"entropy_bound", "entropy_bound", false, "Theorem 1.7 as a number",
     "The bound of H_N for several N; for f0 = M also the known bounds from "
     "above (dashed) and below (dotted), of the same colours."},
    {"particle_lln", "particle_moments", false,
     "Law of large numbers of the particles, (2.5)",
     "N times the mean of X, the left side of (2.5), over the replicas with "
     "its standard error, at times moved apart for each N, and the exact "
     "curves; below, the difference in standard errors."},
    {"particle_variance", "particle_variance", false,
     "Empirical variance of the particle systems",
     "The mean of (1/N) sum |v^i - p|^2 with its standard error, at times "
     "moved "
     "apart for each system. With the noises shared as printed in (1.8) the "
     "cloud collapses like exp(-2(d-1)t). Euler steps have a variance that is "
     "too large to first order in the step."},
    {"particle_invariants", "particle_invariants", false,
     "What single paths conserve",
     "Largest deviations over replicas and times: momentum and energy of the "
     "Kac-type system of Remark 1.5, and the decay of the variance of (1.8) "
     "as printed."},
    {"particle_rates", "particle_rates", false,
     "From one particle to f: rates in N",
     "Distances between the law of one particle of (1.3) and f with two "
     "standard errors, fitted exponents of N with 95 % bootstrap intervals, "
     "and the paper's exponents as dotted lines through the first point."}};

const size_t lmx_figure_count = sizeof lmx_figures / sizeof *lmx_figures;
