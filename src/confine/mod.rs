//! Sandboxes: how a command is wrapped so that it reaches only what it may. A file per sandbox.
