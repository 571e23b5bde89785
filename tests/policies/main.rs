//! What a policy means in every adapter: the keys of the attribute, origins that are found while
//! the program runs, and the rules.

#[path = "../actix_web/app.rs"]
mod actix;
mod ask;
#[path = "../common/mod.rs"]
mod common;
mod configurations;
mod disabled;
mod enforce;
mod hosts;
mod named;
mod origin_list;
mod origin_sources;
mod rules;
