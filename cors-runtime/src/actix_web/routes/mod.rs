//! The annotated routes of an app.

mod annotated_route;
mod pattern;
mod registry;

pub(crate) use self::annotated_route::{AnnotatedRoute, RegisteredHandler};
pub(crate) use self::pattern::first_pattern;
pub(crate) use self::registry::{Registry, guards_pass, responder};
