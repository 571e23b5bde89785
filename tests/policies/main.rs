//! What a policy means in every adapter: the keys of the attribute, origins that are found while
//! the program runs, and the rules.

mod ask;
#[path = "../common/mod.rs"]
mod common;
mod disabled;
mod enforce;
mod hosts;
mod named;
mod origin_list;
mod origin_sources;
mod rules;
