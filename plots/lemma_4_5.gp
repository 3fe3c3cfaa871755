# Lemma 4.5: slack of the inequality and residual of the identity.
lemma = 'lemma_4_5'
lib = ARG0[1:strlen(ARG0) - strlen('lemma_4_5.gp')]
load lib.'lemma.inc'
