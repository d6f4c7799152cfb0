//! Tests of the Go suite.
