# Section 5: left side over right side of the statements whose printed form is
# wrong, printed and corrected.
table = 'section5'
lib = ARG0[1:strlen(ARG0) - strlen('section5.gp')]
load lib.'style.inc'
width = 1000; height = 740
load lib.'terminal.inc'

stats file matrix nooutput
ncolumns = STATS_size_x
place = strstrt(title_line, ', N = ')
N = place > 0 ? number_in(title_line[place + 6:*]) : NaN
set logscale x
set format x power_of_ten
set format y '10^{%g}'
set xlabel 't (dimensionless)'
set ylabel 'N × left side / ((1 + M_4(0)) g(t)),  N = '.size_label(N) \
    offset 0.5, 0
set xrange [1e-6:1e6]
set yrange [-3:12]
set key above horizontal maxrows 1
plot for [c = 2:ncolumns:2] file using 1:(column(c)) with lines \
         linewidth 1.1 dashtype 2 linecolor rgb vermillion \
         title c == 2 ? 'right side as printed' : '', \
     for [c = 3:ncolumns:2] file using 1:(column(c)) with lines \
         linewidth 1.4 linecolor rgb blue \
         title c == 3 ? 'right side corrected' : ''
