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
  spread = (high - low) / 14
  step = spread > 5 ? 10 : spread > 2 ? 5 : spread > 1 ? 2 : 1
  set contour base
  set cntrparam levels incremental ceil(low / step) * step, step, high
  unset surface
  do for [i = 1:ntimes] {
    eval sprintf('set table $levels%d', i)
    splot file index i - 1 using 2:3:4
    unset table
  }
  unset contour
  stats file using 2:3 nooutput
  set xrange [STATS_min_x:STATS_max_x]
  set yrange [STATS_min_y:STATS_max_y]

  width = 290 + 480 * ntimes
  height = 610
  load lib.'terminal.inc'
  left = 115.0 / width
  right = 1.0 - 175.0 / width
  set multiplot layout 1, ntimes margins left, right, 0.17, 0.91 \
      spacing 35.0 / width, 0
  set size ratio -1
  reach = STATS_max_y > STATS_max_x ? STATS_max_y : STATS_max_x
  interval = reach > 12 ? 10 : reach > 6 ? 5 : 2
  set xtics interval
  set ytics interval
  set cbrange [low:high]
  set cbtics scale 0.4
  set cblabel 'log_{10} f'
  set xlabel axis_label(column_name(2)).' (dimensionless)'
  set ylabel axis_label(column_name(3)).' (dimensionless)'
  unset grid
  set border 15
  unset key
  do for [i = 1:ntimes] {
    set title sprintf('t = %.3g', real(word(times, i))) offset 0, -0.5
    if (i == ntimes) {
      set colorbox user origin right + 28.0 / width, 0.17 \
          size 22.0 / width, 0.74
    }
    if (i > 1) { unset ylabel; set format y '' }
    eval sprintf('plot file index %d using 2:3:4 with image, '. \
                 '$levels%d using 1:2 with lines linewidth 0.4 '. \
                 'linecolor rgb "white"', i - 1, i)
  }
  unset multiplot
} else {
  width = 900
  height = 640
  load lib.'terminal.inc'
  set xlabel axis_label(column_name(2)).' (dimensionless)'
  set ylabel 'log_{10} f'
  set key top right
  plot for [i = 1:ncurves] file using \
      ($1 == curve_time(i) ? $2 : NaN):3 with lines linewidth 1.3 \
      linecolor palette frac curve_shade(i) title curve_title(i)
}
