//! Collectors: how a profile is recorded. A file per collector.
