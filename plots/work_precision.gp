# Error against wall time of the main case, for three orders of the stencils.
# gnuplot -c plots/work_precision.gp CURVE.csv FIGURE.png
# where CURVE.csv is the output of tests/bench/bench_work_precision.
set datafile separator ','
set datafile missing 'nan'
set terminal pngcairo size 1200,620 font 'DejaVu Sans,13' linewidth 1.4
set output ARG2
set multiplot layout 1,2
set border 3 linewidth 0.7 linecolor '#404040'
set tics nomirror out scale 0.6 textcolor '#202020'
set grid linetype 1 linewidth 0.4 linecolor '#d8d8d8'
set key top right samplen 1.6 spacing 1.15 Left reverse
set logscale xy
set format '10^{%L}'
set xrange [1e-3:10]
set yrange [1e-11:1e-3]
set xlabel 'seconds'
array colour = ['#D55E00', '#009E73', '#0072B2']
array mark = [5, 9, 7]
order_of(i) = 4 * i
set ylabel 'largest error of log f over |v| ≤ 6'
plot for [i=1:3] ARG1 skip 1 \
  using ($1 == order_of(i) ? $8 : NaN):5 \
  with linespoints linecolor rgb colour[i] pointtype mark[i] pointsize 1.1 \
  title sprintf('order %d', order_of(i))
set ylabel 'largest error of grad log f over |v| ≤ 6'
plot for [i=1:3] ARG1 skip 1 \
  using ($1 == order_of(i) ? $8 : NaN):6 \
  with linespoints linecolor rgb colour[i] pointtype mark[i] pointsize 1.1 \
  notitle
unset multiplot
