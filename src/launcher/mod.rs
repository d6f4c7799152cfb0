//! The small re-exec of our own binary through which every child starts.
