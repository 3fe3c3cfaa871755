# Error against the exact solution, largest on shells of |v|.
table = 'exact_error'
lib = ARG0[1:strlen(ARG0) - strlen('exact_error.gp')]
load lib.'style.inc'
width = 1750; height = 700
load lib.'terminal.inc'

array label[3]
label[1] = 'log f'
label[2] = '∇ log f'
label[3] = '∇² log f'

# One range for the three; what is below 1e-16 is rounding, drawn at 1e-16.
smallest = 1e-16
clip(x) = x > smallest ? x : smallest
stats file using (clip($3)):(clip($5)) nooutput
low = 10**floor(log10(STATS_min_x))
high = 10**ceil(log10(STATS_max_y * 1.01))

set logscale y
set format y power_of_ten
set mytics 1
set yrange [low:high]
set xrange [0:*]
set xlabel '|v| (dimensionless)'
set multiplot layout 1, 3 margins 0.072, 0.875, 0.145, 0.91 spacing 0.025, 0
set ylabel 'max error over the shell'
do for [c = 1:3] {
  set title label[c] offset 0, -0.4
  if (c > 1) { unset ylabel; set format y '' }
  if (c < 3) {
    unset key
  } else {
    set key at screen 0.885, 0.91 left top
  }
  plot for [i = 1:ncurves] file using \
      ($1 == curve_time(i) ? $2 : NaN):(clip(column(c + 2))) \
      with lines linewidth 1.3 linecolor palette frac curve_shade(i) \
      title curve_title(i)
}
unset multiplot
