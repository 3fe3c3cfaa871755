# Theorems 2.3 and 2.4: the growth ratios' largest values over the ball.
table = 'growth_sup'
lib = ARG0[1:strlen(ARG0) - strlen('growth_sup.gp')]
load lib.'style.inc'
width = 900; height = 640
load lib.'terminal.inc'

set xlabel 't (dimensionless)'
set ylabel 'largest at the nodes of the ball'
set xrange [0:*]
set yrange [0:*]
set key outside top center vertical maxrows 3
array label[3]
label[1] = '|∇ log f| / (1 + √t + |v|)'
label[2] = '|∇² log f|_F / (1 + t + |v|²)'
label[3] = '|∇² f / f|_F / (1 + t + |v|²)'
ncolumns = column_name(4) eq '' ? 2 : 3
plot for [i = 1:ncolumns] file using 1:(column(i + 1)) \
    with linespoints linewidth 1.2 linecolor rgb colours[i] \
    pointtype points[i] title label[i]
