# Theorem 2.3: its auxiliary function over f, at most 0.
which = 'gradient'
lib = ARG0[1:strlen(ARG0) - strlen('bernstein_gradient.gp')]
load lib.'bernstein.inc'
