# What single paths conserve: momentum and energy of the Kac-type system, the
# decaying variance of (1.8) as printed.
table = 'particle_invariants'
lib = ARG0[1:strlen(ARG0) - strlen('particle_invariants.gp')]
load lib.'style.inc'
width = 1200; height = 850
load lib.'terminal.inc'

set xlabel 'N'
set ylabel 'largest deviation over replicas and times'
set logscale xy
set format y power_of_ten
set yrange [1e-17:1e-9]
set xrange [*:*] extend
set key top left
plot file using 2:(int($1) == 4 && $3 > 0 ? $3 : NaN) with points \
         linecolor rgb blue pointtype 7 title 'Kac type: momentum', \
     file using 2:(int($1) == 4 && $4 > 0 ? $4 : NaN) with points \
         linecolor rgb vermillion pointtype 5 \
         title 'Kac type: energy, relative', \
     file using 2:(int($1) == 3 && $5 > 0 ? $5 : NaN) with points \
         linecolor rgb green pointtype 9 \
         title '(1.8) as printed: variance × exp(2(d−1)t), relative'
