# Section 5: left side over right side of the statements whose printed form is
# wrong, printed and corrected.
table = 'section5'
lib = ARG0[1:strlen(ARG0) - strlen('section5.gp')]
load lib.'style.inc'
width = 1200; height = 850
load lib.'terminal.inc'

stats file matrix nooutput
ncolumns = STATS_size_x
set logscale x
set format x power_of_ten
set format y '10^{%g}'
set xlabel 't (dimensionless)'
set ylabel 'N · left / ((1 + M_4(0)) g(t))'
set xrange [1e-6:1e6]
set yrange [-3:12]
set key top right
plot for [c = 2:ncolumns:2] file using 1:(column(c)) with lines \
         linewidth 1.1 dashtype 2 linecolor rgb vermillion \
         title c == 2 ? 'right side as printed' : '', \
     for [c = 3:ncolumns:2] file using 1:(column(c)) with lines \
         linewidth 1.4 linecolor rgb blue \
         title c == 3 ? 'right side corrected' : ''
