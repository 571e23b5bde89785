//! CORS for axum: [`cors`] on a handler, [`routing`] and [`Router`] to mount it.
//!
//! The attribute leaves a function of the same name and arguments; its return type carries the
//! policy, so that the functions of [`routing`] can read it and axum's own cannot mount it without
//! its preflight.
//!
//! Import items and not this module: a `use cors_runtime::axum;` would hide the crate `axum`.

mod handler;
mod layer;
mod method_router;
mod mounts;
mod router;
mod routes;
pub mod routing;
mod without_preflight;

#[doc = include_str!("../cors_axum.md")]
#[doc = include_str!("../cors_keys.md")]
pub use cors_macros::axum as cors;

#[doc(hidden)]
pub use self::handler::expansion;
pub use self::handler::{
    Annotation, CorsHandler, MountWithCorsRouting, PlainHandler, ViaCors, ViaHandler,
};
pub use self::method_router::MethodRouter;
pub use self::router::Router;
pub use self::routes::Policies;
pub use self::without_preflight::{WithoutPreflight, without_preflight};
