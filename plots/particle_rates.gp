# Distances between the law of one particle and f over N, with their fitted
# exponents.
table = 'particle_rates'
lib = ARG0[1:strlen(ARG0) - strlen('particle_rates.gp')]
load lib.'style.inc'
width = 1200; height = 1000
load lib.'terminal.inc'

slopes = dir.'/tables/particle_slopes.dat'
array labels = ['left side of (2.5)', 'coupling distance', \
                'W_2, first components', 'L^1 distance', \
                'H_1, smooth', 'H_1, neighbours']
array slope[6]
array low[6]
array high[6]
do for [q = 1:6] {
  s = NaN; l = NaN; h = NaN
  stats slopes using ($1 == q ? (s = $2, l = $3, h = $4, 0) : 0) nooutput
  slope[q] = s; low[q] = l; high[q] = h
}
set logscale xy
set format y power_of_ten
set xlabel 'N'
set ylabel 'distance at the last time'
set xrange [*:*] extend
set key outside below maxcols 1
entry(q) = sprintf('%s: N^{%.2f}, 95%% in [%.2f, %.2f]', labels[q], \
                   slope[q], low[q], high[q])
plot for [q = 1:5] file using 1:(column(2 * q) > 0 ? column(2 * q) : NaN):\
         (2 * column(2 * q + 1)) with yerrorbars linecolor rgb colours[q] \
         pointtype points[q] title entry(q), \
     for [q = 1:5] file using 1:(column(2 * q) > 0 ? column(2 * q) : NaN) \
         with lines linewidth 0.7 linecolor rgb colours[q] notitle
