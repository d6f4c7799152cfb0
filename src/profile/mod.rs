//! One interned profile model, and a file per profile format that is read into it.
