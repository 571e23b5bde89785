//! Measures what CORS costs per request: cors-runtime, tower-http, actix-cors and hand-written
//! code, under the same requests.
//!
//! README.md describes the commands and the numbers.

#![forbid(unsafe_code)]

mod actix_web;
mod axum;
mod by_hand;
mod case;
mod command;
mod count;
mod policies;
mod report;
mod requests;
mod service;
#[cfg(test)]
mod tests;
mod time;
mod tower;

pub use command::run;

use case::Group;

/// Returns every group of cases, in the order of the tables.
fn groups() -> Vec<Group> {
    let mut groups = tower::groups();
    groups.extend(axum::groups());
    groups.extend(actix_web::groups());
    groups
}
