//! The parts of mounting that axum and actix-web share.

mod annotation;
mod mounted_policy;

pub(crate) use self::annotation::AnnotatedCall;
pub use self::annotation::{Annotation, HasPolicy};
pub(crate) use self::mounted_policy::{
    MountedPolicy, allow_methods, check_registration, forbids_caching,
};
