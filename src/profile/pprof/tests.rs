//! Tests of the pprof reader.
