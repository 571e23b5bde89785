//! Tests policies in every adapter: the keys of the attribute, origin sources, and the rules.

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
