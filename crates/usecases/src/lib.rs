//! Verbs: one file per thing the product does.
