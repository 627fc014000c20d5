//! What people, clients and operators do with Visage, from beginning to end.

mod answer;
mod command_line;
mod connect;
mod consent;
mod dashboard;
mod image_api;
mod real_clients;
mod story;
mod wire;
