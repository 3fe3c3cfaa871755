# Lemma 4.6 and (4.5), which are equalities: the residuals of both.
table = 'lemma_4_6_residual'
lib = ARG0[1:strlen(ARG0) - strlen('lemma_4_6.gp')]
load lib.'style.inc'
width = 1500; height = 620
load lib.'terminal.inc'

array residual[2]
residual[1] = file
residual[2] = dir.'/tables/equation_4_5_residual.dat'
array name[2]
name[1] = 'Lemma 4.6, corrected'; name[2] = '(4.5)'
clip(x) = x > 1e-17 ? x : 1e-17

# (4.5) may not have been asked for: then its panel stays empty
npanels = 1
stats residual[2] using (npanels = 2, 1) nooutput
stats file using 2 nooutput
spacing = STATS_max > 8 ? 2 : 1
set xtics spacing
set logscale y
set format y power_of_ten
set xrange [0:*]
set xlabel '|v| (dimensionless)'
set multiplot layout 1, 2 margins 0.075, 0.87, 0.16, 0.90 spacing 0.06, 0
set ylabel 'residual over the largest term'
do for [p = 1:npanels] {
  set title name[p] offset 0, -0.4
  if (p < npanels) { unset key } else {
    set key at screen p == 1 ? 0.48 : 0.88, 0.90 left top
  }
  if (p == 2) { unset ylabel }
  plot for [i = 1:ncurves] residual[p] using \
      ($1 == curve_time(i) ? $2 : NaN):(clip($3)) with lines linewidth 1.3 \
      linecolor palette frac curve_shade(i) title curve_title(i)
}
unset multiplot
