//! Tests of the cargo suite.
