//! The annotated routes of an app.

mod annotated_route;
mod pattern;
mod policies;
mod recent_paths;
mod registry;
mod route_match;
mod scope_instance;
mod scope_path;

pub(crate) use self::annotated_route::{AnnotatedRoute, RegisteredHandler};
pub use self::policies::Policies;
pub(crate) use self::registry::Registry;
pub(crate) use self::route_match::{RouteMatch, Target, match_route, may_match, possible_policies};
