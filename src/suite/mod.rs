//! Test suites: what to run, and which test ids passed. A file per suite.
