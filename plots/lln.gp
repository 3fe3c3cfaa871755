# Theorem 2.2: N times the left side of (2.5) for several N, and the slope
# 8 (d-1)^2 (4d-1) that it has for 1 << t << N.
table = 'lln'
lib = ARG0[1:strlen(ARG0) - strlen('lln.gp')]
load lib.'style.inc'
width = 1000; height = 740
load lib.'terminal.inc'

stats file using 1 nooutput
last = STATS_max
stats file matrix nooutput
ncolumns = STATS_size_x
stats file using 3 nooutput
lowest = STATS_min
stats file using 2 nooutput
highest = STATS_max
set logscale xy
set format x power_of_ten
set format y power_of_ten
set xlabel 't (dimensionless)'
set ylabel 'N E (1/N) ∑_i |a*f(v^i) − (1/N) ∑_j a(v^i − v^j)|²' offset 0.5, 0
set xrange [1e-3:last]
set yrange [lowest / 2:10 * highest]
set key top left
# more than six are told apart by dashes, N = infinity from all others
is_limit(c) = column_name(c) eq 'N = infinity'
shade(c) = is_limit(c) ? '#202020' : colours[(c - 3) % 6 + 1]
dashes(c) = is_limit(c) ? 2 : c < 9 ? 1 : 4
# gnuplot also asks for the column behind the last
number(c) = is_limit(c) || column_name(c) eq '' ? 1e301 : \
    number_in(substr(column_name(c), 5, 40))
plot file using 1:2 with lines linewidth 5 linecolor rgb '#d0d0d0' \
         title 'slope  8 (d−1)² (4d−1) t', \
     for [c = 3:ncolumns] file using 1:(column(c)) with lines linewidth 1.4 \
         dashtype dashes(c) linecolor rgb shade(c) \
         title 'N = '.size_label(number(c))
