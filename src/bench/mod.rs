//! Harnesses: what to run to get a benchmark's value, and how to read what it printed. A file per harness.
