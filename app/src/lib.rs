//! What people see: pages, components, islands, server functions.
