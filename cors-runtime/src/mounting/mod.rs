//! Policies where they are mounted, with prepared header values.

#[cfg(any(feature = "actix-web", feature = "axum"))]
mod annotation;
mod mounted_policy;
#[cfg(any(feature = "actix-web", feature = "axum"))]
mod policy_table;
mod prepared_policies;
#[cfg(any(feature = "actix-web", feature = "axum"))]
mod registration;

#[cfg(any(feature = "actix-web", feature = "axum"))]
pub(crate) use self::annotation::AnnotatedCall;
#[cfg(any(feature = "actix-web", feature = "axum"))]
pub use self::annotation::{Annotation, HasPolicy};
pub(crate) use self::mounted_policy::MountedPolicy;
#[cfg(any(feature = "actix-web", feature = "axum"))]
pub(crate) use self::policy_table::{PolicyTable, Row, row};
pub(crate) use self::prepared_policies::PreparedPolicies;
#[cfg(any(feature = "actix-web", feature = "axum"))]
pub(crate) use self::registration::{allow_methods, check_registration, forbids_caching};
