# Lemma 4.1: slack of the inequality and residual of the identity.
lemma = 'lemma_4_1'
lib = ARG0[1:strlen(ARG0) - strlen('lemma_4_1.gp')]
load lib.'lemma.inc'
