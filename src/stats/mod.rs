//! The statistics of a verdict: e-processes, order adjustment, estimates, guards, the stream of candidates.
