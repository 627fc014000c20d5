//! What machines call, and where everything is put together.
