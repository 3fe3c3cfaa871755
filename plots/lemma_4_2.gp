# Lemma 4.2: slack of the inequality and residual of the identity.
lemma = 'lemma_4_2'
lib = ARG0[1:strlen(ARG0) - strlen('lemma_4_2.gp')]
load lib.'lemma.inc'
