# log10 f at the first, a middle and the last time: maps with level lines, or
# curves for radial data.
table = 'log_density_map'
lib = ARG0[1:strlen(ARG0) - strlen('log_density.gp')]
load lib.'style.inc'

is_map = column_name(4) ne ''
stats file using (column(is_map ? 4 : 3)) nooutput
low = STATS_min
high = STATS_max

if (is_map) {
  # one panel per time, one colour scale; level lines every `step` decades
  step = (high - low) / 12 > 5 ? 10 : (high - low) / 12 > 2 ? 5 : \
      (high - low) / 12 > 1 ? 2 : 1
  width = 260 + 470 * ntimes
  height = 600
  load lib.'terminal.inc'
  right = 1.0 - 190.0 / width
  left = 120.0 / width
  set multiplot layout 1, ntimes margins left, right, 0.17, 0.90 \
      spacing 25.0 / width, 0
  set size ratio -1
  set cbrange [low:high]
  set cbtics scale 0.4
  set cblabel 'log_{10} f'
  set xlabel axis_label(column_name(2)).' (dimensionless)'
  set ylabel axis_label(column_name(3)).' (dimensionless)'
  set contour base
  set cntrparam levels incremental ceil(low / step) * step, step, high
  unset grid
  set border 15
  unset key
  do for [i = 1:ntimes] {
    set table $levels
    unset surface
    splot file index i - 1 using 2:3:4
    unset table
    set title sprintf('t = %.3g', real(word(times, i))) offset 0, -0.5
    if (i == ntimes) {
      set colorbox user origin right + 35.0 / width, 0.17 \
          size 25.0 / width, 0.73
    }
    if (i > 1) { set ylabel ''; set format y '' }
    plot file index i - 1 using 2:3:4 with image notitle, \
         $levels using 1:2 with lines linewidth 0.4 linecolor rgb 'white' \
         notitle
  }
  unset multiplot
} else {
  width = 1200
  height = 850
  load lib.'terminal.inc'
  set xlabel axis_label(column_name(2)).' (dimensionless)'
  set ylabel 'log_{10} f'
  set key top right
  plot for [i = 1:ncurves] file using \
      ($1 == curve_time(i) ? $2 : NaN):3 with lines linewidth 1.3 \
      linecolor palette frac curve_shade(i) title curve_title(i)
}
