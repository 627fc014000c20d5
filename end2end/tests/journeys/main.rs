//! What people, clients and operators do with Visage, from beginning to end.

mod answer;
mod command_line;
mod conformance;
mod connect;
mod consent;
mod couldnt_connect;
mod dashboard;
mod from_elsewhere;
mod image_api;
mod openapi;
mod operator;
mod real_clients;
mod second_tab;
mod story;
mod wire;
