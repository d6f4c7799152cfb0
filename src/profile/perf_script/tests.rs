//! Tests of the perf script reader.
