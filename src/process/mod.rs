//! Starts children, waits for them, and leaves none behind.
