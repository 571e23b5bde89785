//! The endpoints of a path, as they were registered.

mod handlers;
mod options_endpoint;
mod policy_table;
mod registration;
mod unknown;

pub(crate) use self::handlers::{Handlers, Path, Responder};
pub(crate) use self::options_endpoint::{FallbackKind, OptionsEndpoint, not_allowed};
pub(crate) use self::policy_table::Endpoint;
pub use self::policy_table::Policies;
pub(crate) use self::registration::{RegisteredHandler, Registration};
pub(crate) use self::unknown::Unknown;
