//! Ways to reach a coding agent. A file per transport.
