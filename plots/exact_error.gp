# Error against the exact solution, largest on shells of |v|.
table = 'exact_error'
lib = ARG0[1:strlen(ARG0) - strlen('exact_error.gp')]
load lib.'style.inc'
width = 1650; height = 700
load lib.'terminal.inc'

array label[3]
label[1] = 'log f'
label[2] = '∇ log f'
label[3] = '∇² log f'

# one range for the three; below 1e-16 there is only rounding
smallest = 1e-16
stats file using ($3 > smallest ? $3 : smallest):($5 > smallest ? $5 : smallest) \
    nooutput
low = 10**floor(log10(STATS_min_x))
high = 10**ceil(log10(STATS_max_y * 1.01))

set logscale y
set format y power_of_ten
set yrange [low:high]
set xrange [0:*]
set xlabel '|v| (dimensionless)'
set key bottom right
set multiplot layout 1, 3 margins 0.075, 0.985, 0.145, 0.90 spacing 0.025, 0
set ylabel 'max error over the shell'
do for [c = 1:3] {
  set title label[c] offset 0, -0.4
  if (c > 1) { unset ylabel; set format y ''; unset key }
  plot for [i = 1:ncurves] file using \
      ($1 == curve_time(i) ? $2 : NaN):(column(c + 2) > 0 ? column(c + 2) : NaN) \
      with lines linewidth 1.3 linecolor palette frac curve_shade(i) \
      title curve_title(i)
}
unset multiplot
